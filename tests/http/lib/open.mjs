// open.mjs - what the tests of a file opened is closed when they have ended,
// whatever happened: node waits for ever for a socket or a child left behind.
import { after } from 'node:test';

const open = new Set();

// `close` runs at the end of the file, unless what is returned is called.
export function closeAtEnd(close) {
  open.add(close);
  return () => open.delete(close);
}

// The runner ends a file that hangs so; then what runs at the exit is run, too.
process.once('SIGTERM', () => process.exit(143));

after(async () => {
  const done = await Promise.allSettled([...open].map((close) => close()));
  const failed = done.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
});
