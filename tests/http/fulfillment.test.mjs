// fulfillment.test.mjs - fulfillment orders over HTTP (A4.01, A4.07, A4.08,
// A4.11).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, locationBody, logged, Shop, skuBody, uuid }
  from './lib/shop.mjs';

let house, shop, client, other, depot;
const url = '/v1/fulfillment-orders';
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { location: { type: '3pl',
    is_pickup: true } });
  other = await client.ok('POST', '/v1/locations', locationBody());
  depot = await client.ok('POST', '/v1/locations', locationBody());
  await client.ok('PUT', `/v1/channels/${shop.channel.id}/routing`,
    { version: 1, locations: [shop.location.id, other.id, depot.id] });
});
after(() => house?.stop());

// The fulfillment orders of an order, oldest first, once there are so many.
const of = (order, count) => eventually(async () => {
  const { items } = await client.ok('GET', `${url}?order=${order.id}`);
  return items.length === count && items;
});
const post = (fo, name, body = {}, options) => client.post(
  `${url}/${fo.id}/${name}`, { version: fo.version, ...body }, options);
async function did(fo, name, body) {
  const reply = await post(fo, name, body);
  assert.ok(reply.status < 300, `${name}: ${reply.text}`);
  return reply.json;
}
async function refused(fo, name, body, status, code) {
  const reply = await post(fo, name, body, { isBad: status === 422 });
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.json.code, code, reply.text);
  return reply.json;
}
const state = (fo) => [fo.status, fo.request_status];
const units = (fo) => fo.lines.map((l) => [l.line, l.quantity, l.shipped]);

test('what is allocated gets a fulfillment order for each location (A4.01)',
  async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    await shop.stock(a, 2);
    await shop.stock(b, 0);
    await shop.adjust(b, 3, other.code);
    const wrap = (await client.ok('POST', '/v1/skus',
      skuBody({ is_tracked: false }))).code;
    const order = await shop.placed([[a, 2, 100], [b, 3, 100], [wrap, 1, 0]]);
    const fos = await of(order, 2);
    assert.deepEqual(fos.map((f) => f.location_id),
      [shop.location.id, other.id]);
    assert.deepEqual(fos.map(units), [[[1, 2, 0], [3, 1, 0]], [[2, 3, 0]]]);
    assert.deepEqual(fos.map((f) => [f.method, ...state(f), f.version]),
      Array(2).fill(['ship', 'open', 'unsubmitted', 1]));
    const one = await client.ok('GET', `${url}/${fos[1].id}`);
    assert.deepEqual(one, fos[1]);
    assert.equal(one.order_number, order.number);
    assert.deepEqual(fos[0].lines.map((l) => [l.sku, l.title, l.is_kit]),
      [[a, 'A thing', false], [wrap, 'A thing', false]]);
    const page = await client.ok('GET',
      `${url}?location=${other.id}&status=open&method=ship&limit=1`);
    assert.equal(page.items[0].id, fos[1].id);
    assert.deepEqual((await client.ok('GET',
      `${url}?location=${other.id}&status=open&method=pickup`)).items, []);
    const open = await client.ok('GET', `${url}?status=open&limit=1`);
    assert.equal(open.items.length, 1);
    assert.ok(open.next);
  });

test('the timeline shows what was looked at and where units are (A6.02)',
  async () => {
    const here = await Shop.open(client,
      { channel: { stock_policy: 'backorder' } });
    await client.ok('PUT', `/v1/channels/${here.channel.id}/routing`,
      { version: 1, locations: [here.location.id, other.id, depot.id] });
    const sku = fresh('s');
    await here.stock(sku, 2);
    await here.adjust(sku, 3, other.code);
    const order = await here.placed([[sku, 6, 100]]);
    const at = `/v1/orders/${order.id}`;
    const entries = async () => (await client.all(`${at}/timeline`, 2))
      .filter((e) => e.type === 'order.routed');
    const decisions = async () => (await client.ok('GET', `${at}/routing`)).items;
    const [first, none] = await entries();
    assert.equal(none, undefined);
    const [why] = await decisions();
    assert.deepEqual([first.id, first.at, first.actor.kind],
      [why.id, why.at, 'system']);
    assert.deepEqual(first.data, { decision: why.id, rule: why.rule,
      why: why.why, considered: 3, backordered: 1, allocated: [
        { location: here.location.id, quantity: 2 },
        { location: other.id, quantity: 3 }] });
    const fo = (await of(order, 2))
      .find((f) => f.location_id === here.location.id);
    await here.adjust(sku, 9, depot.code);
    await did(fo, 'move', { location: depot.id });
    const moved = (await entries()).find((e) => e.data.reason);
    const again = (await decisions()).find((d) => d.reason);
    assert.deepEqual([moved.id, moved.data.reason, moved.data.allocated],
      [again.id, 'moved_by_hand', [{ location: depot.id, quantity: 2 }]]);
    const free = (await client.ok('POST', '/v1/skus',
      skuBody({ is_tracked: false }))).code;
    const gift = await here.placed([[free, 1, 0]]);
    const { items } = await client.ok('GET', `/v1/orders/${gift.id}/timeline`);
    assert.equal(items.find((e) => e.type === 'order.routed').data.rule,
      'untracked');
  });

