// backup.test.mjs - a backup of a store at work, restored elsewhere (A15.13);
// what is no whole backup is refused before anything is touched.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, truncateSync,
  writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { bin, engine, openHouse, Server, Store } from './lib/server.mjs';
import { eventually, logged, orderBody, Shop } from './lib/shop.mjs';

let house, shop, file;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { stock: { 'B-1': 100000 } });
  file = path.join(house.store.dir, 'whole.bak');
});
after(() => house?.stop());

const place = () => house.client.ok('POST', '/v1/orders',
  orderBody(shop.channel.code, [['B-1', 1, 1000]]));

// Places orders on 8 connections until stop() is called; gives their ids.
function pour() {
  const ids = [];
  let isOver = false;
  const workers = Array.from({ length: 8 }, async () => {
    while (!isOver) ids.push((await place()).id);
  });
  return { ids, stop: async () => { isOver = true; await Promise.all(workers); } };
}

// An empty place of the same engine, and what is in it after the test.
async function elsewhere(fn) {
  const store = new Store();
  try { await fn(store); } finally { store.drop(); }
}
const storeFiles = (store) =>
  readdirSync(store.dir).filter((name) => /^wharf\.db/.test(name));

test('a backup made while orders pour in holds all that were acknowledged ' +
  'before, and verifies (A15.13)', async () => {
  const load = pour();
  await eventually(() => load.ids.length >= 200, { timeoutMs: 60000 });
  const acknowledged = [...load.ids];
  const done = await house.store.must(['backup', '--speed', '1', file]);
  const during = load.ids.length - acknowledged.length;
  await load.stop();
  assert.match(done.stdout, /^backup: (sqlite|postgres), epoch [0-9a-f]{16}/);
  assert.ok(during > 0, 'orders were placed meanwhile');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(house.store.dir)
    .filter((name) => /\.(part|copy)$/.test(name)), []);
  const system = await house.client.ok('GET', '/v1/system');
  assert.notEqual(system.backed_up_at, null);
  const listed = await house.store.must(['backup', '--check', file]);
  assert.ok(listed.stdout.includes(system.epoch));

  await elsewhere(async (store) => {
    const restored = await store.must(['restore', file]);
    assert.match(restored.stdout, /Outbound work is paused/);
    const verified = await store.verify();
    assert.equal(verified.code, 0, verified.stdout);
    const server = await Server.start(store);
    const client = new Client(server.port, house.root);
    await logged(client);
    const log = await client.all('/v1/events?type=order.placed');
    const ids = new Set(log.map((e) => e.subject.id));
    assert.deepEqual(acknowledged.filter((id) => !ids.has(id)), []);
    const there = await client.ok('GET', '/v1/system');
    assert.notEqual(there.epoch, system.epoch);
    assert.equal(there.restored_from, system.epoch);
    assert.equal(there.outbound.state, 'paused');
    // It works on: an order, an event behind all others, consumers go on.
    const order = await client.ok('POST', '/v1/orders',
      orderBody(shop.channel.code, [['B-1', 1, 1000]]));
    assert.ok(!ids.has(order.id));
    await logged(client);
    const behind = await client.all(
      `/v1/events?type=order.placed&after=${log.at(-1).id}`);
    assert.deepEqual(behind.map((e) => e.subject.id), [order.id]);
    await eventually(async () => {
      const listed = new Set((await client.all('/v1/orders')).map((o) => o.id));
      return listed.size === ids.size + 1 &&
        [...ids, order.id].every((id) => listed.has(id));
    });
    await client.ok('POST', '/v1/system/outbound/resume', {});
    client.close();
    await server.stop();
    const again = await store.verify();
    assert.equal(again.code, 0, again.stdout);
    // A second backup of the restored store goes the same way.
    const second = path.join(house.store.dir, 'second.bak');
    await store.must(['backup', second]);
    await elsewhere(async (third) => {
      await third.must(['restore', second]);
      const clean = await third.verify();
      assert.equal(clean.code, 0, clean.stdout);
    });
  });
});

test('what a webhook has not had yet it has after a restore', async () => {
  const hook = await house.client.ok('POST', '/v1/webhooks',
    { url: 'http://10.0.0.1:8080/', types: ['order.placed'] });
  await house.client.ok('POST', '/v1/system/outbound/pause', { reason: 'test' });
  const order = await place();
  const backup = path.join(house.store.dir, 'hooked.bak');
  await house.store.must(['backup', backup]);
  await elsewhere(async (store) => {
    await store.must(['restore', backup]);
    const server = await Server.start(store);
    const client = new Client(server.port, house.root);
    const later = await client.ok('POST', '/v1/orders',
      orderBody(shop.channel.code, [['B-1', 1, 1000]]));
    await client.ok('POST', '/v1/system/outbound/resume', {});
    const sent = await eventually(async () => {
      const all = await client.all(`/v1/webhooks/${hook.id}/deliveries`);
      return all.length >= 2 && all;
    });
    const log = await client.all('/v1/events?type=order.placed');
    assert.deepEqual(new Set(sent.map((d) => d.event_id)), new Set(log
      .filter((e) => [order.id, later.id].includes(e.subject.id))
      .map((e) => e.id)));
    client.close();
    await server.stop();
  });
  await house.client.ok('POST', '/v1/system/outbound/resume', {});
});

