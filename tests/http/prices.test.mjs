// prices.test.mjs - what an order costs: asked, then placed as it was answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Receiver } from './lib/receiver.mjs';
import { openHouse } from './lib/server.mjs';
import { Shop, channelBody, eventually, fresh, money, uuid } from './lib/shop.mjs';

let house, client, shop;
const skus = [];

function dice(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const rate = (country, name, rate_ppm, more = {}) =>
  ({ country, name, rate_ppm, ...more });

before(async () => {
  house = await openHouse({ extra: ['--allow-private', '127.0.0.1'] });
  client = house.client;
  shop = await Shop.open(client);
  for (const tax_class of ['standard', 'reduced', 'food', '']) {
    const sku = fresh('priced');
    await client.ok('POST', '/v1/skus',
      { code: sku, title: 'Priced', is_tracked: false, tax_class });
    skus.push(sku);
  }
  const { items } = await client.ok('POST', '/v1/tax-rates/bulk', { items: [
    rate('DE', 'VAT', 190000),
    rate('DE', 'VAT', 70000, { tax_class: 'reduced' }),
    rate('AT', 'VAT', 200000, { reverse_charge: true }),
    rate('US', 'State', 72500, { region: 'CA' }),
    rate('US', 'County', 22500, { region: 'CA', postal_prefix: '902',
      layer: 2 }),
    rate('US', 'Food', 0, { region: 'CA', tax_class: 'food', kind: 'exempt',
      reason: 'Food' }),
    rate('CA', 'GST', 50000),
    rate('CA', 'QST', 99750, { region: 'QC', layer: 2, is_compound: true }),
  ] });
  assert.deepEqual(items.map((i) => i.status), Array(8).fill(201));
});
after(() => house?.stop());

const places = [
  { country: 'DE' }, { country: 'AT', postal_code: '1010' },
  { country: 'US', region: 'CA', postal_code: '90210' },
  { country: 'US', region: 'US-CA', postal_code: '94000' },
  { country: 'CA', region: 'QC' }, { country: 'JP' },
];

async function channel(more) {
  const made = await client.ok('POST', '/v1/channels', channelBody(more));
  await client.ok('PUT', `/v1/channels/${made.id}/routing`,
    { version: 0, locations: [shop.location.id] });
  return made;
}

function randomCart(roll, code, currency) {
  const m = (n) => money(roll(n), currency);
  const cart = {
    channel: code, external_id: fresh('cart'),
    shipping_address: places[roll(places.length)],
    lines: Array.from({ length: 1 + roll(6) }, () => {
      const line = { sku: skus[roll(skus.length)], quantity: 1 + roll(7),
        unit_price: m([10, 1000, 100000][roll(3)]) };
      const price = line.quantity * line.unit_price.amount;
      if (roll(4) === 0) line.discount = money(roll(price + 1), currency);
      else if (roll(4) === 0)
        line.discounts = [{ title: 'Sale', rate_ppm: roll(500000) }];
      return line;
    }),
  };
  if (roll(2)) cart.discounts = [{ title: 'Coupon', rate_ppm: roll(900000) }];
  if (roll(2)) cart.shipping_lines = [{ title: 'Post', price: m(900) }];
  if (roll(3) === 0) cart.fees = [{ title: 'Gift', amount: m(500),
    tax_class: 'reduced' }];
  if (roll(5) === 0) cart.customer = { tax_id: 'ATU12345678' };
  return cart;
}

const sum = (list) => list.reduce((a, b) => a + b, 0);
const taxOf = (x) => sum(x.tax_lines.map((t) => t.amount.amount));

// The body agrees with itself, by arithmetic that is not the server's.
function checkBody(body, mode) {
  let total = 0;
  for (const line of body.lines) {
    const left = line.quantity * line.unit_price.amount - line.discount.amount;
    assert.ok(left >= 0);
    if (line.discounts)
      assert.equal(sum(line.discounts.map((d) => d.amount.amount)),
        line.discount.amount);
    const whole = left + (mode === 'exclusive' ? taxOf(line) : 0);
    assert.equal(line.total.amount, whole);
    total += whole;
  }
  for (const charge of [...body.shipping_lines, ...body.fees])
    total += (charge.price ?? charge.amount).amount -
      (charge.discount?.amount ?? 0) +
      (mode === 'exclusive' ? taxOf(charge) : 0);
  assert.equal(body.totals.total.amount, total);
}

test('two thousand random carts are placed as they were priced', async () => {
  const roll = dice(11);
  const kinds = [
    { tax_mode: 'exclusive', tax: { round: 'line' } },
    { tax_mode: 'inclusive', tax: { round: 'total' }, taxes: 'computed' },
    { tax_mode: 'exclusive', tax: { round: 'total' }, currency: 'JPY',
      rounding: 'half_even' },
    { tax_mode: 'inclusive', tax: { round: 'line' }, currency: 'KWD',
      taxes: 'computed' },
  ];
  for (const kind of kinds) {
    const { code, currency, tax_mode } = await channel(kind);
    const orders = Array.from({ length: 500 },
      () => randomCart(roll, code, currency));
    const priced = await client.ok('POST', '/v1/orders/price/bulk', { orders });
    const bodies = priced.items.map((item) => {
      assert.equal(item.status, 200, JSON.stringify(item.error));
      checkBody(item.order, tax_mode);
      return item.order;
    });
    // Asked again, what was answered stays as it is.
    const again = await client.ok('POST', '/v1/orders/price/bulk',
      { orders: bodies });
    assert.deepEqual(again.items.map((i) => i.order), bodies);
    const placed = await client.ok('POST', '/v1/orders/bulk',
      { orders: bodies });
    for (const [i, item] of placed.items.entries()) {
      assert.equal(item.status, 201, JSON.stringify(item.error));
      assert.deepEqual(item.order.total, bodies[i].totals.total);
    }
  }
});

test('layers, exemptions and reverse charge stand on the tax lines (A10.06)',
  async () => {
    const { code } = await channel({ tax_mode: 'exclusive' });
    const ask = (more) => client.ok('POST', '/v1/orders/price', {
      channel: code, lines: [{ sku: skus[0], quantity: 1,
        unit_price: money(10000) }], ...more });
    const us = await ask({ shipping_address: places[2] });
    assert.deepEqual(us.lines[0].tax_lines, [
      { name: 'State', rate_ppm: 72500, amount: money(725),
        jurisdiction: 'US-CA' },
      { name: 'County', rate_ppm: 22500, amount: money(225),
        jurisdiction: 'US-CA/902' }]);
    const qc = await ask({ shipping_address: places[4] });
    assert.deepEqual(qc.lines[0].tax_lines.map((t) => t.amount.amount),
      [500, 1047]);
    const food = await ask({ shipping_address: places[2], lines: [
      { sku: skus[2], quantity: 1, unit_price: money(10000) }] });
    assert.deepEqual(food.lines[0].tax_lines.map((t) =>
      [t.amount.amount, t.reason ?? null]), [[0, 'Food'], [225, null]]);
    const b2b = await ask({ shipping_address: places[1],
      customer: { name: 'Firma', tax_id: 'ATU12345678' } });
    assert.equal(b2b.lines[0].tax_lines[0].reason, 'reverse_charge');
    assert.equal(b2b.totals.tax.amount, 0);
    // The order keeps all of it.
    const reply = await client.post('/v1/orders', { ...us,
      external_id: fresh('kept') });
    assert.equal(reply.status, 201, reply.text);
    const order = await client.ok('GET', `/v1/orders/${reply.json.id}`);
    assert.deepEqual(order.lines[0].tax_lines, us.lines[0].tax_lines);
  });

test('a channel whose taxes are computed fills them or checks them',
  async () => {
    const { code } = await channel({ tax_mode: 'inclusive', taxes: 'computed',
      tax: { country: 'DE' } });
    const body = { channel: code, external_id: fresh('c'),
      lines: [{ sku: skus[0], quantity: 2, unit_price: money(11900) }] };
    const first = await client.post('/v1/orders', body);
    assert.equal(first.status, 201, first.text);
    const order = await client.ok('GET', `/v1/orders/${first.json.id}`);
    assert.equal(order.totals.tax.amount, 3800);
    assert.equal(order.lines[0].tax_lines[0].jurisdiction, 'DE');
    // The same body again is the same order.
    assert.equal((await client.post('/v1/orders', body)).status, 200);
    const wrong = await client.post('/v1/orders', { ...body,
      external_id: fresh('c'), lines: [{ ...body.lines[0],
        tax_lines: [{ name: 'VAT', amount: money(3799) }] }] });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.json.code, 'taxes_mismatch');
    assert.equal(wrong.json.field, 'lines[0].tax_lines');
  });