test('a board: how many there are where, and the oldest first', async () => {
  const here = await client.ok('POST', '/v1/locations', locationBody());
  await client.ok('PUT', `/v1/channels/${shop.channel.id}/routing`,
    { version: 2, locations: [here.id] });
  const sku = fresh('s');
  await shop.stock(sku, 0);
  await shop.adjust(sku, 3, here.code);
  const fos = [];
  for (let i = 0; i < 3; i++)
    fos.push(...await of(await shop.placed([[sku, 1, 100]]), 1));
  const held = await did(fos[1], 'hold', { reason: 'address?' });
  assert.deepEqual(held.allowed, ['release', 'edit', 'cancel']);
  assert.equal(held.order_number, fos[1].order_number);
  const { items } = await client.ok('GET', `${url}/counts`);
  assert.deepEqual(items.filter((one) => one.location_id === here.id)
    .map((one) => [one.status, one.fulfillment_orders, one.is_at_least]),
  [['open', 2, false], ['on_hold', 1, false]]);
  const ids = async (query) => {
    const page = await client.ok('GET', `${url}?status=open&${query}`);
    return page.items.map((fo) => fo.id);
  };
  const at = `location=${here.code}`;
  assert.deepEqual(await ids(at), [fos[2].id, fos[0].id]);
  assert.deepEqual(await ids(`${at}&sort=oldest`), [fos[0].id, fos[2].id]);
  assert.deepEqual(await ids(`${at}&sort=oldest&after=${fos[0].id}`),
    [fos[2].id]);
  const all = await ids('sort=oldest&limit=250');
  assert.deepEqual(all, [...all].sort());
  assert.ok(all.includes(fos[2].id));
  const bare = await client.get(`${url}?sort=oldest`);
  assert.deepEqual([bare.status, bare.json.code, bare.json.field],
    [422, 'filter_unsupported', 'sort']);
  await client.ok('PUT', `/v1/channels/${shop.channel.id}/routing`,
    { version: 3, locations: [shop.location.id, other.id, depot.id] });
});

test('filters without an index, unknown ids and bodies are refused', async () => {
  for (const query of [`location=${other.id}`, 'method=ship',
    `order=ord_0000000000001&status=open`]) {
    const reply = await client.get(`${url}?${query}`);
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.code, 'filter_unsupported');
  }
  for (const place of [shop.location.id, shop.location.code]) {
    const page = await client.ok('GET',
      `${url}?location=${place}&status=closed&limit=1`);
    assert.deepEqual(page, { items: [], next: null });
  }
  const nowhere = await client.get(`${url}?location=nowhere&status=open`);
  assert.deepEqual([nowhere.status, nowhere.json.code, nowhere.json.field],
    [422, 'location_unknown', 'location']);
  const none = await client.get(`${url}/fo_0000000000001`);
  assert.equal(none.status, 404, none.text);
  const [sku] = [fresh('s')];
  await shop.stock(sku, 1);
  const [fo] = await of(await shop.placed([[sku, 1, 100]]), 1);
  await refused(fo, 'hold', {}, 422, 'missing_field');
  await refused(fo, 'hold', { reason: 'x', more: 1 }, 422, 'unknown_field');
  await refused(fo, 'move', { location: 'x' }, 422,
    'location_unknown');
  await refused(fo, 'split', { lines: [] }, 422, 'too_short');
  const stale = await refused({ ...fo, version: 9 }, 'hold', { reason: 'x' },
    409, 'stale');
  assert.equal(stale.current_version, 1);
  await refused(fo, 'ship', { lines: [{ line: 1, quantity: 1 }] }, 409,
    'ships_in_parcels');
  const state = await refused(fo, 'release', {}, 409, 'state');
  assert.match(state.detail, /release is refused in status open; allowed: hold/);
});

