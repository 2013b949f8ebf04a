// disk.test.mjs - a disk that is full, read-only or broken, and then is not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { checkAcks, tellDisk } from './check.mjs';
import { Server, Store, load, sleep } from './rig.mjs';
import { order, stock } from './stock.mjs';

// Under load: all is well, then 503 from `start` on, then well after `end`.
async function trouble(server, store, start, end) {
  const acks = path.join(store.logs, 'acks');
  const running = load(server, 'intake',
    { connections: 8, rate: 2000, seconds: 6, acks });
  await sleep(500);
  start();
  let reply;
  for (let n = 0; n < 400; n++) {
    reply = await server.send('POST', '/v1/orders', order(`full-${n}-${Date.now()}`));
    if (reply.status >= 500) break;
    assert.equal(reply.status, 201, reply.text);
    await sleep(10);
  }
  assert.equal(reply.status, 503, reply.text);
  assert.match(reply.headers['content-type'], /application\/problem\+json/);
  assert.ok(Number(reply.headers['retry-after']) > 0, 'no Retry-After');
  assert.equal(reply.json.status, 503);
  assert.equal((await server.send('GET', '/healthz')).status, 200);
  await sleep(300);
  end();

  const key = `after-${Date.now()}`;
  for (let n = 0; ; n++) {
    reply = await server.send('POST', '/v1/orders', order(key), { key });
    if (reply.status === 201) break;
    assert.equal(reply.status, 503, reply.text);
    assert.ok(n < 300, 'it did not recover by itself');
    await sleep(50);
  }
  await server.ready(10000);
  const figures = await running;
  assert.equal(figures.failed_connections, 0, 'connections broke');
  assert.ok(!server.isGone, server.tail());
  const strange = Object.keys(figures).filter((k) => k.startsWith('status_') &&
    !['status_201', 'status_503'].includes(k));
  assert.deepEqual(strange, []);
  assert.ok(await checkAcks(server, acks) > 0);
}

for (const [name, mood] of [['full', 'f'], ['read-only', 'r'], ['broken', 'e']])
  test(`a ${name} disk gives 503, loses nothing and recovers`, async () => {
    const store = new Store('sqlite');
    const control = path.join(store.dir, 'disk');
    try {
      await stock(store);
      writeFileSync(control, 'o');
      const server = await Server.start(store, { binary: 'wharf_faulty',
        env: { WHARF_FAULT_CONTROL: control } });
      await trouble(server, store, () => tellDisk(control, mood),
        () => tellDisk(control, 'o'));
      await server.stop();
      await store.verify();
    } finally {
      store.drop();
    }
  });

function mount(dir) {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', dir],
      { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('a full file system gives 503, loses nothing and recovers', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'wharf-small-'));
  if (!mount(dir)) {
    rmSync(dir, { recursive: true });
    t.skip('a small tmpfs cannot be mounted here');
    return;
  }
  const store = new Store('sqlite', dir);
  try {
    const ballast = path.join(dir, 'ballast');
    await stock(store);
    const server = await Server.start(store);
    await trouble(server, store, () => fill(ballast), () => rmSync(ballast));
    await server.stop();
    await store.verify();
  } finally {
    store.drop();
    execFileSync('umount', ['-l', dir]);
    rmSync(dir, { recursive: true });
  }
});

// Takes what is left of the file system.
function fill(file) {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=64k'], { stdio: 'ignore' });
  } catch {
    // It ends when nothing is left: that was wanted.
  }
}
