// check.mjs - what every crash test does after the crash.
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { load, sleep } from './rig.mjs';

export const rounds = Number(process.env.WHARF_CRASH_ROUNDS ?? 3);
export const between = (from, to) => from + Math.random() * (to - from);

export const ackCount = (file) => statSync(file).size === 0 ? 0
  : readFileSync(file, 'utf8').trimEnd().split('\n').length;

// Until the load that runs has its first acknowledgement, and a while longer.
export async function underLoad(acks, from, to) {
  const end = Date.now() + 60000;
  while (!(statSync(acks, { throwIfNoEntry: false })?.size > 0)) {
    assert.ok(Date.now() < end, 'the load was acknowledged nothing');
    await sleep(2);
  }
  await sleep(between(from, to));
}

// Every acknowledged order answers as it did: to its own key with the stored
// reply, and to another key because (channel, external id) is taken by it.
// Two orders with that external id would make one of the answers wrong.
export async function checkAcks(server, acks, { random = false } = {}) {
  const count = ackCount(acks);
  for (const others of [false, true]) {
    const again = await load(server, 'replay',
      { acks, random, connections: 8, 'other-keys': others });
    assert.equal(again.code, 0, `acknowledged orders are missing or differ:\n${again.err}`);
    assert.equal(again.requests, count);
  }
  const [, id] = readFileSync(acks, 'utf8').split('\n')[0].split(' ');
  if (id) await server.must('GET', `/v1/orders/${id}`);
  return count;
}

// Tells the faulty disk what to do. In place: the file is mapped, and one that
// is cut to nothing for a moment would end the server by SIGBUS.
export function tellDisk(control, mood) {
  const file = openSync(control, 'r+');
  writeSync(file, mood, 0);
  closeSync(file);
}
