// orders.test.mjs - orders as a client sees them: taken whole, read back as
// they were sent, money to the minor unit (B1, B2, C23, C25).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, money, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client,
    { stock: { 'ORD-A': 5000, 'ORD-B': 5000 } });
  await shop.stock('ORD-FREE', 0, { is_tracked: false });
});
after(() => house?.stop());

test('an order is taken, confirmed, and read back as it was sent (B1)',
  async () => {
    const sent = shop.order([['ORD-A', 2, 1000], ['ORD-B', 1, 550]], {
      customer: { name: 'Ada Ng', email: 'ada@shop.example', external_id: 'c-1',
        phone: '+47 22 12 34 56' },
      shipping_address: { name: 'Ada Ng', line1: 'Kai 1', city: 'Oslo',
        postal_code: '0150', country: 'NO' },
      billing_address: { name: 'Ng AS', line1: 'Kai 2', city: 'Oslo',
        postal_code: '0151', country: 'NO' },
      shipping_lines: [{ title: 'Post', price: money(490),
        discount: money(90), tax_lines: [{ name: 'MVA', rate_ppm: 250000,
          amount: money(100) }] }],
      fees: [{ title: 'Wrap', amount: money(100) }],
      tags: ['gift', 'vip'], note: 'Ring twice', attrs: { vip: true, n: 3 },
    });
    sent.lines[0].discount = money(200);
    sent.lines[0].tax_lines = [{ name: 'MVA', rate_ppm: 250000,
      amount: money(450) }];
    sent.lines[0].attrs = { engraving: 'A' };
    const total = 2000 - 200 + 450 + 550 + 400 + 100 + 100;
    sent.totals = { lines: money(2550), discount: money(290),
      shipping: money(490), fees: money(100), tax: money(550),
      total: money(total) };
    const placed = await house.client.post('/v1/orders', sent);
    assert.equal(placed.status, 201, placed.text);
    assert.equal(placed.json.status, 'confirmed');
    assert.deepEqual(placed.json.total, money(total));
    const order = await house.client.ok('GET', `/v1/orders/${placed.json.id}`);
    assert.equal(order.external_id, sent.external_id);
    assert.equal(order.channel, shop.channel.code);
    assert.equal(order.origin, 'api');
    assert.equal(order.version, 1);
    for (const key of ['customer', 'shipping_address', 'billing_address',
      'tags', 'note', 'attrs', 'totals'])
      assert.deepEqual(order[key], sent[key], key);
    assert.deepEqual(order.shipping_lines, sent.shipping_lines);
    assert.deepEqual(order.fees,
      [{ title: 'Wrap', amount: money(100), tax_lines: [] }]);
    const [a, b] = order.lines;
    assert.equal(a.sku, 'ORD-A');
    assert.equal(a.title, 'A thing');
    assert.equal(a.cancellable, 2);
    assert.deepEqual([a.quantity, a.allocated, a.backordered, a.cancelled],
      [2, 2, 0, 0]);
    assert.deepEqual([a.unit_price, a.discount, a.tax, a.total],
      [money(1000), money(200), money(450), money(2250)]);
    assert.deepEqual(a.tax_lines, sent.lines[0].tax_lines);
    assert.deepEqual(a.attrs, { engraving: 'A' });
    assert.deepEqual(a.allocations,
      [{ location: shop.location.id, quantity: 2 }]);
    assert.deepEqual(b.total, money(550));
    assert.equal(order.fulfillment_status, 'unfulfilled');
    assert.equal(order.delivery_status, 'none');
    assert.equal(order.return_status, 'none');
  });

test('prices with tax inside add nothing to the total (I13)', async () => {
  const sent = shop.order([['ORD-A', 1, 11900]], { tax_mode: 'inclusive' });
  sent.lines[0].tax_lines = [{ name: 'USt', rate_ppm: 190000,
    amount: money(1900) }];
  sent.totals = { tax: money(1900), total: money(11900) };
  const placed = await house.client.post('/v1/orders', sent);
  assert.equal(placed.status, 201, placed.text);
  const order = await house.client.ok('GET', `/v1/orders/${placed.json.id}`);
  assert.equal(order.tax_mode, 'inclusive');
  assert.deepEqual(order.totals.total, money(11900));
});