test('held, split, merged, moved; a replay changes nothing (A4.07)',
  async () => {
    const sku = fresh('s');
    await shop.stock(sku, 4);
    const order = await shop.placed([[sku, 4, 100]]);
    let [fo] = await of(order, 1);
    const key = uuid();
    const held = await post(fo, 'hold', { reason: 'address?' },
      { key });
    const again = await post(fo, 'hold', { reason: 'address?' },
      { key });
    assert.deepEqual(again.json, held.json, again.text);
    let shown = await client.ok('GET', `/v1/orders/${order.id}`);
    assert.equal(shown.fulfillment_status, 'on_hold');
    fo = await did(held.json, 'release');
    const part = await did(fo, 'split', { lines: [{ n: 1, quantity: 3 }] });
    assert.deepEqual(units(part), [[1, 3, 0]]);
    await shop.adjust(sku, 3, depot.code);
    const moved = await did(part, 'move', { location: depot.id });
    assert.deepEqual([moved.location_id, moved.is_sticky], [depot.id, true]);
    assert.equal((await shop.level(sku, depot.code)).committed, 3);
    assert.equal((await shop.level(sku)).committed, 1);
    [fo] = await of(order, 2);
    await refused(fo, 'merge', { with: [{ id: moved.id, version: 2 }] }, 409,
      'not_alike');
    const back = await did(moved, 'move', { location: shop.location.code });
    fo = await did(fo, 'merge', { with: [{ id: back.id, version: 3 }] });
    assert.deepEqual(units(fo), [[1, 4, 0]]);
    const all = await of(order, 2);
    assert.deepEqual(all.map((f) => f.status), ['open', 'cancelled']);
    shown = await client.ok('GET', `/v1/orders/${order.id}/routing`);
    assert.ok(shown.items.some((d) => d.reason === 'moved_by_hand'));
  });

test('a 3PL accepts, ships in parts, and the order is done (A4.08, A5.16)',
  async () => {
    const sku = fresh('s');
    await shop.stock(sku, 5);
    const order = await shop.placed([[sku, 5, 100]]);
    let [fo] = await of(order, 1);
    await refused(fo, 'accept', {}, 409, 'request_state');
    fo = await did(fo, 'submit', { message: 'please' });
    assert.deepEqual(state(fo), ['open', 'submitted']);
    const cancel = await client.post(`/v1/orders/${order.id}/cancel`,
      { version: 1, reason: 'changed my mind' });
    assert.equal(cancel.json.code, 'units_in_work', cancel.text);
    fo = await did(fo, 'accept', { reference: 'R-77',
      ships_at: '2999-01-01T00:00:00Z' });
    assert.deepEqual([...state(fo), fo.request.reference],
      ['in_progress', 'accepted', 'R-77']);
    const over = await refused(fo, 'ship', { lines: [{ line: 1, quantity: 6 }] },
      422, 'over_shipped');
    assert.match(over.detail, /has at most 5 left/);
    fo = await did(fo, 'ship', { carrier: 'post', tracking: 'T1',
      lines: [{ line: 1, quantity: 2 }] });
    let shown = await client.ok('GET', `/v1/orders/${order.id}`);
    assert.deepEqual([shown.status, shown.fulfillment_status,
      shown.lines[0].shipped], ['confirmed', 'partially_fulfilled', 2]);
    assert.equal((await shop.level(sku)).on_hand, 3);
    const before = shown.updated_at;
    fo = await did(fo, 'request-cancellation');
    fo = await did(fo, 'reject-cancellation', { message: 'too late' });
    fo = await did(fo, 'ship', { lines: [{ line: 1, quantity: 3 }] });
    assert.equal(fo.status, 'closed');
    shown = await client.ok('GET', `/v1/orders/${order.id}`);
    assert.deepEqual([shown.status, shown.fulfillment_status],
      ['completed', 'fulfilled']);
    const then = await client.ok('GET',
      `/v1/orders/${order.id}?at=${before}`);
    assert.deepEqual([then.status, then.lines[0].shipped, then.version],
      ['confirmed', 2, 3]);
    await logged(client);
    const events = await client.ok('GET',
      `/v1/events?type=order.shipped&subject=${order.id}`);
    assert.equal(events.items[0].data.tracking, 'T1');
    await eventually(async () => (await client.ok('GET',
      `/v1/orders?status=completed&limit=250`)).items
      .some((o) => o.id === order.id));
  });

