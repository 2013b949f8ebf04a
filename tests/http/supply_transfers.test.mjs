// supply_transfers.test.mjs - units move between locations (A3.07, I7).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { fresh, locationBody, Shop, uuid } from './lib/shop.mjs';

let house, shop, store;
const url = '/v1/transfers';
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
  store = (await house.client.ok('POST', '/v1/locations',
    locationBody({ type: 'store' }))).code;
});
after(() => house?.stop());

async function draft(lines, more = {}) {
  return house.client.ok('POST', url, { from: shop.location.code, to: store,
    lines: lines.map(([sku, quantity]) => ({ sku, quantity })), ...more });
}
const step = (t, name, body = {}, options) =>
  house.client.post(`${url}/${t.id}/${name}`, { version: t.version, ...body },
    options);
async function did(t, name, body) {
  const reply = await step(t, name, body);
  assert.equal(reply.status, 200, `${name}: ${reply.text}`);
  return reply.json;
}
const numbers = (t) => t.lines.map((l) => [l.shipped, l.received, l.damaged,
  l.lost, l.in_transit]);

test('units leave, are expected, and arrive (A3.07, I7)', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 10);
  let t = await draft([[sku, 6]], { reference: 'T-1',
    expected_at: '2999-01-01T00:00:00Z' });
  assert.equal(t.state, 'draft');
  assert.equal((await shop.level(sku)).reserved, 0);
  t = await did(t, 'ready');
  let from = await shop.level(sku);
  assert.deepEqual([from.on_hand, from.reserved, from.available], [10, 6, 4]);
  t = await did(t, 'ship');
  assert.equal(t.state, 'in_transit');
  from = await shop.level(sku);
  let to = await shop.level(sku, store);
  assert.deepEqual([from.on_hand, from.reserved, from.available], [4, 0, 4]);
  assert.deepEqual([to.on_hand, to.incoming], [0, 6]);
  const expected = await house.client.ok('GET',
    `/v1/expected-receipts?sku=${sku}`);
  assert.equal(expected.items[0].transfer, t.id);
  assert.equal(expected.items[0].expected_at, '2999-01-01T00:00:00.000Z');
  const own = await house.client.delete(
    `/v1/expected-receipts/${expected.items[0].id}?version=1`);
  assert.equal(own.json.code, 'owned_by_transfer', own.text);
  t = await did(t, 'receive');
  assert.equal(t.state, 'received');
  to = await shop.level(sku, store);
  assert.deepEqual([to.on_hand, to.incoming, to.available], [6, 0, 6]);
  const moves = await house.client.all(
    `/v1/inventory/levels/${from.sku_id}/${from.location_id}/movements`);
  assert.deepEqual(moves.slice(0, 2).map((m) => [m.type, m.from, m.to, m.ref]),
    [['transfer_out', 'reserved', 'outside', t.id],
      ['hold', 'available', 'reserved', t.id]]);
});

test('parts are shipped and received, some damaged, the rest lost (I7)',
  async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    await shop.stock(a, 10);
    await shop.stock(b, 5);
    let t = await did(await draft([[a, 8], [b, 5]]), 'ready');
    t = await did(t, 'ship', { items: [{ line: 1, quantity: 3 },
      { line: 1, quantity: 2 }] });
    assert.equal((await shop.level(a)).reserved, 3);
    t = await did(t, 'receive', { items: [{ line: 1, quantity: 2 },
      { line: 1, quantity: 1, bucket: 'damaged' }] });
    assert.equal(t.state, 'partially_received');
    t = await did(t, 'ship', { items: [{ line: 2, quantity: 4 }] });
    assert.equal(t.state, 'partially_received');
    assert.deepEqual(numbers(t), [[5, 3, 1, 0, 2], [4, 0, 0, 0, 4]]);
    let to = await shop.level(a, store);
    assert.deepEqual([to.on_hand, to.damaged, to.incoming], [3, 1, 2]);
    t = await did(t, 'close');
    assert.equal(t.state, 'received');
    assert.deepEqual(numbers(t), [[5, 3, 1, 2, 0], [4, 0, 0, 4, 0]]);
    to = await shop.level(a, store);
    assert.deepEqual([to.on_hand, to.incoming], [3, 0]);
    const from = await shop.level(a);
    assert.deepEqual([from.on_hand, from.reserved, from.available],
      [5, 0, 5]);
    assert.equal((await shop.level(b)).available, 1);
    assert.equal((await step(t, 'receive')).status, 409);
  });

