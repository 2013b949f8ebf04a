// tenants_feeds.test.mjs - webhooks and streams of many merchants in one
// installation: each sees its own, and a closed store is opened for them
// (A15.01, I28).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { Client } from './lib/client.mjs';
import { Receiver } from './lib/receiver.mjs';
import { engine, isLong, Server, Store } from './lib/server.mjs';
import { eventually, Shop } from './lib/shop.mjs';
import { Sse } from './lib/sse.mjs';

const codes = ['acme', 'bolt'];
let store, server, client;
const of = {}; // code -> {key, client, shop}

async function openStores() {
  const { text } = await client.as(null).get('/metrics');
  return Number(text.match(/^wharf_tenants_open (\d+)$/m)[1]);
}
const untilOpen = (count) => eventually(async () =>
  await openStores() === count, { timeoutMs: 30000 });
const watch = (code, types) => Sse.open(server.port, of[code].key,
  `/v1/events?type=${types}`);
const hook = (code, receiver) => of[code].client.ok('POST', '/v1/webhooks',
  { url: receiver.url, types: ['order.placed'] });

before(async () => {
  store = new Store();
  const root = await store.key('all', 'root');
  server = await Server.start(store, ['--tenants', '--tenant-idle', '1',
    '--allow-private', '127.0.0.1']);
  client = new Client(server.port, root);
  for (const code of codes) {
    await client.ok('POST', '/v1/tenants', { code, name: code });
    const done = await store.must(['key', 'create', '--tenant', code, '--name',
      'test', '--scopes', 'all', '--json']);
    const { key } = JSON.parse(done.stdout);
    await eventually(async () =>
      (await client.as(key).get('/v1/skus')).status === 200);
    of[code] = { key, client: client.as(key), shop: await Shop.open(
      client.as(key), { stock: { [`${code}-1`]: 100 } }) };
  }
});
after(async () => {
  client?.close();
  await server?.stop();
  for (const code of codes) {
    const done = await store.run(['verify', '--tenant', code]);
    assert.equal(done.code, 0, done.stdout + done.stderr);
  }
  store.drop();
});

test(`webhooks and streams bring a tenant its own events alone (I28, ${engine})`,
  async () => {
    const seen = {};
    for (const code of codes) {
      const receiver = await Receiver.start();
      seen[code] = { receiver, hook: await hook(code, receiver),
        sse: await watch(code, 'order.placed'), orders: [] };
    }
    for (let i = 0; i < 6; i++) {
      const code = codes[i % 3 % 2];
      seen[code].orders.push(
        (await of[code].shop.placed([[`${code}-1`, 1, 100]])).id);
    }
    for (const code of codes) {
      const { receiver, sse, orders } = seen[code];
      await receiver.until((got) => got.length >= orders.length);
      await sse.until((e) => e.length >= orders.length);
    }
    await sleep(500);
    for (const code of codes) {
      const { receiver, sse, orders } = seen[code];
      const judge = new Webhook(seen[code].hook.secret);
      for (const g of receiver.got) judge.verify(g.text, g.headers);
      assert.deepEqual(receiver.got.map((g) => g.json.data.subject.id), orders);
      assert.deepEqual(sse.events.map((e) => e.data.subject.id), orders);
      const other = codes.find((c) => c !== code);
      const foreign = await of[other].client.get(
        `/v1/webhooks/${seen[code].hook.id}`);
      assert.equal(foreign.status, 404);
      await sse.close();
      await of[code].client.ok('DELETE', `/v1/webhooks/${seen[code].hook.id}`);
      await receiver.stop();
    }
  });

// Opening and closing is the same on both engines.
const slow = { skip: engine === 'postgres' && !isLong &&
  'on PostgreSQL in the long mode' };
test('a store with an open stream is not idle', slow, async () => {
  await untilOpen(0);
  const sse = await watch('acme', 'order.placed');
  for (let i = 0; i < 20; i++) {
    await sleep(250);
    assert.equal(await openStores(), 1);
  }
  const order = await of.acme.shop.placed([['acme-1', 1, 100]]);
  await sse.until((e) => e.length === 1);
  assert.equal(sse.events[0].data.subject.id, order.id);
  await sse.close();
  await untilOpen(0);
});

test('a closed store is opened for a delivery that waits', slow, async () => {
  const receiver = await Receiver.start((one, n) => n === 1
    ? { status: 503, headers: { 'retry-after': '8' } } : { status: 200 });
  const made = await hook('bolt', receiver);
  const order = await of.bolt.shop.placed([['bolt-1', 1, 100]]);
  await receiver.until((got) => got.length === 1);
  await untilOpen(0);
  assert.equal(receiver.got.length, 1, 'closed before the second try');
  await receiver.until((got) => got.length === 2);
  for (const one of receiver.got)
    assert.equal(one.json.data.subject.id, order.id);
  assert.ok(receiver.got[1].at - receiver.got[0].at >= 7900);
  await untilOpen(0);
  await sleep(2000);
  assert.equal(await openStores(), 0, 'nothing waits any more');
  const [sent] = await of.bolt.client.all(
    `/v1/webhooks/${made.id}/deliveries`);
  assert.equal(sent.state, 'delivered');
  assert.equal(sent.attempts, 2);
  await receiver.stop();
});

test('a closed store is opened for a hold that runs out', async () => {
  const { client: acme, shop } = of.acme;
  const held = await acme.ok('POST', '/v1/holds', { channel: shop.channel.code,
    ttl_s: 6, items: [{ sku: 'acme-1', quantity: 2 }] });
  await untilOpen(0);
  await untilOpen(1);
  const now = await acme.ok('GET', `/v1/holds/${held.id}`);
  assert.equal(now.state, 'expired');
});
