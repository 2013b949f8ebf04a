// clients.test.mjs - silent, slow and vanishing clients do no harm.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Server, Store, load, sleep } from './rig.mjs';
import { stock } from './stock.mjs';

const IDLE = 10000;
const store = new Store('sqlite');
let server;

before(async () => {
  await stock(store);
  server = await Server.start(store);
});

after(async () => {
  await server.stop();
  await store.verify();
  store.drop();
});

// Orders are taken and answered well while something else goes on.
async function checkService(options = {}) {
  const figures = await load(server, 'intake',
    { connections: 8, count: 400, ...options });
  assert.equal(figures.status_201, 400);
  assert.equal(figures.failed_connections, 0);
  assert.ok(figures.order_max_ms < 5000, `${figures.order_max_ms} ms`);
}

test(`${IDLE} idle connections do not stop service`, async (t) => {
  const files = Number(execFileSync('bash', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })
    .replace('unlimited', '1e9'));
  if (files < IDLE + 500) {
    t.skip(`only ${files} open files are allowed here`);
    return;
  }
  const idle = load(server, 'idle', { connections: IDLE, seconds: 6 });
  await sleep(2500);
  await checkService();
  const figures = await idle;
  assert.equal(figures.opened, IDLE);
  assert.equal(figures.refused, 0);
});

test('slow clients are dropped and do not stop service', async () => {
  const slow = load(server, 'slow', { connections: 300, seconds: 75 });
  await sleep(500);
  await checkService();
  const figures = await slow;
  assert.equal(figures.opened, 300);
  assert.equal(figures.still_open, 0, 'slow clients were not dropped');
});

test('clients that leave before the reply do no harm', async () => {
  const leaving = load(server, 'leave', { count: 1500 });
  await checkService();
  const figures = await leaving;
  assert.equal(figures.refused, 0);
  await checkService();
  assert.ok(!server.isGone);
});