test('more than there is is refused with what is left', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  let t = await draft([[sku, 6]]);
  const ready = await step(t, 'ready');
  assert.equal(ready.status, 409, ready.text);
  assert.equal(ready.json.code, 'not_enough_stock');
  assert.equal(ready.json.field, 'lines[0].quantity');
  t = await house.client.ok('PATCH', `${url}/${t.id}`,
    { version: t.version, lines: [{ sku, quantity: 5 }] });
  t = await did(t, 'ready');
  assert.equal((await shop.place([[sku, 1, 100]])).status, 409);
  const over = await step(t, 'ship', { items: [{ line: 1, quantity: 3 },
    { line: 1, quantity: 3 }] });
  assert.equal(over.status, 422, over.text);
  assert.equal(over.json.code, 'over_shipped');
  assert.equal(over.json.field, 'items[1].quantity');
  assert.match(over.json.detail, /\b2\b/);
  t = await did(t, 'ship', { items: [{ line: 1, quantity: 4 }] });
  const much = await step(t, 'receive', { items: [{ line: 1, quantity: 5 }] });
  assert.equal(much.json.code, 'over_received', much.text);
  assert.match(much.json.detail, /\b4\b/);
  assert.equal((await shop.level(sku, store)).on_hand, 0);
});

test('what a state does not allow is 409, naming what it does', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  let t = await draft([[sku, 2]]);
  for (const name of ['ship', 'receive', 'close']) {
    const reply = await step(t, name);
    assert.equal(reply.status, 409, reply.text);
    assert.match(reply.json.detail, /draft.*allowed: edit, ready, cancel/);
  }
  t = await did(t, 'ready');
  const edit = await house.client.patch(`${url}/${t.id}`,
    { version: t.version, reference: 'x' });
  assert.match(edit.json.detail, /allowed: ship, cancel/);
  const stale = await house.client.post(`${url}/${t.id}/ship`,
    { version: t.version - 1 });
  assert.equal(stale.json.code, 'stale');
  assert.equal(stale.json.current_version, t.version);
  t = await did(t, 'cancel');
  assert.equal((await shop.level(sku)).available, 5);
  assert.equal((await step(t, 'ready')).status, 409);
});

test('a lost reply is asked for again, and 10 ships at once are one (I21)',
  async () => {
    const sku = fresh('sku');
    await shop.stock(sku, 9);
    const t = await did(await draft([[sku, 9]]), 'ready');
    const replies = await Promise.all(Array.from({ length: 10 }, () =>
      step(t, 'ship')));
    assert.equal(replies.filter((r) => r.status === 200).length, 1);
    const done = replies.find((r) => r.status === 200).json;
    const key = uuid();
    const first = await step(done, 'receive', {}, { key });
    const again = await step(done, 'receive', {}, { key });
    assert.equal(again.text, first.text);
    assert.equal((await shop.level(sku, store)).on_hand, 9);
  });

