// supply_expected.test.mjs - goods that will come in, and what can be promised
// from them (A13.19 incoming, DOMAIN 2).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, locationBody, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client,
    { channel: { stock_policy: 'backorder' } });
});
after(() => house?.stop());

const day = (n) => new Date(Date.now() + n * 86400000);
const url = '/v1/expected-receipts';
const expect = (sku, quantity, at, more = {}) => house.client.post(url,
  { sku, location: shop.location.code, quantity,
    expected_at: at.toISOString(), ...more });

async function expected(...args) {
  const reply = await expect(...args);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

test('incoming is what is expected, and receiving lowers it', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 2);
  const a = await expected(sku, 10, day(3), { reference: 'PO-1',
    over_percent: 20 });
  const b = await expected(sku, 5, day(9));
  assert.equal((await shop.level(sku)).incoming, 15);
  const receive = (quantity, id) => house.client.post('/v1/receipts',
    { location: shop.location.code,
      lines: [{ sku, quantity, expected_receipt: id }] });
  assert.equal((await receive(4, a.id)).status, 201);
  let level = await shop.level(sku);
  assert.deepEqual([level.on_hand, level.incoming], [6, 11]);
  const over = await receive(9, a.id);
  assert.equal(over.status, 422, over.text);
  assert.equal(over.json.code, 'over_received');
  assert.match(over.json.detail, /\b8\b/);
  assert.equal((await receive(8, a.id)).status, 201, 'within the tolerance');
  const done = await house.client.ok('GET', `${url}/${a.id}`);
  assert.deepEqual([done.state, done.received, done.open],
    ['received', 12, 0]);
  assert.equal((await receive(6, b.id)).status, 422);
  level = await shop.level(sku);
  assert.deepEqual([level.on_hand, level.incoming], [14, 5]);
});

test('an expected receipt is changed by version, and cancelled', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const row = await expected(sku, 10, day(2));
  const patch = (body) => house.client.patch(`${url}/${row.id}`, body,
    { isBad: true });
  const done = await patch({ version: 1, quantity: 7,
    expected_at: day(5).toISOString() });
  assert.equal(done.status, 200, done.text);
  assert.equal((await shop.level(sku)).incoming, 7);
  const stale = await patch({ version: 1, quantity: 8 });
  assert.equal(stale.status, 409);
  assert.equal(stale.json.current_version, 2);
  for (const [body, field] of [[{ version: 2, quantity: 0 }, 'quantity'],
    [{ quantity: 3 }, 'version'], [{ version: 2, more: 1 }, 'more'],
    [{ version: 2, expected_at: 'soon' }, 'expected_at'],
    [{ version: 2, over_percent: 101 }, 'over_percent'],
    [{ version: 2, reference: null }, 'reference']]) {
    const reply = await patch(body);
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.field, field);
  }
  const gone = await house.client.delete(`${url}/${row.id}?version=2`);
  assert.equal(gone.status, 200, gone.text);
  assert.equal(gone.json.state, 'cancelled');
  assert.equal((await shop.level(sku)).incoming, 0);
  const again = await house.client.delete(`${url}/${row.id}?version=3`);
  assert.equal(again.status, 409, again.text);
  const none = await house.client.delete(`${url}/${row.id}`, { isBad: true });
  assert.equal(none.json.field, 'version');
});

test('bulk announces each on its own', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const at = day(1).toISOString();
  const item = { sku, location: shop.location.code, quantity: 3,
    expected_at: at };
  const json = await house.client.ok('POST', `${url}/bulk`, { items: [item,
    { ...item, sku: 'nobody' }, { ...item, location: 'nowhere' },
    { ...item, reference: 'a\tb' }, item] });
  assert.deepEqual(json.items.map((i) => i.error?.field ?? i.status),
    [201, 'sku', 'location', 'reference', 201]);
  assert.equal((await shop.level(sku)).incoming, 6);
  for (const [more, field] of [[{ quantity: -1 }, 'items[0].quantity'],
    [{ expected_at: 4 }, 'items[0].expected_at'],
    [{ expected_at: undefined }, 'items[0].expected_at'],
    [{ over_percent: 'x' }, 'items[0].over_percent'],
    [{ extra: 1 }, 'items[0].extra']]) {
    const reply = await house.client.post(`${url}/bulk`,
      { items: [{ ...item, ...more }] }, { isBad: true });
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.field, field);
  }
});

