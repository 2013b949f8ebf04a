// scanId.ts - what makes a scan count once.
import { useMemo, useRef } from 'react';
import { newKey } from '../api/client';

// Where no answer came, the same code again is the same scan: the server may
// have taken it already.
export function useScanIds() {
  const unsure = useRef<{ code: string; id: string } | null>(null);
  return useMemo(
    () => ({
      of(code: string): string {
        const id = unsure.current?.code === code ? unsure.current.id : newKey();
        unsure.current = { code, id };
        return id;
      },
      answered() {
        unsure.current = null;
      },
    }),
    [],
  );
}
