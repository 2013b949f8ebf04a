// order-holds.test.mjs - orders that wait for a person (A8.06).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, logged, Shop } from './lib/shop.mjs';

let house, client, shop;
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client);
});
after(() => house?.stop());

async function did(reply) {
  const { status, json, text } = await reply;
  assert.ok(status < 300, text);
  return json;
}
async function refused(reply, status, code) {
  const { status: got, json, text } = await reply;
  assert.equal(got, status, text);
  assert.equal(json.code, code, text);
}
const get = (id) => client.ok('GET', `/v1/orders/${id}`);
const hold = async (id, more = {}, options) => client.post(
  `/v1/orders/${id}/holds`,
  { version: (await get(id)).version, reason: 'address', ...more }, options);
const fos = async (id) => (await client.ok('GET',
  `/v1/fulfillment-orders?order=${id}`)).items;
const placed = async (units = 2) => {
  const sku = fresh('oh');
  await shop.stock(sku, 10);
  return shop.placed([[sku, units, 100]]);
};

test('an order on hold stays until it is released', async () => {
  const order = await placed();
  const [fo] = await eventually(async () => {
    const list = await fos(order.id);
    return list.length && list;
  });
  const key = { key: fresh('k') };
  const version = (await get(order.id)).version;
  const body = { version, reason: 'fraud_review', note: 'ask Zelda' };
  const one = await did(client.post(`/v1/orders/${order.id}/holds`, body, key));
  assert.equal((await did(client.post(`/v1/orders/${order.id}/holds`, body,
    key))).id, one.id);
  await refused(client.post(`/v1/orders/${order.id}/holds`, body), 409,
    'stale');
  const [held] = await fos(order.id);
  assert.equal(held.status, 'on_hold');
  assert.equal(held.hold_reason, 'order_hold');
  assert.equal((await get(order.id)).fulfillment_status, 'on_hold');
  await refused(client.post(`/v1/fulfillment-orders/${fo.id}/release`,
    { version: held.version }), 409, 'order_held');
  assert.deepEqual((await client.ok('GET', `/v1/orders/${order.id}/holds`))
    .items, [one]);
  assert.ok((await client.all('/v1/order-holds')).some((h) => h.id === one.id));
  await logged(client);
  const { items } = await client.ok('GET', `/v1/events?subject=${one.id}`);
  assert.deepEqual(items.map((e) => e.type), ['order_hold.placed']);
  assert.ok(!JSON.stringify(items).includes('Zelda'));
  const done = await did(client.post(`/v1/order-holds/${one.id}/release`,
    { version: 1 }));
  assert.equal(done.state, 'released');
  await refused(client.post(`/v1/order-holds/${one.id}/release`,
    { version: 2 }), 409, 'hold_state');
  assert.equal((await fos(order.id))[0].status, 'open');
});

test('an order that scores too high waits for a person (A11.05)', async () => {
  const path = `/v1/channels/${shop.channel.id}/score-rules`;
  const rules = { threshold: 50, rules: [
    { name: 'large', kind: 'value', points: 50,
      above: { amount: 100, currency: 'EUR' } }] };
  assert.equal((await client.ok('GET', path)).version, 0);
  const set = await did(client.put(path, { version: 0, ...rules }));
  assert.deepEqual(set.rules, rules.rules);
  const order = await placed();
  const score = await eventually(async () => {
    const reply = await client.get(`/v1/orders/${order.id}/score`);
    return reply.status === 200 && reply.json;
  });
  assert.equal(score.score, 50);
  assert.deepEqual(score.hits, [{ rule: 'large', points: 50 }]);
  const held = (await client.ok('GET', `/v1/orders/${order.id}/holds`)).items[0];
  assert.equal(held.id, score.hold_id);
  assert.equal(held.reason, 'fraud_review');
  const tasks = (state) => eventually(async () => (await client.ok('GET',
    `/v1/tasks?order=${order.id}&state=${state}`)).items[0]);
  assert.equal((await tasks('open')).kind, 'fraud_review');
  await did(client.post(`/v1/order-holds/${held.id}/release`, { version: 1 }));
  assert.equal((await tasks('resolved')).kind, 'fraud_review');
  // Cancelled while it waits: nothing is left to look at.
  const fake = await placed();
  const { hold_id: id } = await eventually(async () => {
    const reply = await client.get(`/v1/orders/${fake.id}/score`);
    return reply.status === 200 && reply.json;
  });
  await did(client.post(`/v1/orders/${fake.id}/cancel`,
    { version: (await get(fake.id)).version, reason: 'fraud' }));
  assert.deepEqual((await client.ok('GET', `/v1/orders/${fake.id}/holds`))
    .items.map((h) => [h.id, h.state]), [[id, 'expired']]);
  await eventually(async () => (await client.ok('GET',
    `/v1/tasks?order=${fake.id}&state=resolved`)).items[0]?.kind ===
    'fraud_review');
  const tried = await did(client.post(`${path}/try`, rules));
  assert.ok(tried.held >= 1 && tried.looked_at >= tried.held);
  await did(client.put(path, { version: 1, ...rules, is_active: false }));
});

test('what is over takes no hold; one with an end ends by itself', async () => {
  const order = await placed();
  const until = new Date(Date.now() + 1500).toISOString();
  const one = await did(hold(order.id, { until }));
  await eventually(async () => (await client.ok('GET',
    `/v1/orders/${order.id}/holds`)).items[0].state === 'expired');
  assert.equal(one.state, 'active');
  await eventually(async () => (await fos(order.id))[0]?.status === 'open');
  await did(client.post(`/v1/orders/${order.id}/cancel`,
    { version: (await get(order.id)).version, reason: 'test' }));
  await refused(hold(order.id), 409, 'order_over');
});
