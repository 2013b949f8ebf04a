// badinput.test.mjs - malformed and false bodies: 4xx problem+json by its own
// code, naming the field, with nothing stored.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { logged, money, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { stock: { 'BAD-1': 100 } });
});
after(() => house?.stop());

const good = () => shop.order([['BAD-1', 1, 100]]);
const text = (change) => { const b = good(); change?.(b); return JSON.stringify(b); };
const nested = (depth) => '{"attrs":' + '{"a":'.repeat(depth) + '1' +
  '}'.repeat(depth) + '}';

const codes = new Set(); // Each refusal's own code, in this file.

// The malformed bodies, each refused by its own code.
const malformed = [
  ['is cut off', 400, 'json_syntax', undefined,
    () => text().slice(0, -2)],
  ['has something after its end', 400, 'json_syntax', undefined,
    () => text() + 'x'],
  ['is empty', 400, 'json_syntax', undefined, () => ' '],
  ['names a key twice', 400, 'json_duplicate_key', undefined,
    () => text().replace('{', '{"channel":"x",')],
  ['holds bytes that are no UTF-8', 400, 'utf8_invalid', undefined,
    () => Buffer.concat([Buffer.from('{"channel":"'),
      Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
  ['holds an overlong UTF-8 form', 400, 'utf8_invalid', undefined,
    () => Buffer.concat([Buffer.from('{"channel":"'),
      Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
  ['holds half a surrogate pair', 400, null, undefined,
    () => '{"channel":"\\ud800"}'],
  ['holds NaN', 400, 'json_syntax', undefined,
    () => text().replace('"quantity":1', '"quantity":NaN')],
  ['holds Infinity', 400, 'json_syntax', undefined,
    () => text().replace('"quantity":1', '"quantity":Infinity')],
  ['holds a whole number over 64 bits', [400, 422], 'number_out_of_range',
    undefined,
    () => text().replace('"quantity":1', '"quantity":99999999999999999999')],
  ['holds a real number out of range', [400, 422], 'number_out_of_range',
    undefined, () => text().replace('"quantity":1', '"quantity":1e999')],
  ['is nested deeper than 32', 400, 'json_too_deep', undefined,
    () => nested(40)],
  ['is nested very deep', 400, 'json_too_deep', undefined,
    () => '['.repeat(50000)],
  ['is a list', [400, 422], null, undefined, () => '[]'],
  ['uses single quotes', 400, 'json_syntax', undefined,
    () => "{'channel':'x'}"],
  ['ends a list with a comma', 400, 'json_syntax', undefined,
    () => text().replace(']', ',]')],
  ['holds a comment', 400, 'json_syntax', undefined,
    () => text().replace('{', '{/* hi */')],
  ['holds a line break in a string', 400, 'json_syntax', undefined,
    () => text().replace('"BAD-1"', '"BAD\n1"')],
  ['holds a NUL', [400, 422], null, undefined,
    () => text().replace('"BAD-1"', '"BAD\\u0000"')],
  ['holds a number with a leading zero', 400, 'json_syntax', undefined,
    () => text().replace('"quantity":1', '"quantity":01')],
];

// Well-formed, and false.
const wrong = [
  ['has a field nobody knows', 'unknown_field', 'coupon',
    (b) => { b.coupon = 'X'; }],
  ['has a field nobody knows in a line', 'unknown_field', 'lines[0].colour',
    (b) => { b.lines[0].colour = 'red'; }],
  ['lacks its channel', 'missing_field', 'channel',
    (b) => { delete b.channel; }],
  ['lacks the SKU of a line', 'missing_field', 'lines[0].sku',
    (b) => { delete b.lines[0].sku; }],
  ['has a number for text', 'wrong_type', 'channel', (b) => { b.channel = 7; }],
  ['has text for a number', 'wrong_type', 'lines[0].quantity',
    (b) => { b.lines[0].quantity = '1'; }],
  ['has half a unit', 'wrong_type', 'lines[0].quantity',
    (b) => { b.lines[0].quantity = 1.5; }],
  ['has units below zero', 'number_out_of_range', 'lines[0].quantity',
    (b) => { b.lines[0].quantity = -1; }],
  ['has no units', 'number_out_of_range', 'lines[0].quantity',
    (b) => { b.lines[0].quantity = 0; }],
  ['has more units than we take', 'number_out_of_range', 'lines[0].quantity',
    (b) => { b.lines[0].quantity = 1e9 + 1; }],
  ['has a price below zero', 'number_out_of_range', 'lines[0].unit_price',
    (b) => { b.lines[0].unit_price.amount = -1; }],
  ['has a price in parts of a cent', 'wrong_type',
    'lines[0].unit_price.amount',
    (b) => { b.lines[0].unit_price.amount = 19.99; }],
  ['has a currency of no country', 'currency_unknown',
    'lines[0].unit_price.currency',
    (b) => { b.lines[0].unit_price.currency = 'EUX'; }],
  ['mixes currencies', 'currency_mismatch', null, (b) => {
    b.lines.push({ ...b.lines[0], unit_price: money(1, 'USD') });
  }],
  ['sells an unknown SKU', 'sku_unknown', 'lines[0].sku',
    (b) => { b.lines[0].sku = 'NOBODY-KNOWS'; }],
  ['comes from an unknown channel', 'channel_unknown', 'channel',
    (b) => { b.channel = 'nobody-knows'; }],
  ['has a line total that is off by one', 'totals_mismatch', 'lines[0].total',
    (b) => { b.lines[0].total = money(101); }],
  ['has an order total that is off by one', 'totals_mismatch', 'totals.total',
    (b) => { b.totals = { tax: money(0), total: money(101) }; }],
  ['has a tax total that is off by one', 'totals_mismatch', 'totals.tax',
    (b) => { b.totals = { tax: money(1), total: money(100) }; }],
  ['discounts more than the line', 'discount_too_large', 'lines[0].discount',
    (b) => { b.lines[0].discount = money(101); }],
  ['has no lines', 'too_short', 'lines', (b) => { b.lines = []; }],
  ['has 1,001 lines', 'too_long', 'lines',
    (b) => { b.lines = Array(1001).fill(b.lines[0]); }],
  ['has a SKU of 65 bytes', 'too_long', 'lines[0].sku',
    (b) => { b.lines[0].sku = 'S'.repeat(65); }],
  ['has an external id of 101 bytes', 'too_long', 'external_id',
    (b) => { b.external_id = 'E'.repeat(101); }],
  ['has an empty external id', 'too_short', 'external_id',
    (b) => { b.external_id = ''; }],
  ['has a country in words', 'country_unknown', 'shipping_address.country',
    (b) => { b.shipping_address = { country: 'Germany' }; }],
  ['has an e-mail address without a host', 'email_invalid', 'customer.email',
    (b) => { b.customer = { email: 'ada@' }; }],
  ['has a telephone number of three digits', 'phone_invalid',
    'shipping_address.phone', (b) => {
      b.shipping_address = { country: 'DE', phone: '110' };
    }],
  ['asks for a service nobody knows', 'service_unknown', 'service',
    (b) => { b.service = 'teleport'; }],
  ['has a time that is none', 'invalid_time', 'placed_at',
    (b) => { b.placed_at = 'yesterday'; }],
  ['has attributes over 16 KiB', 'too_long', 'attrs',
    (b) => { b.attrs = { a: 'x'.repeat(17000) }; }],
  ['has attributes that are a list', 'wrong_type', 'attrs',
    (b) => { b.attrs = []; }],
];

for (const [name, status, code, field, make] of malformed) {
  test(`a body that ${name}: ${code ?? 'refused'}`, async () => {
    const reply = await house.client.post('/v1/orders', make());
    assert.ok([status].flat().includes(reply.status), reply.text);
    if (code) assert.equal(reply.json.code, code, reply.text);
    if (field) assert.equal(reply.json.field, field);
    assert.ok(reply.json.detail?.length > 0, 'says what is wrong');
    codes.add(reply.json.code);
  });
}

for (const [name, code, field, change] of wrong) {
  test(`an order that ${name}: 422 ${code}`, async () => {
    const body = good();
    change(body);
    const reply = await house.client.post('/v1/orders', body, { isBad: true });
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.code, code, reply.text);
    if (field) assert.equal(reply.json.field, field, reply.text);
    codes.add(reply.json.code);
  });
}

test('seventeen malformed or false bodies and more have codes of their own',
  () => {
    assert.ok(codes.size >= 17, [...codes].join(' '));
  });

test('a body of another type: 415', async () => {
  for (const type of ['text/plain', 'application/xml', '']) {
    const reply = await house.client.post('/v1/orders', text(),
      { headers: { 'content-type': type || null } });
    assert.equal(reply.status, 415, `${type}: ${reply.text}`);
  }
});

test('a compressed body: 415', async () => {
  const reply = await house.client.post('/v1/orders', text(),
    { headers: { 'content-encoding': 'gzip' } });
  assert.equal(reply.status, 415, reply.text);
});

test('a body over 1 MiB is 413, and bulk takes it up to 8 MiB', async () => {
  const big = text((b) => { b.note = 'x'.repeat(1 << 20); });
  const reply = await house.client.post('/v1/orders', big);
  assert.equal(reply.status, 413);
  assert.equal(reply.json.code, 'body_too_large');
  const many = { orders: Array.from({ length: 700 }, () => ({
    ...good(), note: 'x'.repeat(2000), lines: [{ sku: 'NOPE', quantity: 1,
      unit_price: money(1) }] })) };
  assert.ok(JSON.stringify(many).length > 1 << 20);
  const bulk = await house.client.post('/v1/orders/bulk', many);
  assert.equal(bulk.status, 200, bulk.text.slice(0, 300));
  assert.equal(bulk.json.items.length, 700);
  assert.ok(bulk.json.items.every((i) => i.status === 422 &&
    i.error.code === 'sku_unknown'));
});

test('idempotency keys that are empty, long or not plain: 400', async () => {
  for (const key of ['', 'k'.repeat(256), 'a\tb']) {
    const reply = await house.client.post('/v1/orders', text(), { key });
    assert.equal(reply.status, 400, reply.text);
    assert.match(reply.json.code, /^idempotency_key_(missing|invalid)$/);
  }
});

test('after all that nothing is stored', async () => {
  const level = await shop.level('BAD-1');
  assert.equal(level.committed, 0);
  assert.equal(level.on_hand, 100);
  await logged(house.client);
  assert.deepEqual(await house.client.all('/v1/events?type=order.*'), []);
});
