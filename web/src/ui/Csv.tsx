// Csv.tsx - the list on the screen as a file, with its filters: answer after
// answer from the API, so that it may be as long as it likes.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { ProblemError } from '../api/client';
import { countRows } from './rows';
import { refused, told } from './toast';
import { many } from './words';

type Filters = Record<string, string | undefined>;

// What came so far. The browser keeps the parts as files of its own, not in the
// page's memory.
interface Export {
  parts: Blob[];
  rows: number; // With the names of the columns.
  after: string | null;
}

const TRIES = 5;
const WAIT_MS_MOST = 30_000;

const wait = (ms: number, stop: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(stop.reason);
    });
  });

// One answer; a server that is busy is asked for it again when it says so.
async function answer(address: string, stop: AbortSignal): Promise<Response> {
  for (let left = TRIES; ; left--) {
    const reply = await fetch(address, { signal: stop });
    if (reply.ok) return reply;
    if (![429, 503].includes(reply.status) || left <= 1) throw new ProblemError(await reply.json());
    const seconds = Number(reply.headers.get('Retry-After')) || 1;
    await wait(Math.min(seconds * 1000, WAIT_MS_MOST), stop);
  }
}

async function collect(
  path: string,
  filters: Filters,
  into: Export,
  onRows: (n: number) => void,
  stop: AbortSignal,
) {
  do {
    const query = new URLSearchParams({ format: 'csv' });
    for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
    if (into.after) query.set('after', into.after);
    const reply = await answer(`${path}?${query}`, stop);
    const part = await reply.blob();
    const text = await part.text();
    into.rows += countRows(text);
    into.parts.push(part);
    into.after = reply.headers.get('X-Next');
    onRows(into.rows - 1);
  } while (into.after);
}

function save(file: Blob, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function Csv({ path, name, filters }: { path: string; name: string; filters: Filters }) {
  const [rows, setRows] = useState<number | null>(null);
  const stop = useRef<AbortController | null>(null);
  // What broke off, and of which list it was.
  const kept = useRef<(Export & { of: string }) | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const of = JSON.stringify([path, filters]);
  const broken = kept.current?.of === of ? kept.current : null;
  async function begin() {
    const control = new AbortController();
    const into = broken ?? { of, parts: [], rows: 0, after: null };
    stop.current = control;
    kept.current = null;
    setRows(Math.max(0, into.rows - 1));
    try {
      await collect(path, filters, into, setRows, control.signal);
      save(new Blob(into.parts, { type: 'text/csv' }), name);
      told(`${many(into.rows - 1, 'row')} in ${name}.csv`);
    } catch (error) {
      if (!control.signal.aborted) {
        if (into.after) kept.current = into;
        refused(error);
      }
    }
    setRows(null);
  }
  if (rows !== null)
    return (
      <Button variant="default" onClick={() => stop.current?.abort()}>
        Stop at {rows.toLocaleString()}
      </Button>
    );
  return (
    <Button variant="default" onClick={() => void begin()} title="All that the filters show">
      {broken ? `CSV, on from ${(broken.rows - 1).toLocaleString()}` : 'CSV'}
    </Button>
  );
}
