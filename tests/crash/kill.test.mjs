// kill.test.mjs - kill -9 of the server under load, again and again.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { checkAcks, rounds, underLoad } from './check.mjs';
import { Server, Store, load } from './rig.mjs';
import { stock } from './stock.mjs';

test(`kill -9 under load loses nothing acknowledged (${rounds} rounds)`, async () => {
  const store = new Store('sqlite');
  try {
    await stock(store);
    let total = 0;
    for (let round = 1; round <= rounds; round++) {
      const acks = path.join(store.dir, `acks-${round}`);
      const random = round % 2 === 0;
      const server = await Server.start(store);
      const running = load(server, 'intake',
        { connections: 32, seconds: 20, acks, random });
      await underLoad(acks, 0, 1400);
      await server.kill();
      await running;

      const next = await Server.start(store);
      const count = await checkAcks(next, acks, { random });
      total += count;
      await next.stop();
      await store.verify();
    }
    console.log(`kill -9: ${rounds} rounds, ${total} acknowledged orders, none lost`);
  } finally {
    store.drop();
  }
});
