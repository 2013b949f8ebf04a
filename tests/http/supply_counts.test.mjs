// supply_counts.test.mjs - cycle counts (A3.08).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { fresh, locationBody, Shop } from './lib/shop.mjs';

let house, shop;
const url = '/v1/counts';
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

const open = (skus, more = {}) => house.client.ok('POST', url,
  { location: shop.location.code, name: 'Shelf 7', skus, ...more });
const enter = (c, items, options) =>
  house.client.post(`${url}/${c.id}/entries`, { items }, options);
async function step(c, name) {
  const now = await house.client.ok('GET', `${url}/${c.id}`);
  return house.client.post(`${url}/${c.id}/${name}`, { version: now.version });
}
const lines = (c) => house.client.all(`${url}/${c.id}/lines`, 1);

test('a count posts the difference to the moment of counting (A3.08)',
  async () => {
    const [a, b, d] = [fresh('a'), fresh('b'), fresh('d')];
    await shop.stock(a, 10);
    await shop.stock(b, 5);
    await shop.stock(d, 4);
    const c = await open([a, b, d]);
    assert.equal((await enter(c, [{ sku: a, quantity: 8 },
      { sku: b, quantity: 6 }])).status, 200);
    const left = await house.client.all(`${url}/${c.id}/uncounted`, 1);
    assert.deepEqual(left.map((l) => [l.sku, l.on_hand]), [[d, 4]]);
    await shop.adjust(a, 20);
    await shop.placed([[a, 3, 100]]);
    assert.equal((await step(c, 'post')).status, 409, 'not yet reviewed');
    assert.equal((await step(c, 'review')).status, 200);
    assert.deepEqual((await lines(c)).map((l) => [l.sku, l.counted,
      l.expected, l.difference]).sort(),
    [[a, 8, 10, -2], [b, 6, 5, 1]].sort());
    const done = await step(c, 'post');
    assert.equal(done.json.state, 'posted', done.text);
    const level = await shop.level(a);
    assert.deepEqual([level.on_hand, level.committed], [28, 3]);
    assert.equal((await shop.level(b)).on_hand, 6);
    assert.equal((await shop.level(d)).on_hand, 4);
    const [move] = await house.client.all(
      `/v1/inventory/levels/${level.sku_id}/${level.location_id}/movements`);
    assert.deepEqual([move.type, move.qty, move.reason, move.ref],
      ['count', 2, 'Shelf 7', c.id]);
    assert.equal((await step(c, 'post')).status, 409);
    assert.equal((await shop.level(a)).on_hand, 28);
  });

test('claimed units are not counted away, and fit later (I2)', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 10);
  const placed = await shop.placed([[sku, 8, 100]]);
  const c = await open([sku]);
  await enter(c, [{ sku, quantity: 3 }]);
  await step(c, 'review');
  const part = await step(c, 'post');
  assert.equal(part.json.state, 'review', part.text);
  const [line] = await lines(c);
  assert.deepEqual([line.state, line.unclaimed], ['refused', 2]);
  assert.equal((await shop.level(sku)).on_hand, 10);
  await house.client.ok('POST', `/v1/orders/${placed.id}/cancel`,
    { version: 1, reason: 'short' });
  assert.equal((await step(c, 'post')).json.state, 'posted');
  assert.equal((await shop.level(sku)).on_hand, 3);
});

test('what is missing is taken from what is held, then from what is free',
  async () => {
    const sku = fresh('sku');
    await shop.stock(sku, 10);
    await house.client.ok('POST', '/v1/inventory/adjust', { reason: 'not found',
      items: [{ sku, location: shop.location.code, delta: 3,
        from: 'available', to: 'held' }] });
    await shop.placed([[sku, 5, 100]]);
    const c = await open([sku]);
    await enter(c, [{ sku, quantity: 4 }]);
    await step(c, 'review');
    assert.equal((await step(c, 'post')).json.state, 'review');
    assert.equal((await lines(c))[0].unclaimed, 5);
    await step(c, 'reopen');
    await enter(c, [{ sku, quantity: 6 }]);
    await step(c, 'review');
    assert.equal((await step(c, 'post')).json.state, 'posted');
    const level = await shop.level(sku);
    assert.deepEqual([level.on_hand, level.held, level.committed,
      level.available], [6, 0, 5, 1]);
    const moves = await house.client.all(
      `/v1/inventory/levels/${level.sku_id}/${level.location_id}/movements`);
    assert.deepEqual(moves.filter((m) => m.type === 'count').map((m) =>
      [m.from, m.qty]).sort(), [['available', 1], ['held', 3]]);
  });

