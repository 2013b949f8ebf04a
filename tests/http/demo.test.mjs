// demo.test.mjs - what `wharf demo` fills a store with (docs/demo.md).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { Server, Store } from './lib/server.mjs';

let store, server, client;
before(async () => {
  store = new Store();
  await store.must(['demo']);
  const key = await store.key();
  server = await Server.start(store);
  client = new Client(server.port, key);
});
after(async () => {
  client?.close();
  await server?.stop();
  const verified = await store.verify();
  store.drop();
  assert.equal(verified.code, 0, verified.stdout);
});

const all = async (path) => (await client.ok('GET', `${path}limit=250`)).items;
const tally = (items, of) => {
  const counts = {};
  for (const item of items) counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  return counts;
};

test('goods stand at every step of their way, the same each time', async () => {
  assert.deepEqual(tally(await all('/v1/packages?'), (p) => p.state),
    { draft: 1, labelled: 2, manifested: 1, in_transit: 6, out_for_delivery: 1,
      delivered: 39, exception: 1, lost: 1 });
  assert.deepEqual(tally(await all('/v1/pick-tasks?'), (t) => t.state),
    { created: 1, picking: 1, picked: 2, short: 1, packed: 52 });
  assert.deepEqual(tally(await all('/v1/pickups?'), (p) => p.state),
    { preparing: 1 });
  assert.deepEqual(tally(await all('/v1/tasks?'), (t) => t.kind),
    { units_missing: 1, delivery_exception: 1, package_lost: 1 });
  const orders = await all('/v1/orders?');
  assert.equal(orders.length, 60);
  const paid = await Promise.all(orders.map(({ id }) =>
    client.ok('GET', `/v1/orders/${id}`)));
  assert.deepEqual(tally(paid, (o) => o.payment_status),
    { paid: 40, authorized: 13, unpaid: 7 });
});

test('the warehouse has what it works with', async () => {
  assert.deepEqual((await all('/v1/boxes?')).map((b) => b.code),
    ['small', 'middle', 'large']);
  const [own] = await all('/v1/carrier-accounts?');
  assert.deepEqual([own.code, ...own.services.map((s) => s.code)],
    ['own', 'standard', 'express']);
  assert.equal((await client.ok('GET', '/v1/routing/rates')).items.length, 16);
  const sites = await all('/v1/sites?');
  assert.equal(sites.length, 6);
  for (const { code, settings } of sites)
    assert.ok(settings.hours.length >= 5 && settings.cutoffs.length, code);
  for (const sku of await all('/v1/skus?'))
    assert.ok(sku.weight_g && sku.length_mm && sku.width_mm && sku.height_mm &&
      /^\d{13}$/.test(sku.barcode), sku.code);
});

test('time passes: an order was placed, promised and delivered in turn',
  async () => {
    const packages = await all('/v1/packages?');
    const first = packages.find((p) => p.service === 'standard');
    const order = await client.ok('GET', `/v1/orders/${first.order_id}`);
    assert.deepEqual([order.status, first.state], ['completed', 'delivered']);
    const times = [order.placed_at, first.packed_at, first.shipped_at,
      first.delivered_at];
    assert.deepEqual([...times].sort(), times);
    assert.ok(Date.parse(first.delivered_at) > Date.parse(order.placed_at));
    assert.ok(Date.parse(order.promise_at) > Date.parse(order.placed_at));
    assert.ok(first.price.amount > 0 && first.savings.amount > 0);
  });

test('a store that has them is left alone', async () => {
  const again = await store.must(['demo']);
  assert.match(again.stdout, /there already/);
  assert.equal((await all('/v1/orders?')).length, 60);
});

test('a store with a log of its own gets all of it at once', async () => {
  const other = new Store();
  await other.key();
  await other.must(['demo']);
  const { code, stdout } = await other.verify();
  other.drop();
  assert.equal(code, 0, stdout);
});
