// supply.test.mjs - units come in: receipts, lots, serial numbers (A19.01).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { fresh, Shop, uuid } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

const receive = (lines, more = {}, options) => house.client.post('/v1/receipts',
  { location: shop.location.code, lines, ...more }, options);

async function tracked(policy) {
  const code = fresh('sku');
  const sku = await shop.stock(code, 0);
  await house.client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
    { version: 0, ...policy });
  return code;
}

test('goods come in once, whatever the network does (A19.01, I21)', async () => {
  const code = fresh('sku');
  await shop.stock(code, 3);
  const key = uuid();
  const lines = [{ sku: code, quantity: 7 },
    { sku: code, quantity: 2, bucket: 'damaged' }];
  const first = await receive(lines, { reference: 'DN-7' }, { key });
  assert.equal(first.status, 201, first.text);
  const again = await receive(lines, { reference: 'DN-7' }, { key });
  assert.equal(again.text, first.text);
  const level = await shop.level(code);
  assert.deepEqual([level.on_hand, level.damaged, level.available],
    [12, 2, 10]);
  const one = await house.client.ok('GET', `/v1/receipts/${first.json.id}`);
  assert.deepEqual(one, first.json);
  const list = await house.client.all(
    `/v1/receipts?location=${shop.location.code}`, 1);
  assert.ok(list.some((r) => r.id === first.json.id));
  const moves = await house.client.all(
    `/v1/inventory/levels/${level.sku_id}/${level.location_id}/movements`, 2);
  assert.deepEqual(moves.filter((m) => m.type === 'receive')
    .map((m) => [m.qty, m.to, m.ref]).sort(),
  [[2, 'damaged', first.json.id], [7, 'available', first.json.id]]);
});

test('bad receipts are refused by field, and take nothing in', async () => {
  const code = fresh('sku');
  await shop.stock(code, 1);
  const line = { sku: code, quantity: 1 };
  const cases = [
    [{ lines: [] }, 'lines'],
    [{ lines: undefined }, 'lines'],
    [{ location: 'nowhere' }, 'location'],
    [{ location: 5 }, 'location'],
    [{ reference: 'x'.repeat(101) }, 'reference'],
    [{ reference: 'a\u0007b' }, 'reference'],
    [{ extra: 1 }, 'extra'],
    [{ lines: [{ ...line, quantity: 0 }] }, 'lines[0].quantity'],
    [{ lines: [{ ...line, quantity: 1.5 }] }, 'lines[0].quantity'],
    [{ lines: [{ ...line, quantity: 1e10 }] }, 'lines[0].quantity'],
    [{ lines: [line, { ...line, sku: 'nobody' }] }, 'lines[1].sku'],
    [{ lines: [{ ...line, bucket: 'held' }] }, 'lines[0].bucket'],
    [{ lines: [{ ...line, lot: 'A' }] }, 'lines[0].lot'],
    [{ lines: [{ ...line, lot: '' }] }, 'lines[0].lot'],
    [{ lines: [{ ...line, expires_on: '2030-02-30' }] }, 'lines[0].expires_on'],
    [{ lines: [{ ...line, expires_on: 'tomorrow' }] }, 'lines[0].expires_on'],
    [{ lines: [{ ...line, serials: ['1'] }] }, 'lines[0].serials'],
    [{ lines: [{ ...line, serials: [1] }] }, 'lines[0].serials[0]'],
    [{ lines: [{ ...line, serials: 'x' }] }, 'lines[0].serials'],
  ];
  for (const [more, field] of cases) {
    const reply = await receive([line], more, { isBad: true });
    assert.equal(reply.status, 422, JSON.stringify(more) + reply.text);
    assert.equal(reply.json.field, field, reply.text);
  }
  assert.equal((await shop.level(code)).on_hand, 1);
});

