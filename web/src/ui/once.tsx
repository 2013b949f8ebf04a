// once.tsx - an act on something as it was seen, done once.
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
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

// One act under one key, for the version on the screen; a refusal is not kept
// under the key, so another try is another act. `onLook` puts what is now in the
// place of a form that was filled from what was seen.
export function useOnce(
  version: number,
  keys: string[][],
  onDone: () => void,
  onLook?: () => void,
) {
  const queries = useQueryClient();
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
          setSeen(now);
          setError(null);
          refresh();
          onLook?.();
        }}
      />
    ) : (
      error && <ProblemView error={error} />
    );
  return { run, isBusy, problem, isStale: now > 0, seen };
}
