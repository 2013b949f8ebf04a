// pickup.test.mjs - bought online, collected in the store (A5.17).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, locationBody, logged, Shop, uuid }
  from './lib/shop.mjs';

let house, shop;
const url = '/v1/pickups';
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { location: { type: 'store',
    is_pickup: true } });
});
after(() => house?.stop());

// A placed order of method pickup, and its pickup.
async function bought(lines) {
  const order = await shop.placed(lines, { method: 'pickup' });
  const pickup = await eventually(async () => (await house.client.ok('GET',
    `${url}?order=${order.id}`)).items[0]);
  assert.equal(pickup.order_number, order.number);
  return { order, pickup };
}
const now = (p) => house.client.ok('GET', `${url}/${p.id}`);
const step = async (p, name, body = {}, options) => house.client.post(
  `${url}/${p.id}/${name}`, { version: (await now(p)).version, ...body },
  options);
async function did(p, name, body) {
  const reply = await step(p, name, body);
  assert.equal(reply.status, 200, `${name}: ${reply.text}`);
  return reply.json;
}
const collect = (p, code, options) => house.client.post(
  `${url}/${p.id}/collect`, { code }, options);
async function picked(o, scans) {
  const task = async (name, body) => {
    const reply = await house.client.post(`/v1/pick-tasks/${t.id}/${name}`,
      body ?? { version: t.version });
    assert.equal(reply.status, 200, reply.text);
    t = reply.json.task ?? reply.json;
  };
  let { tasks: [t] } = await house.client.ok('POST', '/v1/pick-tasks',
    { fulfillment_orders: [o.pickup.fulfillment_order] }, { status: 201 });
  await task('start');
  assert.equal((await now(o.pickup)).state, 'preparing');
  for (const scan of scans) await task('scan', scan);
  await task('complete');
}
// One unit that waits at the counter.
async function ready(body) {
  const a = fresh('a');
  await shop.stock(a, 2);
  const o = await bought([[a, 1, 100]]);
  await picked(o, [{ sku: a }]);
  return { ...o, sku: a, pickup: await did(o.pickup, 'ready', body) };
}
const orderNow = (o) => house.client.ok('GET', `/v1/orders/${o.order.id}`);
const foNow = (o) => house.client.ok('GET',
  `/v1/fulfillment-orders/${o.pickup.fulfillment_order}`);
// The log shows an event a moment later.
const events = (p, type, count = 1) => eventually(async () => {
  const { items } = await house.client.ok('GET',
    `/v1/events?subject=${p.id}&type=${type}`);
  return items.length >= count && items;
});

test('reserved, picked, ready, handed over by its code (A5.17)', async () => {
  const a = fresh('a');
  await shop.stock(a, 3);
  const o = await bought([[a, 2, 100]]);
  assert.equal(o.pickup.state, 'reserved');
  assert.equal((await shop.level(a)).committed, 2, 'reserved in the store');
  const early = await step(o.pickup, 'ready');
  assert.equal(early.json.code, 'state', early.text);
  await picked(o, [{ sku: a, quantity: 2 }]);
  const p = await did(o.pickup, 'ready');
  assert.equal(p.state, 'ready');
  const days = (Date.parse(p.expires_at) - Date.parse(p.ready_at)) / 864e5;
  assert.equal(days, 7);
  const [told] = await events(p, 'pickup.ready');
  assert.equal(told.data.order, o.order.id);
  assert.equal(told.data.expires_at, p.expires_at);
  assert.equal(told.data.lines[0].quantity, 2);
  const { code } = await did(p, 'code');
  assert.match(code, /^[0-9]{6}$/);
  await logged(house.client);
  const all = await house.client.ok('GET', `/v1/events?subject=${p.id}`);
  assert.ok(!JSON.stringify(all.items).includes(code), 'no event tells it');
  const key = uuid();
  const done = await collect(p, code, { key });
  assert.equal(done.json.is_collected, true, done.text);
  assert.equal(done.json.pickup.state, 'collected');
  assert.equal((await collect(p, code, { key })).text, done.text);
  assert.equal((await collect(p, code)).status, 409);
  const level = await shop.level(a);
  assert.deepEqual([level.on_hand, level.committed], [1, 0]);
  const order = await orderNow(o);
  assert.deepEqual([order.lines[0].shipped, order.status], [2, 'completed']);
  assert.deepEqual([order.lines[0].delivered, order.delivery_status],
    [2, 'delivered']);
  assert.equal((await foNow(o)).status, 'closed');
});