test('late ones stay open and are listed in order of time', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const late = await expected(sku, 1, day(-2));
  const later = await expected(sku, 1, day(-1));
  await expected(sku, 1, day(4));
  const rows = await house.client.all(`${url}?late=true&sku=${sku}`, 1);
  assert.deepEqual(rows.map((r) => r.id), [late.id, later.id]);
  assert.ok(rows.every((r) => r.is_late && r.state === 'open'));
  const open = await house.client.all(`${url}?sku=${sku}`, 2);
  assert.equal(open.length, 3);
  const all = await house.client.all(`${url}?state=cancelled`, 1);
  assert.ok(all.every((r) => r.state === 'cancelled'));
  for (const query of ['late=1', 'state=none', 'sku=nobody', 'after=x',
    'late=true&state=received']) {
    const reply = await house.client.get(`${url}?${query}`, { isBad: true });
    assert.equal(reply.status, 422, query + reply.text);
  }
});

const atp = (query) => house.client.ok('GET', `/v1/stock/atp?${query}`);

test('ATP by day counts what comes, less what is owed (DOMAIN 2)', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 4);
  await expected(sku, 10, day(3));
  await expected(sku, 5, day(6));
  await shop.placed([[sku, 7, 100]]);
  const date = (n) => day(n).toISOString().slice(0, 10);
  const query = `sku=${sku}&from=${date(0)}&to=${date(8)}`;
  const seen = await eventually(async () => {
    const json = await atp(query);
    return json.backordered === 3 && json;
  });
  assert.equal(seen.available, 0);
  assert.equal(seen.days.length, 9);
  assert.deepEqual([seen.days[0].atp, seen.days[8].atp], [-3, 12]);
  assert.equal(seen.locations.length, 1);
  assert.equal(seen.locations[0].days[8].atp, 15);
  assert.equal(seen.days.reduce((n, d) => n + d.incoming, 0), 15);
});

test('a day is that of the location, also when clocks change', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const at = async (tz, time) => {
    const place = await house.client.ok('POST', '/v1/locations',
      locationBody({ tz }));
    await house.client.ok('POST', url, { sku, location: place.code,
      quantity: 1, expected_at: time });
    const json = await atp(
      `sku=${sku}&location=${place.code}&from=2030-03-29&to=2030-04-02`);
    return json.locations[0].days.find((d) => d.incoming === 1)?.date;
  };
  // Europe changes on 2030-03-31: 23 hours, from +01:00 to +02:00.
  assert.equal(await at('Europe/Berlin', '2030-03-30T22:59:59Z'),
    '2030-03-30');
  assert.equal(await at('Europe/Berlin', '2030-03-30T23:00:00Z'),
    '2030-03-31');
  assert.equal(await at('Europe/Berlin', '2030-03-31T21:59:59Z'),
    '2030-03-31');
  assert.equal(await at('Europe/Berlin', '2030-03-31T22:00:00Z'),
    '2030-04-01');
  assert.equal(await at('Pacific/Kiritimati', '2030-03-30T10:00:00Z'),
    '2030-03-31');
  assert.equal(await at('America/New_York', '2030-03-31T03:59:00Z'),
    '2030-03-30');
});

test('ATP refuses what it cannot answer, by parameter', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  for (const [query, field] of [['', 'sku'], ['sku=nobody', 'sku'],
    [`sku=${sku}&location=nowhere`, 'location'],
    [`sku=${sku}&from=2030-02-30`, 'from'], [`sku=${sku}&to=x`, 'to'],
    [`sku=${sku}&from=2030-01-02&to=2030-01-01`, 'to'],
    [`sku=${sku}&from=2030-01-01&to=2031-01-01`, 'to'],
    [`sku=${sku}&more=1`, 'more']]) {
    const reply = await house.client.get(`/v1/stock/atp?${query}`,
      { isBad: true });
    assert.equal(reply.status, 422, query + reply.text);
    assert.equal(reply.json.field, field);
  }
});
