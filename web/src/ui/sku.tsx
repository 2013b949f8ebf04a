// sku.tsx - one SKU by its code or barcode: typed, or scanned.
import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { api, type Schemas, take } from '../api/client';
import { look } from './ui';

type Sku = Schemas['Sku'];

// A whole code, else a whole barcode.
export async function readSkus(q: string, limit: number, after?: string) {
  const query = { limit, after };
  const byCode = await take(api.GET('/v1/skus', { params: { query: { ...query, code: q } } }));
  if (byCode.items.length > 0) return byCode;
  return take(api.GET('/v1/skus', { params: { query: { ...query, barcode: q } } }));
}

// Enter in it finds; it never sends the form around it.
export function SkuField({ label, onFound }: { label: string; onFound: (sku: Sku) => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  // What is typed elsewhere while it is looked up stays.
  const found = useRef(onFound);
  found.current = onFound;
  async function find() {
    const q = text.trim();
    if (!q || isBusy) return;
    setBusy(true);
    setProblem('');
    try {
      const [sku] = (await readSkus(q, 1)).items;
      if (sku) {
        found.current(sku);
        setText('');
      } else setProblem(`No SKU and no barcode is “${q}”`);
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
    // Whoever has gone on to another field while it was looked up stays there.
    const at = document.activeElement;
    if (!at || at === document.body || bar.current?.contains(at)) box.current?.focus();
  }
  return (
    <div className={look.bar} ref={bar}>
      <TextInput
        ref={box}
        label={label}
        placeholder="SKU or barcode"
        maxLength={64}
        value={text}
        error={problem || undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void find();
        }}
      />
      <Button
        variant="default"
        loading={isBusy}
        disabled={!text.trim()}
        onClick={() => void find()}
      >
        Add
      </Button>
    </div>
  );
}