test('what is not picked is not ready', async () => {
  const a = fresh('a');
  await shop.stock(a, 2);
  const o = await bought([[a, 2, 100]]);
  const { tasks: [t] } = await house.client.ok('POST', '/v1/pick-tasks',
    { fulfillment_orders: [o.pickup.fulfillment_order] }, { status: 201 });
  await house.client.ok('POST', `/v1/pick-tasks/${t.id}/start`,
    { version: t.version });
  const reply = await step(o.pickup, 'ready');
  assert.equal(reply.json.code, 'not_picked_yet', reply.text);
});

test('five wrong codes lock it until there is a new one', async () => {
  const o = await ready();
  const { code } = await did(o.pickup, 'code');
  const wrong = code === '000000' ? '111111' : '000000';
  for (let left = 4; left >= 0; left--) {
    const reply = await collect(o.pickup, wrong);
    assert.deepEqual([reply.json.is_collected, reply.json.pickup.tries_left],
      [false, left], reply.text);
  }
  const locked = await collect(o.pickup, code);
  assert.equal(locked.json.code, 'code_locked', locked.text);
  const again = await did(o.pickup, 'code');
  assert.equal(again.pickup.tries_left, 5);
  assert.equal((await events(o.pickup, 'pickup.code_refused', 5)).length,
    5);
  for (const bad of ['12345', '1234567', 123456]) {
    const reply = await collect(o.pickup, bad, { isBad: true });
    assert.deepEqual([reply.status, reply.json.field], [422, 'code']);
  }
  assert.equal((await collect(o.pickup, again.code)).json.is_collected, true);
});

test('a code is told once; a replay has null', async () => {
  const o = await ready();
  const { version } = await now(o.pickup);
  const [key, path] = [uuid(), `${url}/${o.pickup.id}/code`];
  const one = await house.client.post(path, { version }, { key });
  assert.match(one.json.code, /^[0-9]{6}$/);
  const two = await house.client.post(path, { version }, { key });
  assert.equal(two.json.code, null, two.text);
});

test('nobody came: back to stock, and the order waits (A5.17)', async () => {
  const o = await ready({
    expires_at: new Date(Date.now() + 1500).toISOString() });
  assert.equal((await shop.level(o.sku)).available, 1);
  const p = await eventually(async () => {
    const at = await now(o.pickup);
    return at.state === 'expired' && at;
  });
  assert.ok(p.ended_at);
  const level = await shop.level(o.sku);
  assert.deepEqual([level.on_hand, level.committed, level.available],
    [2, 0, 2]);
  const [line] = (await orderNow(o)).lines;
  assert.deepEqual([line.picked, line.allocated, line.unallocated], [0, 0, 1]);
  assert.equal((await foNow(o)).status, 'cancelled');
  const [told] = await events(p, 'pickup.expired');
  assert.equal(told.data.order, o.order.id);
  const late = await collect(p, '123456');
  assert.match(late.json.detail, /expired; allowed: nothing/);
});

test('it may wait longer, within limits, and be called off', async () => {
  const o = await ready();
  const to = new Date(Date.now() + 20 * 864e5).toISOString();
  assert.equal((await did(o.pickup, 'extend', { expires_at: to })).expires_at,
    to);
  for (const at of ['2001-01-01T00:00:00Z', '2999-01-01T00:00:00Z']) {
    const reply = await step(o.pickup, 'extend', { expires_at: at });
    assert.deepEqual([reply.status, reply.json.field], [422, 'expires_at']);
  }
  const stale = await house.client.post(`${url}/${o.pickup.id}/cancel`,
    { version: 1 });
  assert.equal(stale.json.code, 'stale', stale.text);
  assert.equal((await did(o.pickup, 'cancel')).state, 'cancelled');
  assert.equal((await shop.level(o.sku)).available, 2);
  assert.equal((await orderNow(o)).lines[0].unallocated, 1);
});

