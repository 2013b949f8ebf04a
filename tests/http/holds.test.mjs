// holds.test.mjs - units set aside for a while (A3.19, A14.02, A17.01).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, Shop, uuid } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

const bodyOf = (items, more) => ({ channel: shop.channel.code,
  items: items.map(([sku, quantity]) => ({ sku, quantity })), ...more });
const hold = (items, more, options) =>
  house.client.post('/v1/holds', bodyOf(items, more), options);
async function held(items, more) {
  const reply = await hold(items, more);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}
const get = (id) => house.client.ok('GET', `/v1/holds/${id}`);

test('200 buyers hold 50 units at once: exactly 50 succeed (A3.19, A17.01)',
  async () => {
    const sku = fresh('hot');
    await shop.stock(sku, 50);
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) =>
      hold([[sku, 1]], { customer: `c-${i}` })));
    const won = replies.filter((r) => r.status === 201);
    assert.equal(won.length, 50);
    for (const reply of replies.filter((r) => r.status !== 201))
      assert.equal(reply.json.code, 'out_of_stock', reply.text);
    const level = await shop.level(sku);
    assert.equal(level.reserved, 50);
    assert.equal(level.available, 0);
    assert.equal(level.on_hand, 50);
  });

test('a hold is told, shown, listed and released once (A3.19)', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  const made = await held([[sku, 2]], { customer: 'ann', reference: 'cart-7' });
  assert.equal(made.state, 'open');
  assert.deepEqual(made.items, [{ sku, quantity: 2,
    allocations: [{ location: shop.location.id, quantity: 2 }] }]);
  assert.deepEqual(await get(made.id), made);
  const page = await house.client.ok('GET', '/v1/holds?limit=1');
  assert.equal(page.items[0].id, made.id);
  const gone = await house.client.delete(`/v1/holds/${made.id}`);
  assert.equal(gone.status, 200, gone.text);
  assert.equal(gone.json.state, 'released');
  assert.equal((await shop.level(sku)).reserved, 0);
  const again = await house.client.delete(`/v1/holds/${made.id}`);
  assert.equal(again.status, 409);
  assert.equal(again.json.code, 'hold_not_open');
});

test('the same key holds once and answers twice (I21)', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  const key = uuid();
  const one = await hold([[sku, 2]], {}, { key });
  const two = await hold([[sku, 2]], {}, { key });
  assert.equal(two.text, one.text);
  assert.equal((await shop.level(sku)).reserved, 2);
  const other = await hold([[sku, 3]], {}, { key });
  assert.equal(other.json.code, 'idempotency_key_reused');
});

test('a hold that runs out gives its units back by itself (A3.19)',
  async () => {
    const sku = fresh('sku');
    await shop.stock(sku, 3);
    const made = await held([[sku, 3]], { ttl_s: 1 });
    const end = Date.parse(made.expires_at);
    await eventually(async () => (await shop.level(sku)).reserved === 0);
    assert.ok(Date.now() - end > -50, 'not before its end');
    assert.equal((await get(made.id)).state, 'expired');
    const more = await house.client.post(`/v1/holds/${made.id}/extend`, {});
    assert.equal(more.json.code, 'hold_expired');
  });

test('extending moves the end, with or without a version', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 1);
  const made = await held([[sku, 1]], { ttl_s: 60 });
  const url = `/v1/holds/${made.id}/extend`;
  const more = await house.client.ok('POST', url, { ttl_s: 600, version: 1 });
  assert.equal(more.version, 2);
  assert.ok(Date.parse(more.expires_at) > Date.parse(made.expires_at));
  const stale = await house.client.post(url, { ttl_s: 700, version: 1 });
  assert.equal(stale.json.code, 'stale');
  assert.equal(stale.json.current_version, 2);
});

test('bulk: each hold is answered by itself', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  const json = await house.client.ok('POST', '/v1/holds/bulk', { holds: [
    bodyOf([[sku, 4]]), bodyOf([[sku, 2]]), bodyOf([[sku, 1]])] });
  assert.deepEqual(json.items.map((i) => i.status), [201, 409, 201]);
  assert.equal(json.items[1].error.code, 'out_of_stock');
});

test('what is wrong is refused by name', async () => {
  const sku = fresh('sku'), free = fresh('free');
  await shop.stock(sku, 1);
  await shop.stock(free, 0, { is_tracked: false });
  for (const [status, code, body] of [
    [422, 'sku_unknown', bodyOf([['nobody', 1]])],
    [422, 'sku_untracked', bodyOf([[free, 1]])],
    [422, 'channel_unknown', { ...bodyOf([[sku, 1]]), channel: 'nobody' }],
    [422, 'number_out_of_range', bodyOf([[sku, 0]])],
    [422, 'number_out_of_range', bodyOf([[sku, 1]], { ttl_s: 86401 })],
    [422, 'unknown_field', bodyOf([[sku, 1]], { until: 'noon' })],
    [409, 'out_of_stock', bodyOf([[sku, 2]])],
  ]) {
    const reply = await house.client.post('/v1/holds', body, { isBad: true });
    assert.equal(reply.status, status, reply.text);
    assert.equal(reply.json.code, code, reply.text);
  }
  assert.equal((await shop.level(sku)).reserved, 0);
});

