// once.tsx - an act on something as it was seen, done once.
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useRef, useState } from 'react';
import { newKey, ProblemError } from '../api/client';
import { told } from './toast';
import { ProblemView } from './ui';
import c from './ui.module.css';

// What stands on the screen is version `seen`; a later one asks for a look.
export function Changed({
  seen,
  now,
  look: onLook,
}: {
  seen: number;
  now: number;
  look: () => void;
}) {
  return (
    <div className={c.changed} role="alert">
      <span>
        Somebody changed this in the meantime: you saw version {seen}, now it is {now}. Nothing was
        done.
      </span>
      <Button size="xs" variant="default" onClick={onLook}>
        Show it as it is now
      </Button>
    </div>
  );
}

const Look = createContext<(() => void) | undefined>(undefined);

// A dialog that was filled from a version is filled anew, from what is now, once
// somebody asked to see that and it is there.
export function Anew({ version, children }: { version: number; children: ReactNode }) {
  const [shown, setShown] = useState(version);
  const [isAsked, setAsked] = useState(false);
  if (isAsked && version !== shown) {
    setShown(version);
    setAsked(false);
  }
  return (
    <Look.Provider key={shown} value={() => setAsked(true)}>
      {children}
    </Look.Provider>
  );
}

// What of a list stands open in a dialog, as the list has it now; null is a new
// one, undefined none.
export function nowOf<T extends { id: string }>(items: T[], open: T | 'new' | null) {
  if (!open) return undefined;
  return open === 'new' ? null : (items.find((one) => one.id === open.id) ?? open);
}

// One act under one key, for the version on the screen; a refusal is not kept
// under the key, so another try is another act. `onLook`, or Anew around it, puts
// what is now in the place of a form that was filled from what was seen: until
// then the form stays refused.
export function useOnce(
  version: number,
  keys: string[][],
  onDone: () => void,
  onLook?: () => void,
) {
  const queries = useQueryClient();
  const anew = useContext(Look);
  const refill = onLook ?? anew;
  const key = useRef(newKey());
  const [seen, setSeen] = useState(version);
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const current = error instanceof ProblemError ? error.problem.current_version : undefined;
  const now = current ?? (version === seen ? 0 : version);
  const refresh = () => {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
  };
  async function run<T>(
    call: (key: string, version: number) => Promise<T>,
    text: string | ((done: T) => string),
  ) {
    setBusy(true);
    setError(null);
    try {
      const done = await call(key.current, seen);
      key.current = newKey();
      told(typeof text === 'string' ? text : text(done));
      refresh();
      setBusy(false);
      onDone();
    } catch (failure) {
      if (failure instanceof ProblemError) {
        key.current = newKey();
        if (failure.problem.current_version) refresh();
      }
      setError(failure as Error);
      setBusy(false);
    }
  }
  const problem =
    now > 0 ? (
      <Changed
        seen={seen}
        now={now}
        look={() => {
          refresh();
          if (refill) return refill();
          setSeen(now);
          setError(null);
        }}
      />
    ) : (
      error && <ProblemView error={error} />
    );
  return { run, isBusy, problem, isStale: now > 0, seen };
}
