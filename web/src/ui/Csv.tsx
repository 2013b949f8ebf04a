// Csv.tsx - the list on the screen as a file, with its filters: answer after
// answer from the API, so that it may be as long as it likes.
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { ProblemError } from '../api/client';
import { refused, told } from './toast';
import { many } from './words';

type Filters = Record<string, string | undefined>;

// The browser keeps the parts as files of its own, not in the page's memory.
async function collect(
  path: string,
  filters: Filters,
  onRows: (n: number) => void,
  stop: AbortSignal,
) {
  const parts: Blob[] = [];
  let rows = -1; // Without the names of the columns.
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ format: 'csv' });
    for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
    if (after) query.set('after', after);
    const reply = await fetch(`${path}?${query}`, { signal: stop });
    if (!reply.ok) throw new ProblemError(await reply.json());
    const part = await reply.blob();
    const text = await part.text();
    rows += text.split('\n').length - 1;
    parts.push(part);
    after = reply.headers.get('X-Next');
    onRows(Math.max(0, rows));
  } while (after);
  return { file: new Blob(parts, { type: 'text/csv' }), rows };
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
  async function begin() {
    const control = new AbortController();
    stop.current = control;
    setRows(0);
    try {
      const got = await collect(path, filters, setRows, control.signal);
      save(got.file, name);
      told(`${many(got.rows, 'row')} in ${name}.csv`);
    } catch (error) {
      if (!control.signal.aborted) refused(error);
    }
    setRows(null);
  }
  return rows === null ? (
    <Button variant="default" onClick={() => void begin()} title="All that the filters show">
      CSV
    </Button>
  ) : (
    <Button variant="default" onClick={() => stop.current?.abort()}>
      Stop at {rows.toLocaleString()}
    </Button>
  );
}