test('what cannot be priced is refused by field', async () => {
  const { code } = await channel({});
  const line = { sku: skus[0], quantity: 1, unit_price: money(100) };
  const at = { country: 'DE' };
  const cases = [
    [{ lines: [line] }, 'destination_unknown', 'shipping_address'],
    [{ lines: [{ ...line, sku: 'none' }], shipping_address: at },
      'sku_unknown', 'lines[0].sku'],
    [{ lines: [line], shipping_address: at,
      discounts: [{ title: 'x', amount: money(101) }] },
    'discount_too_large', 'discounts[0]'],
    [{ lines: [{ ...line, discounts: [{ title: 'x' }] }],
      shipping_address: at }, 'missing_field', 'lines[0].discounts[0].amount'],
    [{ lines: [line], currency: 'USD', shipping_address: at },
      'currency_mismatch', 'lines[0].unit_price.currency'],
  ];
  for (const [more, problem, field] of cases) {
    const reply = await client.post('/v1/orders/price',
      { channel: code, ...more });
    assert.equal(reply.status, 422, reply.text);
    assert.deepEqual([reply.json.code, reply.json.field], [problem, field]);
  }
  const placed = await client.post('/v1/orders', { channel: code,
    external_id: fresh('d'), lines: [{ ...line, discount: money(5),
      discounts: [{ title: 'x', amount: money(4) }] }] });
  assert.equal(placed.json.code, 'totals_mismatch');
});