test('what waits at the counter is not put back by its picker', async () => {
  const o = await ready();
  const { items: [task] } = await house.client.ok('GET',
    `/v1/pick-tasks?fulfillment_order=${o.pickup.fulfillment_order}`);
  const back = () => house.client.post(`/v1/pick-tasks/${task.id}/cancel`,
    { version: task.version });
  const early = await back();
  assert.equal(early.status, 409, early.text);
  assert.equal(early.json.code, 'pickup_ready');
  assert.equal((await now(o.pickup)).state, 'ready');
  assert.equal((await did(o.pickup, 'cancel')).state, 'cancelled');
  assert.equal((await shop.level(o.sku)).available, 2);
});

test('what who keeps the stock has taken on is not called off here',
  async () => {
    const a = fresh('a');
    await shop.stock(a, 1);
    const o = await bought([[a, 1, 100]]);
    const fo = async (name) => house.client.ok('POST',
      `/v1/fulfillment-orders/${o.pickup.fulfillment_order}/${name}`,
      { version: (await foNow(o)).version });
    await fo('submit');
    const reply = await step(o.pickup, 'cancel');
    assert.equal(reply.status, 409, reply.text);
    assert.equal(reply.json.code, 'request_state');
    await fo('accept');
    assert.equal((await step(o.pickup, 'cancel')).json.code, 'request_state');
    assert.equal((await now(o.pickup)).state, 'reserved');
    await fo('request-cancellation');
    await fo('accept-cancellation');
    assert.equal((await did(o.pickup, 'cancel')).state, 'cancelled');
    assert.equal((await orderNow(o)).lines[0].unallocated, 1);
  });

test('an order that is cancelled takes its pickup along', async () => {
  const a = fresh('a');
  await shop.stock(a, 1);
  const o = await bought([[a, 1, 100]]);
  await house.client.ok('POST', `/v1/orders/${o.order.id}/cancel`,
    { version: (await orderNow(o)).version, reason: 'customer' });
  await eventually(async () => (await now(o.pickup)).state === 'cancelled');
  const list = await house.client.all(`${url}?state=cancelled&location=` +
    shop.location.code, 1);
  assert.ok(list.some((p) => p.id === o.pickup.id));
});

test('a pickup goes along when its units come from another store', async () => {
  const [a, there] = [fresh('a'), await house.client.ok('POST',
    '/v1/locations', locationBody({ type: 'store', is_pickup: true }))];
  await shop.stock(a, 1);
  await shop.adjust(a, 1, there.code);
  const o = await bought([[a, 1, 100]]);
  await house.client.ok('POST', `/v1/fulfillment-orders/` +
    `${o.pickup.fulfillment_order}/move`, { version: (await foNow(o)).version,
    location: there.id });
  await eventually(async () => (await now(o.pickup)).location === there.code);
  assert.equal((await events(o.pickup, 'pickup.moved')).length, 1);
});

test('lots and numbers leave as they were picked (A19.01)', async () => {
  const code = fresh('sku');
  const sku = await shop.stock(code, 0);
  await house.client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
    { version: 0, is_lot_tracked: true, is_serial_tracked: true });
  await house.client.ok('POST', '/v1/receipts', {
    location: shop.location.code, lines: [
      { sku: code, quantity: 2, lot: 'L', serials: ['1', '2'] }] });
  const o = await bought([[code, 1, 100]]);
  await picked(o, [{ sku: code, lot: 'L', serial: '2' }]);
  await did(o.pickup, 'ready');
  const { code: secret } = await did(o.pickup, 'code');
  const done = await collect(o.pickup, secret);
  assert.equal(done.status, 200, done.text);
  const { items } = await house.client.ok('GET', `/v1/serials?sku=${code}`);
  assert.deepEqual(items.map((s) => s.place), ['on_shelf', 'gone']);
});
