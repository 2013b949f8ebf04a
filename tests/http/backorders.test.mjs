// backorders.test.mjs - units that wait are pegged to what comes, promised,
// and served when it has come (A3.14, B9).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, Shop, skuBody } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client,
    { channel: { stock_policy: 'backorder' } });
});
after(() => house?.stop());

const day = (n) => new Date(Date.now() + n * 86400000);
const get = (url) => house.client.ok('GET', url);
const orderOf = (id) => get(`/v1/orders/${id}`);
const expect = (sku, quantity, days) => house.client.ok('POST',
  '/v1/expected-receipts', { sku, location: shop.location.code, quantity,
    expected_at: day(days).toISOString(), reference: 'PO-7' });
const receive = (sku, quantity, id) => house.client.ok('POST', '/v1/receipts',
  { location: shop.location.code, lines: [
    { sku, quantity, ...(id ? { expected_receipt: id } : {}) }] });
const told = async (id) => (await get(`/v1/orders/${id}/timeline`)).items
  .filter((e) => e.type.startsWith('order.promise') ||
    e.type === 'order.allocated');

async function place(lines) {
  const reply = await shop.place(lines);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

test('units that wait are pegged, promised, promised anew, served (A3.14, B9)', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const soon = await expect(sku, 3, 3);
  const later = await expect(sku, 3, 20);
  const one = await place([[sku, 2, 100]]);
  const two = await place([[sku, 2, 100]]);
  const queue = await eventually(async () => {
    const page = await get(`/v1/backorders?sku=${sku}`);
    return page.items.length === 2 && page.items.every((i) => i.promise_at) &&
      page;
  });
  assert.deepEqual(queue.items.map((i) => [i.order, i.n, i.quantity,
    i.pegs.map((p) => [p.supply, p.quantity, p.reference])]), [
    [one.id, 1, 2, [[soon.id, 2, 'PO-7']]],
    [two.id, 1, 2, [[soon.id, 1, 'PO-7'], [later.id, 1, 'PO-7']]],
  ]);
  assert.equal(queue.items[1].promise_at, later.expected_at);
  const sums = await get('/v1/backorders');
  assert.deepEqual(sums.items.find((i) => i.sku === sku),
    { sku_id: (await get(`/v1/skus?code=${sku}`)).items[0].id, sku,
      quantity: 4, pegged: 4 });
  const shown = await eventually(async () => {
    const order = await orderOf(two.id);
    return order.waiting?.promise_at && order;
  });
  assert.equal(shown.waiting.promise_at, later.expected_at);
  assert.equal(shown.waiting.lines[0].sku, sku);

  await house.client.ok('PATCH', `/v1/expected-receipts/${later.id}`,
    { version: 1, expected_at: day(30).toISOString() });
  const events = await eventually(async () => {
    const list = await told(two.id);
    return list.length === 2 && list;
  });
  assert.equal(events[1].type, 'order.promise_changed');
  assert.equal(events[1].data.promised_before, later.expected_at);
  assert.equal(events[1].data.number, two.number);
  assert.ok(events[1].data.promise_at > later.expected_at);
  assert.equal((await told(one.id)).length, 1);

  await receive(sku, 3, soon.id);
  const served = await eventually(async () => {
    const order = await orderOf(one.id);
    return order.lines[0].backordered === 0 && order;
  });
  assert.equal(served.waiting, null);
  assert.equal(served.lines[0].allocated, 2);
  const half = await orderOf(two.id);
  assert.deepEqual([half.lines[0].allocated, half.lines[0].backordered],
    [1, 1]);
  assert.equal((await told(two.id)).filter((e) => e.type ===
    'order.promise_changed').length, 2, 'its promise stands');
  const past = await get(`/v1/orders/${one.id}?at=${one.placed_at}`);
  assert.equal(past.lines[0].backordered, 2);
});

test('priority comes before age; pages follow the queue', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const orders = [];
  for (let i = 0; i < 3; i++) orders.push(await place([[sku, 1, 100]]));
  const last = orders[2];
  const stale = await house.client.put(`/v1/orders/${last.id}/priority`,
    { version: 9, priority: 5 });
  assert.equal(stale.status, 409, stale.text);
  const far = await house.client.put(`/v1/orders/${last.id}/priority`,
    { version: 1, priority: 101 }, { isBad: true });
  assert.equal(far.status, 422, far.text);
  const set = await house.client.ok('PUT', `/v1/orders/${last.id}/priority`,
    { version: 1, priority: 5 });
  assert.equal(set.version, 2);
  await eventually(async () =>
    (await get(`/v1/backorders?sku=${sku}`)).items[0]?.order === last.id);
  const seen = [];
  for (let after = ''; after !== null;) {
    const page = await get(`/v1/backorders?sku=${sku}&limit=1` +
      (after && `&after=${encodeURIComponent(after)}`));
    seen.push(...page.items.map((i) => i.order));
    after = page.next;
  }
  assert.deepEqual(seen, [last.id, orders[0].id, orders[1].id]);
  const bad = await house.client.get(`/v1/backorders?sku=${sku}&after=x`,
    { isBad: true });
  assert.equal(bad.status, 422, bad.text);
  await shop.adjust(sku, 1);
  await eventually(async () =>
    (await orderOf(last.id)).lines[0].allocated === 1);
  assert.equal((await orderOf(orders[0].id)).lines[0].allocated, 0);
});

test('a kit waits for its parts, and others buy what is left over', async () => {
  const cup = fresh('cup'), plate = fresh('plate');
  await shop.stock(cup, 5);
  await shop.stock(plate, 0);
  const kit = await house.client.ok('POST', '/v1/skus',
    skuBody({ is_tracked: false }));
  await house.client.ok('PUT', `/v1/skus/${kit.id}/components`,
    { version: 1, components: [{ sku: cup, quantity: 2 },
      { sku: plate, quantity: 1 }] });
  const order = await place([[kit.code, 1, 900]]);
  assert.equal(order.lines[0].backordered, 1);
  await eventually(async () =>
    (await get(`/v1/backorders?sku=${plate}`)).items[0]?.is_component);
  await receive(plate, 1);
  await eventually(async () =>
    (await orderOf(order.id)).lines[0].allocated === 1);
  assert.equal((await shop.level(cup)).committed, 2);
  assert.equal((await place([[cup, 3, 100]])).lines[0].allocated, 3);
});

test('nobody gets units twice, however many buy while goods come in', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const first = await Promise.all(Array.from({ length: 20 },
    () => place([[sku, 1, 100]])));
  await eventually(async () =>
    (await get(`/v1/backorders?sku=${sku}`)).items.length === 20);
  await Promise.all([
    ...Array.from({ length: 10 }, () => receive(sku, 2)),
    ...Array.from({ length: 10 }, () => place([[sku, 1, 100]])),
  ]);
  await eventually(async () => {
    const orders = await Promise.all(first.map((o) => orderOf(o.id)));
    return orders.every((o) => o.lines[0].allocated === 1);
  });
  const level = await shop.level(sku);
  assert.deepEqual([level.on_hand, level.committed], [20, 20]);
});
