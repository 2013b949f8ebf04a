// holds.test.mjs - kill -9 among holds that are made, bought and let go (A3.19).
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { rounds, underLoad } from './check.mjs';
import { Server, Store, load } from './rig.mjs';
import { stock } from './stock.mjs';

const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

test(`kill -9 among holds keeps those acknowledged (${rounds} rounds)`,
  async () => {
    const store = new Store('sqlite');
    const file = (name) => path.join(store.dir, name);
    let total = 0;
    try {
      await stock(store);
      for (let round = 1; round <= rounds; round++) {
        const first = round * 1e9;
        const server = await Server.start(store);
        await load(server, 'hold', { connections: 16, count: 2000, first,
          sku: 'BENCH-00003', acks: file('before') });
        const old = lines(file('before'));
        assert.equal(old.length, 2000);
        for (const [name, odd] of [['buy', 0], ['leave', 1]])
          writeFileSync(file(name),
            old.filter((_, i) => i % 2 === odd).join('\n') + '\n');
        const running = [
          load(server, 'hold', { connections: 16, seconds: 20,
            first: first + 5e8, sku: 'BENCH-00003', acks: file(`after-${round}`) }),
          load(server, 'confirm', { connections: 8, sku: 'BENCH-00003',
            acks: file('buy') }),
          load(server, 'release', { connections: 8, acks: file('leave') })];
        await underLoad(file(`after-${round}`), 0, 550);
        await server.kill();
        await Promise.all(running);

        const next = await Server.start(store);
        const kept = lines(file(`after-${round}`));
        total += kept.length;
        const step = Math.ceil(kept.length / 200);
        for (let i = 0; i < kept.length; i += step) {
          const id = kept[i].split(' ')[1];
          const hold = await next.must('GET', `/v1/holds/${id}`);
          assert.equal(hold.state, 'open');
        }
        await next.stop();
        await store.verify();
      }
      console.log(`kill -9: ${rounds} rounds, ${total} acknowledged holds, ` +
        'none lost');
    } finally {
      store.drop();
    }
  });