for (const [currency, amount] of [['JPY', 1500], ['EUR', 1999], ['KWD', 12345]])
  test(`money of exponent ${{ JPY: 0, EUR: 2, KWD: 3 }[currency]} is ` +
    `minor units, never rounded: ${currency} (C25)`, async () => {
    const own = await Shop.open(house.client, { channel: { currency } });
    const sent = own.order([['ORD-FREE', 3, amount]], { currency });
    sent.totals = { tax: money(0, currency),
      total: money(3 * amount, currency) };
    const placed = await house.client.post('/v1/orders', sent);
    assert.equal(placed.status, 201, placed.text);
    assert.deepEqual(placed.json.total, money(3 * amount, currency));
    const order = await house.client.ok('GET', `/v1/orders/${placed.json.id}`);
    assert.equal(order.currency, currency);
    assert.deepEqual(order.lines[0].unit_price, money(amount, currency));
  });

test('amounts near the limit stay exact', async () => {
  const amount = 999999999999999;
  const placed = await shop.placed([['ORD-A', 1, amount]]);
  const order = await house.client.ok('GET', `/v1/orders/${placed.id}`);
  assert.deepEqual(order.totals.total, money(amount));
  const over = await shop.place([['ORD-A', 1000, amount]]);
  assert.equal(over.status, 422);
  assert.equal(over.json.code, 'number_out_of_range');
});

test('an order of 1,000 lines is one order with 1,000 lines (C23)',
  async () => {
    const skus = Array.from({ length: 1000 }, (_, i) => `BIG-${i}`);
    for (let i = 0; i < 1000; i += 500) {
      const part = skus.slice(i, i + 500);
      const made = await house.client.ok('POST', '/v1/skus/bulk',
        { items: part.map((code) => ({ code, title: code })) });
      assert.ok(made.items.every((x) => x.status === 201));
      const stock = await house.client.ok('POST', '/v1/inventory/adjust',
        { reason: 'count', items: part.map((sku) => (
          { sku, location: shop.location.code, delta: 2 })) });
      assert.ok(stock.items.every((x) => x.status === 200));
    }
    const sent = shop.order(skus.map((sku, i) => [sku, 1, i]));
    const placed = await house.client.post('/v1/orders', sent);
    assert.equal(placed.status, 201, placed.text.slice(0, 300));
    assert.deepEqual(placed.json.total, money(499500));
    const order = await house.client.ok('GET', `/v1/orders/${placed.json.id}`);
    assert.equal(order.lines.length, 1000);
    assert.ok(order.lines.every((l, i) => l.n === i + 1 &&
      l.sku === skus[i] && l.allocated === 1));
    const again = await house.client.post('/v1/orders', sent);
    assert.equal(again.json.id, placed.json.id);
  });

test('names in every script survive (B2)', async () => {
  const names = ['Zoë Ørsted', 'Łukasz Żółć', '田中 太郎', 'محمد علي',
    'Ивана Петровна', '🛒 Käse & Söhne', 'שלום', 'नमस्ते', 'e\u0301',
    "Robert'); DROP TABLE orders;--", '../../etc/passwd', '<script>', '%00'];
  for (const name of names) {
    const placed = await shop.placed([['ORD-A', 1, 1]], {
      external_id: fresh(name), customer: { name },
      shipping_address: { name, city: name, country: 'NO' }, note: name,
      tags: [name], attrs: { [name]: name } });
    const order = await house.client.ok('GET', `/v1/orders/${placed.id}`);
    assert.equal(order.customer.name, name);
    assert.equal(order.shipping_address.city, name);
    assert.equal(order.note, name);
    assert.deepEqual(order.attrs, { [name]: name });
    assert.ok(order.external_id.startsWith(name));
  }
});

test('a SKU that is not tracked takes no stock', async () => {
  const code = fresh('free');
  await house.client.ok('POST', '/v1/skus',
    { code, title: 'Download', is_tracked: false });
  const placed = await shop.placed([[code, 7, 100]]);
  const order = await house.client.ok('GET', `/v1/orders/${placed.id}`);
  assert.equal(order.lines[0].is_tracked, false);
  assert.equal(order.lines[0].allocated, 7);
  assert.deepEqual(await house.client.all(
    `/v1/inventory/levels?sku=${code}`), [], 'no level is touched');
});

