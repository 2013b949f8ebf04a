// demo.test.mjs - what `wharf demo` fills a store with (docs/demo.md).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { Server, Store } from './lib/server.mjs';
import { eventually } from './lib/shop.mjs';

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

// Every page of a list.
async function all(path) {
  const items = [];
  for (let after = ''; ;) {
    const page = await client.ok('GET', `${path}limit=250${after}`);
    items.push(...page.items);
    if (!page.next) return items;
    after = `&after=${page.next}`;
  }
}
const tally = (items, of) => {
  const counts = {};
  for (const item of items) counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  return counts;
};
const kinds = (items, of) => [...new Set(items.map(of))].sort();
let known;
const orders = () => known ??= all('/v1/orders?').then((items) =>
  Promise.all(items.map(({ id }) => client.ok('GET', `/v1/orders/${id}`))));

test('the merchant sells in three currencies, of eight places (A18.02, A18.03)', async () => {
  assert.deepEqual(tally(await all('/v1/channels?'), (c) => c.currency),
    { EUR: 2, USD: 1, JPY: 1 });
  assert.deepEqual(tally(await all('/v1/locations?'), (l) => l.type),
    { warehouse: 3, store: 3, '3pl': 1, dropship: 1 });
  const where = kinds(await orders(), (o) => o.shipping_address.country);
  assert.deepEqual(where, ['DE', 'DK', 'FR', 'IT', 'JP', 'PL', 'US']);
  assert.deepEqual(tally(await all('/v1/fx-rates?'), (r) => r.currency),
    { USD: 9, JPY: 9 });
});

test('orders of sixty days stand in every state', async () => {
  const placed = await orders();
  assert.equal(placed.length, 421);
  const days = kinds(placed, (o) => o.placed_at.slice(0, 10));
  assert.ok(days.length >= 58, `${days.length} days`);
  assert.deepEqual(kinds(placed, (o) => o.status),
    ['cancelled', 'completed', 'confirmed']);
  assert.deepEqual(kinds(placed, (o) => o.payment_status),
    ['authorized', 'disputed', 'overpaid', 'paid', 'partially_authorized',
      'partially_paid', 'partially_refunded', 'pending', 'refunded', 'unpaid',
      'voided']);
  assert.deepEqual(kinds(placed, (o) => o.fulfillment_status),
    ['fulfilled', 'in_progress', 'not_required', 'on_hold',
      'partially_fulfilled', 'scheduled', 'unfulfilled']);
  assert.deepEqual(kinds(placed, (o) => o.delivery_status),
    ['delivered', 'exception', 'in_transit', 'none', 'partially_delivered',
      'partially_in_transit']);
  assert.deepEqual(kinds(placed, (o) => o.return_status),
    ['in_progress', 'none', 'partially_returned', 'requested', 'returned']);
});

test('what goes beside the orders is there in its states, too', async () => {
  const states = async (path, of = (x) => x.state) => kinds(await all(path), of);
  assert.deepEqual(await states('/v1/returns?'), ['cancelled', 'closed',
    'declined', 'in_transit', 'open', 'partially_received', 'received',
    'requested']);
  const drafts = await eventually(async () => {
    const seen = await states('/v1/drafts?');
    return seen.includes('expired') && seen;
  });
  assert.deepEqual(drafts, ['converted', 'declined', 'discarded', 'draft',
    'expired', 'requested', 'sent']);
  assert.deepEqual(await states('/v1/purchase-orders?', (p) => p.status),
    ['approved', 'cancelled', 'closed', 'draft', 'partially_received',
      'received', 'sent']);
  assert.deepEqual(await states('/v1/blanket-orders?'), ['active', 'draft']);
  assert.deepEqual(await states('/v1/invoices?', (i) => i.state),
    ['issued', 'paid']);
  assert.ok((await all('/v1/credit-notes?')).length > 10);
  const changes = [];
  for (const { id } of await orders())
    changes.push(...(await client.ok('GET', `/v1/orders/${id}/exchanges`)).items);
  assert.deepEqual(kinds(changes, (x) => x.state), ['awaiting_payment',
    'awaiting_return', 'closed']);
  const views = (await client.ok('GET', '/v1/views?list=orders')).items;
  assert.equal(views.filter((v) => v.is_shared).length, 3);
  const companies = await all('/v1/companies?');
  assert.deepEqual(companies.map((c) => c.currency).sort(), ['EUR', 'USD']);
  for (const { id } of companies)
    assert.ok((await client.ok('GET',
      `/v1/companies/${id}/prices`)).items.length >= 2);
  const asked = (await all('/v1/fulfillment-orders?'))
    .filter((fo) => fo.request_status !== 'unsubmitted');
  const { id } = (await all('/v1/locations?')).find((l) => l.type === '3pl');
  assert.deepEqual(asked.map((fo) => fo.location_id), [id, id, id]);
  assert.deepEqual(kinds(asked, (fo) => fo.request_status),
    ['accepted', 'rejected', 'submitted']);
  const failing = await eventually(async () => (await client.ok('GET',
    '/v1/webhooks')).items.find((w) => w.health.state === 'failing'));
  assert.equal(failing.health.last_error, 'address_not_allowed');
});

test('goods stand at every step of their way, the same each time', async () => {
  assert.deepEqual(tally(await all('/v1/packages?'), (p) => p.state),
    { draft: 1, labelled: 2, manifested: 1, in_transit: 23, out_for_delivery: 2,
      delivered: 369, exception: 1, lost: 1 });
  assert.deepEqual(tally(await all('/v1/pick-tasks?'), (t) => t.state),
    { created: 1, picking: 1, picked: 2, short: 1, packed: 383 });
  assert.deepEqual(tally(await all('/v1/pickups?'), (p) => p.state),
    { preparing: 1, ready: 1, collected: 7 });
  assert.deepEqual(tally(await all('/v1/tasks?'), (t) => t.kind),
    { fraud_review: 2, return_requested: 1, payment_disputed: 1,
      return_doubtful: 1, package_lost: 1, units_missing: 1,
      delivery_exception: 1, request_rejected: 1 });
  assert.deepEqual(tally(await orders(), (o) => o.payment_status),
    { paid: 341, authorized: 4, unpaid: 6, partially_authorized: 1,
      partially_paid: 4, overpaid: 1, refunded: 18, voided: 11, pending: 2,
      disputed: 2, partially_refunded: 31 });
});

test('the warehouse has what it works with', async () => {
  assert.deepEqual((await all('/v1/boxes?')).map((b) => b.code),
    ['small', 'middle', 'large']);
  const [own] = await all('/v1/carrier-accounts?');
  assert.deepEqual([own.code, ...own.services.map((s) => s.code)],
    ['own', 'standard', 'express']);
  assert.equal((await client.ok('GET', '/v1/routing/rates')).items.length, 16);
  const sites = await all('/v1/sites?');
  assert.equal(sites.length, 8);
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

test('a store that has them is left alone (A16.10)', async () => {
  const again = await store.must(['demo']);
  assert.match(again.stdout, /there already/);
  assert.equal((await all('/v1/orders?')).length, 421);
});

test('a store with a log of its own gets all of it at once', async () => {
  const other = new Store();
  await other.key();
  await other.must(['demo']);
  const { code, stdout } = await other.verify();
  other.drop();
  assert.equal(code, 0, stdout);
});