test('scanning again replaces, or adds where it says so', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 10);
  const c = await open([sku]);
  await enter(c, [{ sku, quantity: 4 }, { sku, quantity: 5 },
    { sku, quantity: 6, mode: 'add' }]);
  assert.equal((await lines(c))[0].counted, 11);
  await step(c, 'review');
  assert.equal((await enter(c, [{ sku, quantity: 1 }])).status, 409);
  await step(c, 'reopen');
  await enter(c, [{ sku, quantity: 9 }]);
  assert.equal((await lines(c))[0].counted, 9);
  const gone = await step(c, 'cancel');
  assert.equal(gone.json.state, 'cancelled');
  assert.equal((await shop.level(sku)).on_hand, 10);
});

test('lots are counted by lot, all SKUs of a location in pages', async () => {
  const place = (await house.client.ok('POST', '/v1/locations',
    locationBody())).code;
  const code = fresh('sku');
  const sku = await shop.stock(code, 0);
  const other = fresh('other');
  await shop.stock(other, 0);
  await shop.adjust(other, 7, place);
  await house.client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
    { version: 0, is_lot_tracked: true });
  await house.client.ok('POST', '/v1/receipts', { location: place, lines: [
    { sku: code, quantity: 5, lot: 'A' },
    { sku: code, quantity: 6, lot: 'B' }] });
  const c = await open(undefined, { location: place });
  assert.equal(c.scope, 'all');
  const left = await house.client.all(`${url}/${c.id}/uncounted`, 1);
  assert.deepEqual(left.map((l) => l.on_hand).sort(), [11, 7]);
  const bare = await enter(c, [{ sku: code, quantity: 1 }]);
  assert.equal(bare.json.code, 'lot_required', bare.text);
  await enter(c, [{ sku: code, lot: 'A', quantity: 7 },
    { sku: code, lot: 'B', quantity: 1 }, { sku: other, quantity: 0 }]);
  await step(c, 'review');
  assert.equal((await step(c, 'post')).json.state, 'posted');
  const lots = await house.client.all(`/v1/lots?sku=${code}`);
  assert.deepEqual(lots.map((l) => [l.lot, l.on_hand]), [['A', 7], ['B', 1]]);
  assert.equal((await shop.level(other, place)).on_hand, 0);
});

test('bad counts are refused by field', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 1);
  const bad = { isBad: true };
  for (const [body, field] of [
    [{ location: 'nowhere', name: 'n' }, 'location'],
    [{ location: shop.location.code }, 'name'],
    [{ location: shop.location.code, name: '' }, 'name'],
    [{ location: shop.location.code, name: 'a\nb' }, 'name'],
    [{ location: shop.location.code, name: 'n', skus: [] }, 'skus'],
    [{ location: shop.location.code, name: 'n', skus: ['nobody'] }, 'skus[0]'],
    [{ location: shop.location.code, name: 'n', more: 1 }, 'more']]) {
    const reply = await house.client.post(url, body, bad);
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.field, field, reply.text);
  }
  const c = await open([sku]);
  const other = fresh('sku');
  await shop.stock(other, 1);
  for (const [item, field] of [[{ sku, quantity: -1 }, 'items[0].quantity'],
    [{ sku: 'nobody', quantity: 1 }, 'items[0].sku'],
    [{ sku: other, quantity: 1 }, 'items[0].sku'],
    [{ sku, quantity: 1, mode: 'guess' }, 'items[0].mode'],
    [{ sku, quantity: 1, lot: 'A' }, 'items[0].lot'],
    [{ sku, quantity: 1, more: 1 }, 'items[0].more']]) {
    const reply = await enter(c, [item], bad);
    assert.equal(reply.status, 422, JSON.stringify(item) + reply.text);
    assert.equal(reply.json.field, field, reply.text);
  }
  const stale = await house.client.post(`${url}/${c.id}/review`,
    { version: 7 });
  assert.equal(stale.json.code, 'stale', stale.text);
});