// A tax engine of a tenth, on which `how` says what goes wrong.
async function engineOf(how) {
  return Receiver.start(({ json }) => {
    const tax = (item) => ({ tax_lines: [{ name: 'Tenth', rate_ppm: 100000,
      jurisdiction: 'X', amount: { amount: Math.floor(item.amount.amount / 10),
        currency: json.currency } }] });
    const answer = { items: json.items.map(tax) };
    switch (how()) {
      case 'hang': return { act: () => {} };
      case 'short': answer.items.pop(); break;
      case 'negative': answer.items[0].tax_lines[0].amount.amount = -1; break;
      case 'refuse': return { status: 422, body: JSON.stringify(
        { field: 'to.postal_code', message: 'no such place' }) };
      case 'drop': return { act: (socket) => socket.destroy() };
      case 'error': return { status: 500, body: '{}' };
    }
    return { status: 200, body: JSON.stringify(answer) };
  });
}

// A channel whose taxes are its, by default without another way.
async function taxedBy(engine) {
  const at = await channel({ tax_mode: 'exclusive' });
  const url = `/v1/channels/${at.id}/tax-engine`;
  const put = (more) => client.put(url, { version: 0, url: engine.url,
    secret: 'hush', on_failure: 'refuse', ...more });
  return { at, url, put };
}

test('a service outside computes taxes, and what follows where it does not',
  async () => {
    let how = 'well';
    const engine = await engineOf(() => how);
    const { at, url, put } = await taxedBy(engine);
    const price = (more) => client.post('/v1/orders/price', {
      channel: at.code, currency: 'EUR', shipping_address: { country: 'DE' },
      lines: [{ sku: skus[0], quantity: 3, unit_price: money(333) }],
      shipping_lines: [{ title: 'Post', price: money(500) }], ...more });
    for (const [field, more] of [['url', { url: 'ftp://x' }],
      ['secret', { secret: undefined }],
      ['secret', { secret: 'hush\r\nX-More: 1' }], ['on_failure', { on_failure: 'x' }],
      ['timeout_ms', { timeout_ms: 99 }]]) {
      const bad = await client.put(url, { version: 0, url: engine.url,
        secret: 'hush', on_failure: 'refuse', ...more }, { isBad: true });
      assert.equal(bad.json.field, field, bad.text);
    }
    assert.equal((await client.get(url)).status, 404);
    const made = await put();
    assert.equal(made.status, 200, made.text);
    assert.equal(made.json.has_secret, true);
    assert.ok(!made.text.includes('hush'));
    assert.equal((await put()).status, 409); // Seen before it was there.

    const good = await price();
    assert.equal(good.status, 200, good.text);
    assert.deepEqual([good.json.lines[0], good.json.shipping_lines[0]].map(
      (l) => [l.tax_lines[0].name, l.tax_lines[0].amount.amount]),
    [['Tenth', 99], ['Tenth', 50]]);
    const asked = engine.got.at(-1);
    assert.equal(asked.headers.authorization, 'Bearer hush');
    assert.deepEqual(asked.json.items.map((i) =>
      [i.sku, i.tax_class, i.amount.amount]),
    [[skus[0], 'standard', 999], [null, 'shipping', 500]]);
    assert.deepEqual([asked.json.to.country, asked.json.tax_mode],
      ['DE', 'exclusive']);
    const placed = await client.post('/v1/orders',
      { ...good.json, external_id: fresh('taxed') });
    assert.equal(placed.status, 201, placed.text);

    for (how of ['short', 'negative', 'drop', 'error']) {
      const no = await price();
      assert.deepEqual([no.status, no.json.code], [503, 'tax_engine_failed'],
        `${how}: ${no.text}`);
      assert.ok(Number(no.headers['retry-after']) >= 1);
    }
    const now = await put({ version: 1, on_failure: 'tables', timeout_ms: 200,
      secret: undefined });
    assert.equal(now.status, 200, now.text);
    how = 'hang';
    const byTables = await price();
    assert.equal(byTables.status, 200, byTables.text);
    assert.equal(byTables.json.lines[0].tax_lines[0].name, 'VAT');
    assert.deepEqual(byTables.json.tags, ['taxes-by-tables']);
    how = 'refuse'; // The order's own fault: told, and not held against it.
    for (let i = 0; i < 14; i++) {
      const no = await price();
      assert.deepEqual([no.status, no.json.code, no.json.field], [422,
        'tax_engine_refused', 'shipping_address.postal_code'], no.text);
      assert.ok(no.json.detail.includes('no such place'), no.text);
    }
    how = 'well';
    const again = await client.post('/v1/orders/price', byTables.json);
    assert.deepEqual([again.status, again.json.tags ?? []], [200, []]);
    assert.equal(again.json.lines[0].tax_lines[0].name, 'Tenth');

    how = 'error'; // So often that it is left alone, and asked no more.
    for (let i = 0; i < 14; i++)
      assert.equal((await price()).status, 200);
    const times = engine.got.length;
    how = 'well';
    assert.deepEqual((await price()).json.tags, ['taxes-by-tables']);
    assert.equal(engine.got.length, times);
    await engine.stop();
  });