test('lots and serial numbers travel with their units (A3.07, A19.01)',
  async () => {
    const code = fresh('sku');
    const sku = await shop.stock(code, 0);
    await house.client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
      { version: 0, is_lot_tracked: true, is_serial_tracked: true });
    await house.client.ok('POST', '/v1/receipts', {
      location: shop.location.code, lines: [
        { sku: code, quantity: 2, lot: 'A', serials: ['1', '2'],
          expires_on: '2999-01-01' },
        { sku: code, quantity: 1, lot: 'B', serials: ['3'] }] });
    let t = await did(await draft([[code, 3]]), 'ready');
    const bare = await step(t, 'ship');
    assert.equal(bare.json.code, 'lot_required', bare.text);
    const item = (quantity, lot, serials) => ({ line: 1, quantity, lot,
      serials });
    const other = await step(t, 'ship', { items: [item(1, 'A', ['3'])] });
    assert.equal(other.json.code, 'serial_of_other_lot', other.text);
    t = await did(t, 'ship', { items: [item(2, 'A', ['1', '2']),
      item(1, 'B', ['3'])] });
    const list = async () => (await house.client.ok('GET',
      `/v1/serials?sku=${code}`)).items.map((s) => s.place);
    assert.deepEqual(await list(), ['in_transit', 'in_transit', 'in_transit']);
    const policy = await house.client.put(
      `/v1/inventory/unit-policies/${sku.id}`, { version: 1 });
    assert.equal(policy.json.code, 'units_in_transit', policy.text);
    for (const [bad, why] of [[item(1, 'B', ['1']), 'serial_of_other_lot'],
      [item(1, 'A', ['9']), 'serial_not_here'],
      [item(2, 'B', ['3', '1']), 'serial_of_other_lot'],
      [item(1, 'C', ['1']), 'lot_unknown']]) {
      const reply = await step(t, 'receive', { items: [bad] });
      assert.equal(reply.json.code, why, reply.text);
    }
    t = await did(t, 'receive', { items: [item(1, 'A', ['2'])] });
    assert.deepEqual(t.lines[0].lots, [{ lot: 'A', shipped: 2, received: 1 },
      { lot: 'B', shipped: 1, received: 0 }]);
    t = await did(t, 'close');
    assert.deepEqual(await list(), ['gone', 'on_shelf', 'gone']);
    const back = await house.client.post('/v1/receipts', {
      location: shop.location.code, lines: [
        { sku: code, quantity: 1, lot: 'B', serials: ['3'] }] });
    assert.equal(back.status, 201, 'what was lost may turn up');
  });

test('bad transfers are refused by field', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  const good = { from: shop.location.code, to: store,
    lines: [{ sku, quantity: 1 }] };
  for (const [more, field] of [[{ from: 'nowhere' }, 'from'],
    [{ to: 'nowhere' }, 'to'], [{ to: shop.location.code }, 'to'],
    [{ to: undefined }, 'to'], [{ lines: [] }, 'lines'],
    [{ lines: [{ sku: 'nobody', quantity: 1 }] }, 'lines[0].sku'],
    [{ lines: [{ sku, quantity: 0 }] }, 'lines[0].quantity'],
    [{ lines: [{ sku, quantity: 1, more: 1 }] }, 'lines[0].more'],
    [{ reference: 'a\nb' }, 'reference'], [{ reference: 7 }, 'reference'],
    [{ expected_at: 'soon' }, 'expected_at'], [{ more: 1 }, 'more']]) {
    const reply = await house.client.post(url, { ...good, ...more },
      { isBad: true });
    assert.equal(reply.status, 422, JSON.stringify(more) + reply.text);
    assert.equal(reply.json.field, field, reply.text);
  }
  let t = await did(await draft([[sku, 3]]), 'ready');
  const bad = { isBad: true };
  for (const [name, body, field] of [
    ['ship', { version: undefined }, 'version'],
    ['ship', { items: [] }, 'items'],
    ['ship', { items: [{ line: 2, quantity: 1 }] }, 'items[0].line'],
    ['ship', { items: [{ line: 1, quantity: 0 }] }, 'items[0].quantity'],
    ['ship', { items: [{ line: 1, quantity: 1, bucket: 'damaged' }] },
      'items[0].bucket'],
    ['ship', { items: [{ line: 1, quantity: 1, lot: 'A' }] }, 'items[0].lot'],
    ['ship', { expected_at: 3 }, 'expected_at'],
    ['cancel', { more: 1 }, 'more']]) {
    const reply = await step(t, name, body, bad);
    assert.equal(reply.status, 422, name + reply.text);
    assert.equal(reply.json.field, field, reply.text);
  }
  t = await did(t, 'ship');
  for (const [body, field] of [
    [{ items: [{ line: 1, quantity: 1, bucket: 'held' }] }, 'items[0].bucket'],
    [{ expected_at: '2030-01-01T00:00:00Z' }, 'expected_at']]) {
    const reply = await step(t, 'receive', body, bad);
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.field, field);
  }
  const list = await house.client.all(`${url}?state=in_transit`, 1);
  assert.ok(list.some((x) => x.id === t.id));
});