test('many orders name one hold at once: one gets its units (A3.19, A14.02)',
  async () => {
    const sku = fresh('sku');
    await shop.stock(sku, 5);
    const made = await held([[sku, 3]]);
    const replies = await Promise.all(Array.from({ length: 20 }, () =>
      shop.place([[sku, 3, 100]], { hold: made.id })));
    const won = replies.filter((r) => r.status === 201);
    assert.equal(won.length, 1);
    for (const reply of replies.filter((r) => r.status !== 201))
      assert.equal(reply.json.code, 'hold_not_open', reply.text);
    const level = await shop.level(sku);
    assert.equal(level.committed, 3);
    assert.equal(level.reserved, 0);
    const after = await get(made.id);
    assert.equal(after.state, 'confirmed');
    assert.equal(after.order, won[0].json.id);
    const why = await house.client.ok('GET',
      `/v1/orders/${after.order}/routing`);
    assert.equal(why.items[0].rule, 'held');
  });

test('an order uses a part of its hold: the rest is free again', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  const made = await held([[sku, 5]]);
  const order = await shop.placed([[sku, 2, 100]], { hold: made.id });
  assert.equal(order.lines[0].allocated, 2);
  const level = await shop.level(sku);
  assert.deepEqual([level.committed, level.reserved, level.available],
    [2, 0, 3]);
});

test('a hold that cannot be confirmed is named and nothing is taken',
  async () => {
    const sku = fresh('sku');
    await shop.stock(sku, 5);
    const short = await held([[sku, 1]], { ttl_s: 1 });
    const gone = await held([[sku, 1]]);
    await house.client.ok('DELETE', `/v1/holds/${gone.id}`);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (const [hold, status, code] of [[short.id, 409, 'hold_expired'],
      [gone.id, 409, 'hold_not_open'],
      ['hld_0000000000001', 422, 'hold_unknown']]) {
      const reply = await shop.place([[sku, 1, 100]], { hold });
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.json.code, code);
    }
    assert.equal((await shop.level(sku)).committed, 0);
  });

test('a drop: the cap holds for one customer at once (A17.03)', async () => {
  const sku = fresh('drop');
  await shop.stock(sku, 50);
  const drop = await house.client.ok('POST', '/v1/drops', { sku, name: 'Drop',
    customer_cap: 2, offer_ttl_s: 60,
    ends_at: new Date(Date.now() + 3600e3).toISOString() });
  assert.equal(drop.state, 'running');
  const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => i % 2
    ? hold([[sku, 1]], { customer: 'ann' })
    : shop.place([[sku, 1, 100]], { customer: { external_id: 'Ann' } })));
  assert.equal(replies.filter((r) => r.status === 201).length, 2);
  for (const reply of replies.filter((r) => r.status !== 201)) {
    assert.equal(reply.status, 409, reply.text);
    assert.equal(reply.json.code, 'customer_cap');
    assert.match(reply.json.detail, /2 units/);
  }
  const none = await hold([[sku, 1]]);
  assert.equal(none.json.code, 'customer_missing');
});

test('a drop: units that come back go to the first in line (A17.03)',
  async () => {
    const sku = fresh('drop');
    await shop.stock(sku, 1);
    const drop = await house.client.ok('POST', '/v1/drops', { sku,
      channel: shop.channel.code, name: 'Drop', customer_cap: 1,
      offer_ttl_s: 60, ends_at: new Date(Date.now() + 3600e3).toISOString() });
    const url = `/v1/drops/${drop.id}/waiting`;
    const made = await held([[sku, 1]], { customer: 'ann' });
    const places = [];
    for (const customer of ['bob', 'eve'])
      places.push(await house.client.ok('POST', url, { customer }));
    assert.deepEqual(places.map((p) => p.position), [1, 2]);
    await house.client.ok('DELETE', `/v1/holds/${made.id}`);
    const bob = await eventually(async () => {
      const place = await house.client.ok('GET', `${url}/${places[0].id}`);
      return place.state === 'offered' && place;
    });
    const jump = await hold([[sku, 1]], { customer: 'zoe' });
    assert.equal(jump.json.code, 'waiting_list');
    await shop.placed([[sku, 1, 100]], { hold: bob.hold });
    assert.equal((await house.client.ok('GET', `${url}/${bob.id}`)).state,
      'bought');
    const left = await house.client.ok('DELETE', `${url}/${places[1].id}`);
    assert.equal(left.state, 'left');
    const page = await house.client.ok('GET', url);
    assert.deepEqual(page.items.map((p) => p.state), ['bought', 'left']);
    const after = await house.client.ok('PATCH', `/v1/drops/${drop.id}`,
      { version: 1, customer_cap: 3 });
    assert.equal(after.customer_cap, 3);
    assert.equal(after.waiting, 0);
    assert.ok((await house.client.ok('GET', '/v1/drops')).items.length > 0);
  });

// Sizes that are sold out and drops to come have lists, too.
test('a drop: lists that cannot be served hold up none behind them (A17.03)',
  async () => {
    const day = (days) => new Date(Date.now() + days * 864e5).toISOString();
    const waiting = async (quantity, more) => {
      const sku = fresh('drop');
      await shop.stock(sku, quantity);
      const drop = await house.client.ok('POST', '/v1/drops', { sku,
        channel: shop.channel.code, name: 'Drop', customer_cap: 1,
        offer_ttl_s: 60, ends_at: day(3), ...more });
      const url = `/v1/drops/${drop.id}/waiting`;
      const { id } = await house.client.ok('POST', url, { customer: 'ann' });
      return async () => (await house.client.ok('GET', `${url}/${id}`)).state;
    };
    const still = [];
    for (let i = 0; i < 24; i++)
      still.push(await waiting(0, i % 2 ? { starts_at: day(2) } : {}));
    const last = await waiting(1);
    await eventually(async () => await last() === 'offered');
    for (const state of still) assert.equal(await state(), 'waiting');
  });