test('the engine taxes drafts, at the company\'s prices, as often as they are written',
  async () => {
    let how = 'well';
    const engine = await engineOf(() => how);
    const { at, put } = await taxedBy(engine);
    assert.equal((await put()).status, 200);
    const company = await client.ok('POST', '/v1/companies',
      { name: 'Mill', currency: 'EUR' });
    await client.ok('PUT', `/v1/companies/${company.id}/prices`, { version: 1,
      prices: [{ sku: skus[0], unit_price: money(250) }] });
    const order = (quantity) => ({ channel: at.code, currency: 'EUR',
      shipping_address: { country: 'DE' }, lines: [{ sku: skus[0], quantity }] });
    const taxOf = (draft) => draft.order.lines[0].tax_lines.map((tax) =>
      [tax.name, tax.amount.amount]);
    const key = uuid();
    const body = { company_id: company.id, order: order(3) };
    const made = await client.post('/v1/drafts', body, { key });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(taxOf(made.json), [['Tenth', 75]]);
    assert.deepEqual(engine.got.at(-1).json.items.map((i) => i.amount.amount), [750]);
    how = 'error'; // What was accepted is answered as it was (I21).
    const replay = await client.post('/v1/drafts', body, { key });
    assert.equal(replay.json.id, made.json.id, replay.text);
    how = 'well';
    const revise = (version, quantity) => client.put(`/v1/drafts/${made.json.id}`,
      { version, company_id: company.id, order: order(quantity) });
    const revised = await revise(1, 4);
    assert.equal(revised.status, 200, revised.text);
    assert.deepEqual(taxOf(revised.json), [['Tenth', 100]]);
    assert.equal((await revise(1, 5)).status, 409);

    how = 'error';
    const no = await revise(2, 5);
    assert.deepEqual([no.status, no.json.code], [503, 'tax_engine_failed'], no.text);
    how = 'refuse';
    const refused = await revise(2, 5);
    assert.deepEqual([refused.status, refused.json.code],
      [422, 'tax_engine_refused'], refused.text);
    how = 'error';
    assert.equal((await put({ version: 1, on_failure: 'tables' })).status, 200);
    const tables = await revise(2, 5);
    assert.equal(tables.status, 200, tables.text);
    assert.deepEqual(tables.json.order.tags, ['taxes-by-tables']);
    assert.deepEqual(taxOf(tables.json)[0][0], 'VAT');
    how = 'well';
    const last = await revise(3, 6);
    assert.deepEqual([last.json.order.tags ?? [], taxOf(last.json)],
      [[], [['Tenth', 150]]]);
    const placed = await client.post(`/v1/drafts/${made.json.id}/convert`,
      { version: 4 });
    assert.equal(placed.status, 200, placed.text);
    assert.deepEqual(placed.json.order.lines[0].tax_now ??
      placed.json.order.lines[0].tax, money(150));
    await engine.stop();
  });

