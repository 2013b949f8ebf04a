// power.test.mjs - power loss: the disk keeps a random part of what was not
// synced. A disk that lies about syncs must be caught, or the test is blind.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ackCount, checkAcks, tellDisk, underLoad } from './check.mjs';
import { Server, Store, load } from './rig.mjs';
import { stock } from './stock.mjs';

const rounds = Number(process.env.WHARF_POWER_ROUNDS ??
  (process.env.WHARF_TESTS === 'long' ? 20 : 8));
const seed = Number(process.env.SEED ?? Date.now() % 1000000);

// Under load until the power goes; the file of what was acknowledged.
async function outage(store, round, env = {}) {
  const acks = path.join(store.dir, `acks-${round}`);
  const control = path.join(store.dir, 'disk');
  writeFileSync(control, 'o');
  const server = await Server.start(store, { binary: 'wharf_faulty', env: {
    WHARF_FAULT_CONTROL: control, WHARF_FAULT_SEED: String(seed + round), ...env } });
  const running = load(server, 'intake', { connections: 32, seconds: 20, acks });
  await underLoad(acks, 0, 500);
  tellDisk(control, 'p');
  const { code } = await server.exited;
  await running;
  assert.equal(code, 77, `the power did not go: ${code} ${server.tail()}`);
  return acks;
}

async function aftermath(store, acks) {
  const server = await Server.start(store);
  try {
    return await checkAcks(server, acks);
  } finally {
    await server.stop();
    await store.verify();
  }
}

test(`power loss loses nothing acknowledged (${rounds} rounds, SEED=${seed})`,
  async () => {
    const store = new Store('sqlite');
    try {
      await stock(store);
      let total = 0;
      for (let round = 1; round <= rounds; round++)
        total += await aftermath(store, await outage(store, round));
      assert.ok(total > 0);
      console.log(`power loss: ${rounds} rounds, ${total} acknowledged orders, none lost`);
    } finally {
      store.drop();
    }
  });

test('a disk that lies about syncs is caught', async () => {
  let caught = 0;
  for (let round = 1; round <= 5 && caught === 0; round++) {
    const store = new Store('sqlite');
    try {
      await stock(store);
      const acks = await outage(store, 100 + round, { WHARF_FAULT_NOSYNC: '1' });
      assert.ok(ackCount(acks) > 0);
      await aftermath(store, acks).catch(() => { caught += 1; });
    } finally {
      store.drop();
    }
  }
  assert.ok(caught > 0, 'orders acknowledged on a lying disk were never missed');
});