test('a file that is there is not replaced, a store is not restored over',
  async () => {
    const bytes = readFileSync(file);
    const again = await house.store.run(['backup', file]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is there already/);
    assert.deepEqual(readFileSync(file), bytes);
    const over = await house.store.run(['restore', file]);
    assert.equal(over.code, 1);
    assert.match(over.stderr, /where nothing is/);
  });

const spoil = {
  'cut in the middle': [(f) => truncateSync(f, statSync(f).size >> 1),
    /cut off/],
  'cut by one byte': [(f) => truncateSync(f, statSync(f).size - 1), /cut off/],
  'with a byte changed': [(f) => {
    const bytes = readFileSync(f);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(f, bytes);
  }, /damaged/],
  'with something behind its end': [(f) =>
    writeFileSync(f, Buffer.concat([readFileSync(f), Buffer.from('x')])),
  /damaged/],
  'of something else': [(f) => writeFileSync(f, 'SQLite format 3\0'.repeat(9)),
    /not a backup of Wharf/],
  'that is empty': [(f) => truncateSync(f, 0), /not a backup of Wharf/],
  'of a newer format': [(f) => {
    const bytes = readFileSync(f);
    bytes.writeUInt32BE(2, 8);
    writeFileSync(f, bytes);
  }, /newer Wharf/],
};
for (const [name, [fn, said]] of Object.entries(spoil))
  test(`a file ${name} is refused and leaves no store (A15.13)`, async () => {
    const bad = path.join(house.store.dir, `${name.replaceAll(' ', '-')}.bak`);
    writeFileSync(bad, readFileSync(file));
    fn(bad);
    await elsewhere(async (store) => {
      for (const words of [['restore', bad], ['backup', '--check', bad]]) {
        const done = await store.run(words);
        assert.equal(done.code, 1, done.stdout);
        assert.match(done.stderr, said);
      }
      assert.deepEqual(storeFiles(store), []);
      // Nothing there: the whole one goes in.
      await store.must(['restore', file]);
    });
  });

test('a restore that is killed leaves nothing that opens as a store',
  async () => {
    await elsewhere(async (store) => {
      // The archive comes through a pipe that stops half-way.
      const child = spawn(bin, ['restore', ...store.args, '-'],
        { env: store.env, stdio: ['pipe', 'ignore', 'ignore'] });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      const bytes = readFileSync(file);
      child.stdin.write(bytes.subarray(0, bytes.length >> 1));
      if (engine === 'sqlite') // It is at work.
        await eventually(() => readdirSync(store.dir).length > 0);
      await eventually(() => child.stdin.writableLength === 0);
      child.kill('SIGKILL');
      await ended;
      const looked = await store.run(['verify']);
      assert.equal(looked.code, 1, 'there is no store');
      assert.ok(!existsSync(path.join(store.dir, 'wharf.db')));
      // There the database may be at the killed one's last statement still.
      if (engine === 'postgres')
        await eventually(async () =>
          (await store.run(['restore', file])).code === 0);
      else await store.must(['restore', file]);
      const verified = await store.verify();
      assert.equal(verified.code, 0, verified.stdout);
    });
  });

test('a full disk ends a backup, leaves nothing of it and harms no order',
  async () => {
    const target = path.join(house.store.dir, 'full.bak');
    // A limit on the size of files stands for the disk.
    const backup = ['backup', ...house.store.args, target];
    await house.client.close();
    await house.server.stop();
    const done = await new Promise((resolve) => execFile('bash', ['-c',
      'trap "" XFSZ; ulimit -f 40; exec "$0" "$@"', bin, ...backup],
    { env: house.store.env }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err })));
    assert.equal(done.code, 1, done.out);
    assert.match(done.err, /too large|full|disk/i);
    assert.deepEqual(readdirSync(house.store.dir)
      .filter((name) => name.startsWith('full.bak')), []);
    house.server = await Server.start(house.store);
    house.client = new Client(house.server.port, house.root);
    await place();
  });

test('a backup that is stopped leaves nothing of it', async () => {
  const target = path.join(house.store.dir, 'stopped.bak');
  const child = spawn(bin, ['backup', ...house.store.args, '--speed', '1',
    target], { env: house.store.env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await eventually(() => existsSync(`${target}.part`));
  child.kill('SIGINT');
  await ended;
  // Beside a server it is the server that stops, a moment later.
  if (engine === 'sqlite') await eventually(() => !existsSync(`${target}.part`));
  assert.ok(!existsSync(target));
  // Also where what it left is swept by the next one of that name.
  await house.store.must(['backup', target]);
  await house.store.must(['backup', '--check', target]);
  assert.deepEqual(readdirSync(house.store.dir)
    .filter((name) => /^stopped\.bak\./.test(name)), []);
});