test('a store and a drop shipper are asked, answer and ship (A5.16)',
  async () => {
    for (const type of ['store', 'dropship']) {
      const there = await Shop.open(client, { location: { type } });
      await client.ok('PUT', `/v1/channels/${there.channel.id}/routing`,
        { version: 1, locations: [there.location.id, other.id] });
      const sku = fresh('s');
      await there.stock(sku, 3);
      const order = await there.placed([[sku, 3, 100]]);
      let [fo] = await of(order, 1);
      const early = await refused(fo, 'accept', {}, 409, 'request_state');
      assert.equal(early.detail, 'accept is refused in request status ' +
        'unsubmitted; allowed: submit');
      fo = await did(fo, 'submit');
      fo = await did(fo, 'accept', { reference: `${type}-1` });
      assert.deepEqual([...state(fo), fo.request.reference],
        ['in_progress', 'accepted', `${type}-1`]);
      fo = await did(fo, 'ship', { carrier: 'post', tracking: 'T9',
        lines: [{ line: 1, quantity: 3 }] });
      assert.equal(fo.status, 'closed');
      const shown = await client.ok('GET', `/v1/orders/${order.id}`);
      assert.deepEqual([shown.status, shown.fulfillment_status],
        ['completed', 'fulfilled']);
      assert.equal((await there.level(sku)).on_hand, 0);
      // The next one is refused there: the house ships it from its own stock.
      await there.adjust(sku, 1);
      await there.adjust(sku, 1, other.code);
      const next = await there.placed([[sku, 1, 100]]);
      [fo] = await of(next, 1);
      fo = await did(await did(fo, 'submit'), 'reject', { reason: 'sold' });
      assert.deepEqual(state(fo), ['cancelled', 'rejected']);
      const [, ours] = await of(next, 2);
      assert.equal(ours.location_id, other.id);
      await refused(ours, 'submit', {}, 409, 'location_type');
      assert.equal((await there.level(sku)).committed, 0);
    }
  });

test('rejected units come from elsewhere, or wait (A4.11)', async () => {
  const sku = fresh('s');
  await shop.stock(sku, 3);
  await shop.adjust(sku, 2, other.code);
  const order = await shop.placed([[sku, 3, 100]]);
  let [fo] = await of(order, 1);
  fo = await did(fo, 'submit');
  fo = await did(fo, 'reject', { reason: 'no room' });
  assert.deepEqual(state(fo), ['cancelled', 'rejected']);
  const all = await of(order, 2);
  assert.deepEqual([all[1].location_id, units(all[1])],
    [other.id, [[1, 2, 0]]]);
  const shown = await client.ok('GET', `/v1/orders/${order.id}`);
  assert.deepEqual([shown.lines[0].allocated, shown.lines[0].backordered],
    [2, 1]);
  assert.equal((await shop.level(sku)).committed, 0);
});

test('a location that closes is emptied (A4.14)', async () => {
  const sku = fresh('s');
  await shop.stock(sku, 0);
  await shop.adjust(sku, 1, depot.code);
  const order = await shop.placed([[sku, 1, 100]]);
  await of(order, 1);
  await shop.adjust(sku, 1, other.code);
  const place = await client.ok('GET', `/v1/locations/${depot.id}`);
  await client.ok('PATCH', `/v1/locations/${depot.id}`,
    { version: place.version, is_active: false });
  const [was, now] = await of(order, 2);
  assert.deepEqual([was.status, now.location_id], ['cancelled', other.id]);
});

test('what is scheduled opens when its time comes', async () => {
  const sku = fresh('s');
  await shop.stock(sku, 4);
  const soon = await shop.placed([[sku, 1, 100]],
    { fulfil_at: new Date(Date.now() + 1500).toISOString() });
  const late = await shop.placed([[sku, 1, 100]],
    { fulfil_at: '2999-01-01T00:00:00Z', method: 'pickup' });
  const [fo] = await of(late, 1);
  assert.deepEqual([fo.status, fo.fulfil_at, fo.method],
    ['scheduled', '2999-01-01T00:00:00.000Z', 'pickup']);
  const shown = await eventually(async () => {
    const o = await client.ok('GET', `/v1/orders/${late.id}`);
    return o.fulfillment_status === 'scheduled' && o;
  });
  assert.equal(shown.method, 'pickup');
  assert.equal((await did(fo, 'open')).status, 'open');
  const day = '2999-02-01T00:00:00.000Z';
  const line = { sku, quantity: 1, unit_price: { amount: 100, currency: 'EUR' } };
  const apart = await shop.placed([], { lines: [line, { ...line, fulfil_at: day }] });
  const { lines } = await client.ok('GET', `/v1/orders/${apart.id}`);
  assert.deepEqual(lines.map((l) => l.fulfil_at), [undefined, day]);
  assert.deepEqual((await of(apart, 2)).map((f) => [f.status, f.fulfil_at]),
    [['open', null], ['scheduled', day]]);
  await of(soon, 1);
  await eventually(async () => (await of(soon, 1))[0].status === 'open');
});
