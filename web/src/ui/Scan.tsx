// Scan.tsx - the one field of a walk or a bench: a keyboard wedge types into it
// and ends with Enter. It takes the focus back whenever nothing else has it.
import { Button } from '@mantine/core';
import { type FormEvent, lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { signal } from './signal';
import c from './ui.module.css';

const Camera = lazy(() => import('./Camera'));

export interface Scanned {
  isGood: boolean;
  text: string;
}

// Scans wait for each other: the next one begins when the one before is told.
export function Scan({
  label,
  take,
  last,
}: {
  label: string;
  take: (code: string) => Promise<Scanned>;
  last?: Scanned | null;
}) {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [said, setSaid] = useState<Scanned | null>(null);
  const [count, setCount] = useState(0);
  const [isSeen, setSeen] = useState(false);
  const queue = useRef(Promise.resolve());
  useEffect(() => {
    if (last) setSaid(last);
  }, [last]);
  const grab = useCallback(() => {
    if (document.querySelector('[role="dialog"]')) return;
    const at = document.activeElement;
    if (!at || at === document.body) box.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    grab();
    document.addEventListener('keydown', grab);
    return () => document.removeEventListener('keydown', grab);
  }, [grab]);
  function scan(event: FormEvent) {
    event.preventDefault();
    const code = text.trim();
    if (!code) return;
    setText('');
    put(code);
  }
  function put(code: string) {
    queue.current = queue.current.then(async () => {
      const told = await take(code);
      signal(told.isGood);
      setSaid(told);
      setCount((n) => n + 1);
    });
  }
  return (
    <form className={c.scan} onSubmit={scan}>
      <label htmlFor="scan" className={c.scanLabel}>
        {label}
      </label>
      <div className={c.scanRow}>
        <input
          id="scan"
          ref={box}
          value={text}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="done"
          maxLength={200}
          placeholder="Scan, or type and Enter"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {'mediaDevices' in navigator && !isSeen && (
          <Button variant="default" onClick={() => setSeen(true)}>
            Camera
          </Button>
        )}
      </div>
      {isSeen && (
        <Suspense>
          <Camera onCode={put} onClose={() => setSeen(false)} />
        </Suspense>
      )}
      <div
        key={count}
        role="status"
        className={c.scanSaid}
        data-is={said ? (said.isGood ? 'good' : 'bad') : 'none'}
      >
        {said?.text}
      </div>
    </form>
  );
}