test('lots sum to the level and come first expired first (A19.01)', async () => {
  const code = await tracked(
    { is_lot_tracked: true, is_expiry_required: true });
  const bad = await receive([{ sku: code, quantity: 5, lot: 'L1' }]);
  assert.equal(bad.json.code, 'expiry_required', bad.text);
  const old = await receive([{ sku: code, quantity: 5, lot: 'L0',
    expires_on: '2001-01-01' }]);
  assert.equal(old.status, 409, old.text);
  assert.equal(old.json.code, 'lot_expired');
  const done = await receive([
    { sku: code, quantity: 5, lot: 'L2', expires_on: '2999-06-30' },
    { sku: code, quantity: 4, lot: 'L1', expires_on: '2999-01-31' },
    { sku: code, quantity: 3, lot: 'L0', expires_on: '2001-01-01',
      bucket: 'quality_control' }]);
  assert.equal(done.status, 201, done.text);
  const all = await house.client.all(`/v1/lots?sku=${code}`, 2);
  assert.deepEqual(all.map((l) => [l.lot, l.on_hand, l.is_expired]),
    [['L0', 3, true], ['L1', 4, false], ['L2', 5, false]]);
  const usable = await house.client.ok('GET', `/v1/lots?sku=${code}` +
    `&location=${shop.location.code}&usable=true`);
  assert.deepEqual(usable.items.map((l) => l.lot), ['L1', 'L2']);
  const level = await shop.level(code);
  assert.equal(all.reduce((n, l) => n + l.on_hand, 0), level.on_hand);
  const taken = await house.client.ok('POST', '/v1/inventory/adjust',
    { reason: 'broke', items: [
      { sku: code, location: shop.location.code, delta: -1 },
      { sku: code, location: shop.location.code, delta: -1, lot: 'L1' }] });
  assert.deepEqual(taken.items.map((i) => i.error?.code ?? ''),
    ['lot_required', '']);
  assert.equal((await shop.place([[code, 8, 100]])).status, 201);
});

test('20 receipts of one serial number at once: one succeeds (A19.01)',
  async () => {
    const code = await tracked({ is_serial_tracked: true });
    const replies = await Promise.all(Array.from({ length: 20 }, () =>
      receive([{ sku: code, quantity: 1, serials: ['SN-1'] }])));
    assert.equal(replies.filter((r) => r.status === 201).length, 1);
    assert.ok(replies.filter((r) => r.status !== 201)
      .every((r) => r.status === 409 && r.json.code === 'serial_taken'));
    assert.equal((await shop.level(code)).on_hand, 1);
    const page = await house.client.ok('GET', `/v1/serials?sku=${code}`);
    assert.deepEqual(page.items.map((s) => [s.serial, s.place, s.location]),
      [['SN-1', 'on_shelf', shop.location.code]]);
  });

test('a policy is versioned and cannot change over units', async () => {
  const code = fresh('sku');
  const sku = await shop.stock(code, 2);
  const url = `/v1/inventory/unit-policies/${sku.id}`;
  const put = (body) => house.client.put(url, body, { isBad: true });
  assert.equal((await house.client.ok('GET', url)).version, 0);
  let reply = await put({ version: 0, is_lot_tracked: true });
  assert.equal(reply.status, 409, reply.text);
  assert.equal(reply.json.code, 'units_on_hand');
  for (const [body, field] of [[{ is_lot_tracked: true }, 'version'],
    [{ version: 0, is_lot_tracked: 1 }, 'is_lot_tracked'],
    [{ version: 0, is_serial_tracked: 'x' }, 'is_serial_tracked'],
    [{ version: 0, is_expiry_required: true }, 'is_expiry_required'],
    [{ version: -1 }, 'version'], [{ version: 0, more: 1 }, 'more']]) {
    reply = await put(body);
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.field, field);
  }
  assert.equal((await put({ version: 0 })).status, 200);
  reply = await put({ version: 0 });
  assert.equal(reply.json.code, 'stale');
  assert.equal(reply.json.current_version, 1);
  reply = await house.client.get(
    '/v1/inventory/unit-policies/sku_0000000000000');
  assert.equal(reply.status, 404, reply.text);
});

test('lists of lots and serial numbers ask for a SKU', async () => {
  for (const [url, field] of [['/v1/lots', 'sku'], ['/v1/serials', 'sku'],
    ['/v1/lots?sku=nobody', 'sku'], ['/v1/receipts?location=x', 'location'],
    ['/v1/receipts?after=x', 'after'], ['/v1/receipts?more=1', 'more']]) {
    const reply = await house.client.get(url, { isBad: true });
    assert.equal(reply.status, 422, url + reply.text);
    assert.equal(reply.json.field, field);
  }
  const code = await tracked({ is_lot_tracked: true });
  for (const query of ['usable=maybe', 'usable=true', 'after=1.2.3',
    'location=nowhere']) {
    const reply = await house.client.get(`/v1/lots?sku=${code}&${query}`,
      { isBad: true });
    assert.equal(reply.status, 422, query + reply.text);
  }
});
