// postgres.test.mjs - the database goes away at once, and comes back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { between, checkAcks, rounds, underLoad } from './check.mjs';
import { Server, Store, conninfo, load, root, sleep } from './rig.mjs';
import { order, stock } from './stock.mjs';

const pg = (...words) =>
  execFileSync(path.join(root, 'tools/pg-temp'), words, { stdio: 'inherit' });

// While there is no database: alive, not ready, and honest about it.
async function checkGone(server) {
  const deadline = Date.now() + 10000;
  let reply;
  do {
    reply = await server.send('POST', '/v1/orders', order(`gone-${Date.now()}`));
  } while (reply.status === 201 && Date.now() < deadline);
  assert.equal(reply.status, 503, reply.text);
  assert.match(reply.headers['content-type'], /application\/problem\+json/);
  assert.equal((await server.send('GET', '/healthz')).status, 200);
  assert.equal((await server.send('GET', '/readyz')).status, 503);
}

test(`PostgreSQL stopped at once under load loses nothing (${rounds} rounds)`,
  { skip: conninfo === '' && 'run it under tools/pg-temp' }, async () => {
    const store = new Store('postgres');
    try {
      await stock(store);
      const server = await Server.start(store);
      let total = 0;
      for (let round = 1; round <= rounds; round++) {
        const acks = path.join(store.dir, `acks-${round}`);
        const running = load(server, 'intake', { connections: 32, rate: 3000,
          seconds: 5, acks, 'keep-going': true });
        await underLoad(acks, 100, 1400);
        pg('stop', 'immediate');
        await checkGone(server);
        await sleep(between(0, 500));
        pg('start');
        await server.ready(30000);
        await running;
        assert.ok(!server.isGone, server.tail());
        const count = await checkAcks(server, acks);
        assert.ok(count > 0);
        total += count;
      }
      await server.stop();
      await store.verify();
      console.log(`PostgreSQL gone: ${rounds} rounds, ${total} acknowledged orders, none lost`);
    } finally {
      store.drop();
    }
  });

test('kill -9 under load on PostgreSQL loses nothing acknowledged',
  { skip: conninfo === '' && 'run it under tools/pg-temp' }, async () => {
    const store = new Store('postgres');
    try {
      await stock(store);
      const acks = path.join(store.dir, 'acks');
      const server = await Server.start(store);
      const running = load(server, 'intake', { connections: 32, seconds: 20, acks });
      await underLoad(acks, 0, 700);
      await server.kill();
      await running;
      const next = await Server.start(store);
      assert.ok(await checkAcks(next, acks) > 0);
      await next.stop();
      await store.verify();
    } finally {
      store.drop();
    }
  });