test('the engine taxes lines that a change adds', async () => {
  let how = 'well';
  const engine = await engineOf(() => how);
  const { at, put } = await taxedBy(engine);
  assert.equal((await put()).status, 200);
  const line = (price) => ({ sku: skus[0], quantity: 1, unit_price: money(price) });
  const placed = await client.post('/v1/orders', { channel: at.code,
    external_id: fresh('c'), currency: 'EUR', lines: [line(100)],
    shipping_address: { country: 'DE', postal_code: '10115' } });
  assert.equal(placed.status, 201, placed.text);
  const url = `/v1/orders/${placed.json.id}/changes`;
  const body = (version, ...actions) => ({ version, reason: 'more', actions });
  const add = (price) => ({ type: 'add_line', add: line(price) });
  const confirmed = async (change) => {
    const path = `/v1/order-changes/${change.id}`;
    await client.ok('POST', `${path}/request`, { version: 1 });
    return (await client.ok('POST', `${path}/confirm`, { version: 2 })).order;
  };

  const look = await client.ok('POST', `${url}/preview`, body(1, add(500)));
  assert.deepEqual(look.total_after, money(650));
  const { json: asked } = engine.got.at(-1);
  assert.deepEqual([asked.items.map((i) => i.amount.amount), asked.to.postal_code],
    [[500], '10115'], 'what was placed is not taxed again');
  const key = uuid();
  const made = await client.post(url, body(1, add(500), { type: 'set_address',
    shipping_address: { country: 'AT', postal_code: '1010' } }), { key });
  assert.equal(made.status, 201, made.text);
  assert.equal(engine.got.at(-1).json.to.postal_code, '1010');
  assert.equal(made.json.actions[0].add.tax_lines[0].name, 'Tenth');
  how = 'error'; // Neither a replay nor what follows asks again (I21).
  const replay = await client.post(url, body(1, add(500), { type: 'set_address',
    shipping_address: { country: 'AT', postal_code: '1010' } }), { key });
  assert.equal(replay.json.id, made.json.id, replay.text);
  const order = await confirmed(made.json);
  assert.deepEqual(order.lines[1].tax_now, money(50));
  assert.deepEqual(order.tags, []);

  const no = await client.post(url, body(2, add(300)));
  assert.deepEqual([no.status, no.json.code], [503, 'tax_engine_failed'], no.text);
  const own = { ...line(300), tax_lines: [{ name: 'Own', rate_ppm: 10000,
    amount: money(3) }] };
  await client.ok('POST', `${url}/preview`,
    body(2, { type: 'add_line', add: own }, { type: 'remove_line', line: 1 }));
  how = 'refuse';
  const refused = await client.post(url, body(2, add(300)));
  assert.deepEqual([refused.status, refused.json.code, refused.json.field],
    [422, 'tax_engine_refused', 'shipping_address.postal_code'], refused.text);
  how = 'error';
  assert.equal((await put({ version: 1, on_failure: 'tables' })).status, 200);
  const unknown = await client.post(url, body(2, { type: 'remove_line', line: 1 },
    { type: 'add_line', add: { ...line(1), sku: 'nowhere' } }));
  assert.deepEqual([unknown.json.code, unknown.json.field],
    ['sku_unknown', 'actions[1].add.sku'], unknown.text);
  const { json: by } = await client.post(url, body(2, add(300)));
  assert.equal(by.actions[0].taxes_by_tables, true);
  const marked = await confirmed(by);
  assert.deepEqual(marked.lines[2].tax_now, money(60));
  assert.deepEqual(marked.tags, ['taxes-by-tables']);
  await engine.stop();
});

test('an engine that hangs holds some of the threads', async () => {
  const held = [];
  const engine = await Receiver.start(() => ({ act: (s) => held.push(s) }));
  const { at, put } = await taxedBy(engine);
  assert.equal((await put({ timeout_ms: 10000 })).status, 200);
  const price = () => client.post('/v1/orders/price', { channel: at.code,
    currency: 'EUR', shipping_address: { country: 'DE' },
    lines: [{ sku: skus[0], quantity: 1, unit_price: money(100) }] });
  const asked = Array.from({ length: 7 }, price);
  for (let i = 0; i < 3; i++) { // Those that none is left for.
    const first = await Promise.race(
      asked.map((one, n) => one.then((reply) => ({ reply, n }))));
    assert.equal(first.reply.json.code, 'tax_engine_failed');
    asked.splice(first.n, 1);
  }
  await eventually(() => held.length >= 4);
  assert.equal(engine.got.length, 4);
  for (const socket of held)
    socket.destroy();
  for (const reply of await Promise.all(asked))
    assert.equal(reply.json.code, 'tax_engine_failed');
  await engine.stop();
});