test('order numbers of a channel rise one by one', async () => {
  const own = await Shop.open(house.client,
    { channel: { number_prefix: 'N-' } });
  const numbers = [];
  for (let i = 0; i < 5; i++)
    numbers.push((await own.placed([['ORD-FREE', 1, 1]])).number);
  const first = Number(numbers[0].replace('N-', ''));
  assert.deepEqual(numbers, numbers.map((_, i) => `N-${first + i}`));
});

test('the time of placing is kept, and one far ahead refused', async () => {
  const placed = await shop.placed([['ORD-A', 1, 1]],
    { placed_at: '2024-02-29T23:59:59+01:00' });
  assert.equal(placed.placed_at, '2024-02-29T22:59:59.000Z');
  const ahead = await shop.place([['ORD-A', 1, 1]],
    { placed_at: '2999-01-01T00:00:00Z' });
  assert.equal(ahead.status, 422, ahead.text);
  assert.equal(ahead.json.field, 'placed_at');
});

test('the timeline says who did what (B1)', async () => {
  const placed = await shop.placed([['ORD-A', 1, 1]]);
  await house.client.ok('POST', `/v1/orders/${placed.id}/cancel`,
    { version: 1, reason: 'changed my mind' });
  const events = await house.client.all(`/v1/orders/${placed.id}/timeline`, 1);
  const types = events.map((e) => e.type);
  assert.equal(types[0], 'order.placed');
  assert.ok(types.includes('order.confirmed'));
  assert.equal(types.at(-1), 'order.cancelled');
  const [routed, ...more] = events.filter((e) => e.type === 'order.routed');
  assert.deepEqual([routed.actor, more],
    [{ kind: 'system', id: null }, []]);
  assert.ok(events.every((e) => e === routed || (e.actor.kind === 'key' &&
    e.actor.id.startsWith('key_'))));
  assert.equal(new Set(events.map((e) => e.id)).size, events.length);
  const text = JSON.stringify(events);
  assert.ok(!text.includes('Ada'), 'no personal data in the log');
});

test('bulk answers for each order by itself (B2)', async () => {
  const orders = [shop.order([['ORD-A', 1, 100]]),
    shop.order([['NOBODY', 1, 100]]), shop.order([['ORD-B', 2, 100]])];
  const json = await house.client.ok('POST', '/v1/orders/bulk', { orders });
  assert.deepEqual(json.items.map((i) => i.status), [201, 422, 201]);
  assert.equal(json.items[1].error.code, 'sku_unknown');
  assert.equal(json.items[1].order, null);
  assert.equal(json.items[2].order.external_id, orders[2].external_id);
});

test('the same external id on two channels is two orders (I22)', async () => {
  const other = await Shop.open(house.client);
  const external_id = fresh('both');
  const a = await shop.placed([['ORD-FREE', 1, 1]], { external_id });
  const b = await other.placed([['ORD-FREE', 1, 1]], { external_id });
  assert.notEqual(a.id, b.id);
});

test('a channel that is closed takes no orders, and opens again', async () => {
  const own = await Shop.open(house.client);
  const url = `/v1/channels/${own.channel.id}`;
  await house.client.ok('PATCH', url, { version: 1, is_active: false });
  const refused = await own.place([['ORD-FREE', 1, 1]]);
  assert.ok([409, 422].includes(refused.status), refused.text);
  assert.equal(refused.json.code, 'channel_inactive');
  await house.client.ok('PATCH', url, { version: 2, is_active: true });
  assert.equal((await own.place([['ORD-FREE', 1, 1]])).status, 201);
});

test('counts follow the orders (C22)', async () => {
  const own = await Shop.open(house.client);
  const ids = [];
  for (let i = 0; i < 4; i++)
    ids.push((await own.placed([['ORD-FREE', 1, 1]])).id);
  await house.client.ok('POST', `/v1/orders/${ids[0]}/cancel`,
    { version: 1, reason: 'x' });
  await eventually(async () => {
    const { items, recent } = await house.client.ok('GET', '/v1/orders/counts');
    assert.deepEqual([recent.minutes, recent.is_at_least], [10, false]);
    const mine = Object.fromEntries(items
      .filter((i) => i.channel === own.channel.code)
      .map((i) => [i.status, i.orders]));
    return mine.confirmed === 3 && mine.cancelled === 1 && recent.orders >= 4;
  });
});
