// routing.test.mjs - strategies, sites, capacity and promises (A4.01-A4.14).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { channelBody, eventually, fresh, locationBody, logged, orderBody } from './lib/shop.mjs';

let house, client;
const places = {};
const put = (url, body) => client.send('PUT', url, { body });
async function set(url, body) {
  const { version } = await client.ok('GET', url);
  return client.ok('PUT', url, { version, ...body });
}
async function place(code, more = {}) {
  places[code] = await client.ok('POST', '/v1/locations',
    locationBody({ code, ...more }));
}
async function site(code, settings) {
  return set(`/v1/locations/${places[code].id}/site`, { settings });
}
async function sku(stock, more = {}) {
  const code = fresh('sku');
  await client.ok('POST', '/v1/skus',
    { code, title: 'A thing', is_tracked: true, ...more });
  await client.ok('POST', '/v1/inventory/adjust', { reason: 'test',
    items: Object.entries(stock).map(([location, delta]) =>
      ({ sku: code, location, delta })) });
  return code;
}
async function channel(scenarios, more = {}, locations = []) {
  const made = await client.ok('POST', '/v1/channels', channelBody(more));
  await client.ok('PUT', `/v1/channels/${made.id}/routing`, { version: 0,
    locations: locations.map((code) => places[code].id), scenarios });
  return made;
}
const berlin = { country: 'DE', city: 'Berlin', postal_code: '10115',
  lat: 52.52, lon: 13.4 };
const to = (address, more = {}) => ({ shipping_address: address, ...more });
async function order(shop, lines, more = to(berlin)) {
  return client.post('/v1/orders', orderBody(shop.code, lines, more));
}
const codeOf = (id) =>
  Object.keys(places).find((code) => places[code].id === id);
async function routed(shop, lines, more) {
  const reply = await order(shop, lines, more);
  assert.equal(reply.status, 201, reply.text);
  const { items } = await client.ok('GET',
    `/v1/orders/${reply.json.id}/routing`);
  const plan = items[0].plan.map((p) =>
    `${p.line}/${codeOf(p.location)}:${p.quantity}`).join(' ');
  return { ...items[0], told: plan, id: reply.json.id };
}
const step = (name, more) => ({ name, ...more });
const rank = (...by) => by.map((rule) =>
  typeof rule === 'string' ? { by: rule } : rule);

before(async () => {
  house = await openHouse();
  client = house.client;
  await place('HH'); // Hamburg
  await place('MUC', { lat: 48.14, lon: 11.58, address: { country: 'DE' } });
  await place('PAR', { lat: 48.86, lon: 2.35, address: { country: 'FR' },
    tz: 'Europe/Paris' });
  await place('SHOP', { lat: 52.5, lon: 13.3, type: 'store', is_pickup: true });
});
after(() => house?.stop());

test("Shopify's rules in the merchant's order (C19, A4.03, A4.04, A4.05, A4.06)",
  async () => {
    const a = await sku({ MUC: 5, PAR: 5, SHOP: 1 });
    const b = await sku({ PAR: 5, SHOP: 5 });
    const order1 = [[a, 2, 100], [b, 1, 100]];
    const shop = await channel([{ name: 'all', steps: [step('one', { rank:
      rank('fewest_splits', 'same_market', 'nearest') })] }]);
    let got = await routed(shop, order1);
    assert.equal(got.told, '1/PAR:2 2/PAR:1');
    assert.equal(got.rule, 'whole_order');
    assert.deepEqual(got.steps[0].runner_up.map(codeOf).sort(), ['MUC', 'SHOP']);
    assert.equal(got.steps[0].is_exact, true);
    const by = got.candidates.find((c) => codeOf(c.location) === 'PAR').by;
    assert.deepEqual(by.slice(0, 2).map((r) => r.value), [1, 1]);
    assert.ok(by[2].value > 870000 && by[2].value < 885000, 'km to Paris');
    await set(`/v1/channels/${shop.id}/routing`, { locations: [], scenarios: [{
      name: 'all', steps: [step('one', { rank: rank('same_market',
        'fewest_splits', 'nearest') })] }] });
    got = await routed(shop, order1);
    assert.equal(got.told, '1/MUC:2 2/SHOP:1');
    assert.equal(got.strategy_version, 2);
    await set(`/v1/channels/${shop.id}/routing`, { locations: [], scenarios: [{
      name: 'all', steps: [step('one', { rank: rank('fewest_splits',
        { by: 'ranked', locations: ['HH', 'MUC', 'SHOP'] }) })] }] });
    got = await routed(shop, [[a, 1, 100]]);
    assert.equal(got.told, '1/MUC:1');
  });

test('scenarios choose orders, steps choose sites (A4.06, A4.07)', async () => {
  await site('SHOP', { groups: ['city'] });
  const a = await sku({ HH: 9, PAR: 9, SHOP: 9 }, { attrs: { class: 'glass' } });
  const b = await sku({ HH: 9, SHOP: 2 });
  const shop = await channel([
    { name: 'vip', when: { tags: ['vip'], value_min: { amount: 500,
      currency: 'EUR' } }, steps: [step('shops', {
      filter: { types: ['store'], groups: ['city'], max_km: 30 } })] },
    { name: 'glass', when: { sku_attrs: [{ key: 'class', values: ['glass'] }],
      countries: ['FR'] }, steps: [step('paris', {
      filter: { same_market: true }, then: 'refuse' })] },
    { name: 'near', when: { services: ['express'] }, steps: [
      step('whole', { filter: { groups: ['city'], min_left: 1 },
        allocate: 'whole_order' }),
      step('any', { rank: rank({ by: 'ranked', locations: ['HH'] }) })] },
  ], {}, ['PAR', 'HH', 'SHOP']);
  let got = await routed(shop, [[a, 5, 100]], to(berlin, { tags: ['vip'] }));
  assert.equal(got.told, '1/SHOP:5');
  assert.equal(got.scenario, 'vip');
  assert.deepEqual(got.steps[0].filtered, { group: 2 });
  got = await routed(shop, [[a, 1, 100]], to(berlin, { tags: ['vip'] }));
  assert.equal(got.scenario, undefined); // Of too little value: the list.
  assert.equal(got.told, '1/PAR:1');
  got = await routed(shop, [[a, 1, 100]], to({ country: 'FR' }));
  assert.equal(got.told, '1/PAR:1');
  const refused = await order(shop, [[a, 9, 100]], to({ country: 'FR' }));
  assert.equal(refused.status, 409);
  assert.equal(refused.json.code, 'routing_refused');
  const express = to(berlin, { service: 'express' });
  got = await routed(shop, [[b, 1, 100]], express);
  assert.equal(got.told, '1/SHOP:1');
  got = await routed(shop, [[b, 1, 100]], express); // One must stay there.
  assert.equal(got.told, '1/HH:1');
  assert.deepEqual(got.steps.map((s) => [s.step, s.units]),
    [['whole', 0], ['any', 1]]);
});

test('what expires first goes first, then what is oldest; by market (A19.01)',
  async () => {
    const a = fresh('sku');
    const { id } = await client.ok('POST', '/v1/skus',
      { code: a, title: 'A thing', is_tracked: true });
    await client.ok('PUT', `/v1/inventory/unit-policies/${id}`,
      { version: 0, is_lot_tracked: true });
    const receive = (location, lot, day) => client.ok('POST', '/v1/receipts',
      { location, lines: [{ sku: a, quantity: 9, lot,
        ...(day && { expires_on: day }) }] });
    await receive('HH', 'never');
    await receive('PAR', 'late', '2999-03-01');
    await receive('SHOP', 'soon', '2999-01-01');
    const shop = await channel([
      { name: 'far', when: { markets: ['US'] }, steps: [step('old', { rank:
        rank('oldest_stock', { by: 'ranked', locations: ['SHOP', 'PAR'] }) })] },
      { name: 'all', steps: [step('fresh', { rank: rank('nearest_expiry') })] },
    ]);
    let got = await routed(shop, [[a, 1, 100]]);
    assert.equal(got.told, '1/SHOP:1');
    const days = (where) => got.candidates.find((c) =>
      codeOf(c.location) === where).by;
    assert.deepEqual(days('SHOP').map((r) => r.rule), ['nearest_expiry']);
    assert.equal(days('PAR')[0].value - days('SHOP')[0].value, 59);
    assert.ok(days('HH')[0].value > 900000, 'it never expires');
    got = await routed(shop, [[a, 1, 100]], to({ country: 'US' }));
    assert.equal(got.told, '1/SHOP:1'); // All came today: the list decides.
    assert.equal(got.scenario, 'far');
    assert.deepEqual(days('HH').map((r) => r.value), [0, 2]);
  });

test('what no step takes is backordered, queued or split (A4.08, A4.09)',
  async () => {
    const a = await sku({ HH: 3, MUC: 2 });
    const steps = (more) => [{ name: 'all', steps: [step('one', {
      rank: rank('fewest_splits', 'nearest'), ...more })] }];
    const two = await channel(steps({ max_packages: 1, then: 'hold' }));
    let got = await routed(two, [[a, 5, 100]]);
    assert.equal(got.told, '1/HH:3');
    assert.equal(got.rule, 'queued');
    let stored = await client.ok('GET', `/v1/orders/${got.id}`);
    assert.deepEqual([stored.lines[0].allocated, stored.lines[0].unallocated,
      stored.lines[0].backordered], [3, 2, 0]);
    const cancel = await client.post(`/v1/orders/${got.id}/cancel`,
      { version: stored.version, reason: 'test' });
    assert.equal(cancel.status, 200, cancel.text);
    const split = await channel(steps({}), { stock_policy: 'backorder' });
    got = await routed(split, [[a, 6, 100]]);
    assert.equal(got.told, '1/HH:3 1/MUC:2');
    assert.equal(got.rule, 'backorder');
    stored = await client.ok('GET', `/v1/orders/${got.id}`);
    assert.equal(stored.lines[0].backordered, 1);
  });

test('a promise: cut-off, handling, transit, calendars (A4.13, A6.09, C24)',
  async () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    await set('/v1/routing/zones', { items: [
      { code: 'east', tz: 'Europe/Berlin', places: [{ country: 'DE',
        prefixes: ['1', '0'] }] },
      { code: 'de', tz: 'Europe/Berlin', places: [{ country: 'DE' }] }] });
    await set('/v1/routing/services', { items: [
      { code: 'standard', days, deliver_by: '18:00' },
      { code: 'express', days, deliver_by: '12:00' }] });
    const bad = await put('/v1/routing/transit', { version: 0, items: [
      { to: 'nowhere', service: 'express', days: 1 }] });
    assert.equal(bad.status, 422);
    assert.equal(bad.json.field, 'items[0].to');
    for (const [row, field] of [['HH,east,standard,x', ' column days'],
      ['HH,nowhere,standard,1', ' column to'], ['HH,east', '']]) {
      const csv = 'from,to,service,days\n"HH",east,\n  "standard",3\n';
      const reply = await put('/v1/routing/transit', { version: 0,
        csv: `${csv.replace('\n  ', '')}${row}\n` });
      assert.deepEqual([reply.status, reply.json.field],
        [422, `csv line 3${field}`], reply.text);
    }
    await set('/v1/routing/transit', { csv: 'from,to,service,days\n' +
      'HH,east,standard,3\n,east,standard,9\n,east,express,1\n' +
      ',de,standard,4\n' });
    const rates = await set('/v1/routing/rates', { csv:
      'from_zone,to,service,up_to_g,amount,currency\n' +
      'de,east,standard,1000,490,EUR\nde,east,standard,5000,790,EUR\n' });
    assert.deepEqual(rates.items[1].amount, { amount: 790, currency: 'EUR' });
    await site('HH', { handling_days: 1, hours: days.map((day) =>
      ({ day, open: '08:00', close: '18:00' })), cutoffs: [{ at: '12:00' }] });
    const a = await sku({ HH: 9 });
    const shop = await channel([{ name: 'all', steps: [step('one', {})] }]);
    const got = await routed(shop, [[a, 1, 100]]);
    const stored = await client.ok('GET', `/v1/orders/${got.id}`);
    const [promise] = stored.promises;
    assert.equal(promise.zone, 'east');
    assert.equal(promise.transit_days, 3);
    const day = (text) => Date.parse(`${text}T00:00:00Z`) / 86400000;
    assert.equal(day(promise.ship_on), day(promise.start_on) + 1);
    assert.equal(day(promise.deliver_on), day(promise.ship_on) + 3);
    assert.ok(Date.parse(promise.cutoff_at) > Date.parse(promise.computed_at));
    assert.equal(stored.promise_at, promise.promise_at);
    const wall = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short',
      timeStyle: 'short', timeZone: 'Europe/Berlin' })
      .format(new Date(promise.promise_at));
    assert.equal(wall, `${promise.deliver_on} 18:00`);
    const fast = await channel([{ name: 'all', steps: [step('in two days', {
      filter: { max_days: 1 } }), step('any', { filter: { max_days: 300 } })] }]);
    const late = await routed(fast, [[a, 1, 100]]);
    assert.deepEqual(late.steps.map((s) => s.filtered),
      [{ promise: 1 }, {}]);
  });

test('what leaves in time: fulfillment orders, tasks, lists (A4.13, A5.01)',
  async () => {
    const a = await sku({ HH: 9 });
    const shop = await channel([{ name: 'all', steps: [step('one', {})] }]);
    const got = await routed(shop, [[a, 1, 100]]);
    const [promise] = (await client.ok('GET', `/v1/orders/${got.id}`)).promises;
    const fo = await eventually(async () => (await client.ok('GET',
      `/v1/fulfillment-orders?order=${got.id}`)).items[0]);
    assert.deepEqual([fo.deadline_at, fo.promise_at],
      [promise.ship_at, promise.promise_at]);
    await logged(client);
    const [opened] = (await client.ok('GET',
      `/v1/events?subject=${fo.id}`)).items;
    assert.equal(opened.data.deadline_at, fo.deadline_at);
    const { tasks: [task] } = await client.ok('POST', '/v1/pick-tasks',
      { mode: 'single', fulfillment_orders: [fo.id] });
    assert.equal(task.deadline_at, fo.deadline_at);
    const pdf = await client.get(`/v1/pick-tasks/${task.id}/list`);
    const text = execFileSync('pdftotext', ['-layout', '-', '-'],
      { input: pdf.bytes }).toString();
    assert.ok(text.includes(`${promise.ship_on} 18:00 Europe/Berlin`), text);
  });

test('what may not leave yet is promised from when it may (A4.13)', async () => {
  const at = new Date(Date.now() + 40 * 864e5).toISOString();
  const shop = await channel([{ name: 'all', steps: [step('one', {})] }]);
  const got = await routed(shop, [[await sku({ HH: 9 }), 1, 100]],
    { ...to(berlin), fulfil_at: at });
  const order = await client.ok('GET', `/v1/orders/${got.id}`);
  const [promise] = order.promises;
  assert.ok(promise.ship_at > at, promise.ship_at);
  assert.ok(order.promise_at > promise.ship_at);
  const fo = await eventually(async () => (await client.ok('GET',
    `/v1/fulfillment-orders?order=${got.id}`)).items[0]);
  assert.equal(fo.status, 'scheduled');
  assert.deepEqual([fo.deadline_at, fo.promise_at],
    [promise.ship_at, promise.promise_at]);
});

test('what leaves on its own day is promised for that day (A4.13)', async () => {
  const at = new Date(Date.now() + 40 * 864e5).toISOString();
  const shop = await channel([{ name: 'all', steps: [step('one', {})] }]);
  const line = async (stock) => ({ sku: await sku(stock), quantity: 1,
    unit_price: { amount: 100, currency: 'EUR' } });
  const got = await routed(shop, [], { ...to(berlin), lines: [
    await line({ HH: 9 }), { ...await line({ MUC: 9 }), fulfil_at: at }] });
  assert.equal(got.told, '1/HH:1 2/MUC:1');
  const from = async (code) => {
    const now = await client.ok('GET', `/v1/orders/${got.id}`);
    return [now, now.promises.find((p) => codeOf(p.location) === code)];
  };
  const [first, early] = await from('HH');
  const [, late] = await from('MUC');
  assert.ok(early.ship_at < at, early.ship_at);
  assert.ok(late.ship_at > at, late.ship_at);
  assert.equal(first.promise_at, late.promise_at);
  // Routed again, each still has its own day.
  const { version } = await eventually(async () => {
    const now = await client.ok('GET', `/v1/orders/${got.id}`);
    return now.version > 1 && now; // It knows of its fulfillment orders.
  });
  const more = await client.ok('POST', `/v1/orders/${got.id}/changes`, {
    version, reason: 'one more', actions: [{ type: 'set_quantity', line: 1,
      quantity: 2 }] });
  for (const [i, name] of ['request', 'confirm'].entries())
    await client.ok('POST', `/v1/order-changes/${more.id}/${name}`,
      { version: more.version + i });
  const [, again] = await from('HH');
  assert.ok(again.ship_at < at, again.ship_at);
});

test('a link shows what was promised, also of each parcel (A6.09)', async () => {
  const a = await sku({ HH: 9 }, { weight_g: 400, length_mm: 100,
    width_mm: 100, height_mm: 100 });
  const b = await sku({ HH: 1 });
  const shop = await channel([{ name: 'all', steps: [step('one', {})] }],
    { stock_policy: 'backorder' });
  const got = await routed(shop, [[a, 1, 100]]);
  const tracked = async (id) => {
    const link = await client.ok('GET', `/v1/orders/${id}/tracking-token`);
    return (await client.as(null).get(link.path)).json;
  };
  const { promise_at: promised } =
    await client.ok('GET', `/v1/orders/${got.id}`);
  assert.ok(promised);
  const fo = await eventually(async () => (await client.ok('GET',
    `/v1/fulfillment-orders?order=${got.id}`)).items[0]);
  const { items: [parcel] } = await client.ok('POST', '/v1/packages', {
    fulfillment_order_id: fo.id, suggest: true, pick: true, close: true });
  await client.ok('POST', `/v1/packages/${parcel.id}/label/record`,
    { version: parcel.version, carrier: 'post', tracking: 'ABC-1' });
  const seen = await tracked(got.id);
  assert.deepEqual([seen.is_waiting, seen.promise_at], [false, promised]);
  for (const list of [seen.deliveries, seen.packages])
    assert.deepEqual(list.map((d) => d.promise_at), [promised]);
  // Nobody knows when what is missing comes, and so not when all is there.
  const part = await routed(shop, [[a, 1, 100], [b, 2, 100]]);
  const some = await eventually(async () => {
    const now = await tracked(part.id);
    return now.is_waiting && now.deliveries.length === 1 && now;
  });
  assert.equal(some.promise_at, null);
  assert.ok(some.deliveries[0].promise_at);
  const expected_at = new Date(Date.now() + 90 * 86400000).toISOString();
  await client.ok('POST', '/v1/expected-receipts',
    { sku: b, location: 'HH', quantity: 5, expected_at });
  const late = await eventually(async () => {
    const now = await tracked(part.id);
    return now.promise_at && now;
  });
  assert.equal(late.promise_at, expected_at);
});

test('capacity is never passed, also at once, and given back (A4.02)',
  async () => {
    await place('SMALL', { lat: 52.51, lon: 13.4 });
    await site('SMALL', { capacity: { orders_per_day: 3 } });
    const a = await sku({ SMALL: 50, HH: 50 });
    const shop = await channel([{ name: 'all', steps: [step('one', {
      rank: rank('nearest') })] }]);
    const all = await Promise.all(Array.from({ length: 12 }, () =>
      routed(shop, [[a, 1, 100]])));
    const small = all.filter((o) => o.told === '1/SMALL:1');
    assert.equal(small.length, 3);
    const full = all.find((o) => o.told !== '1/SMALL:1');
    assert.deepEqual(full.steps[0].filtered, { capacity: 1 });
    const stored = await client.ok('GET', `/v1/orders/${small[0].id}`);
    await client.ok('POST', `/v1/orders/${stored.id}/cancel`,
      { version: stored.version, reason: 'test' });
    assert.equal((await routed(shop, [[a, 1, 100]])).told, '1/SMALL:1');
    assert.equal((await routed(shop, [[a, 1, 100]])).told, '1/HH:1');
    const plain = await channel(undefined, {}, ['SMALL', 'HH']);
    assert.equal((await routed(plain, [[a, 1, 100]])).told, '1/HH:1');
  });

test('where the buyer is: postal prefix, else the country', async () => {
  const set1 = await client.ok('PUT', '/v1/routing/points/DE', { csv:
    'prefix,lat,lon\n8,48.1,11.5\n80,48.14,11.58\n20,53.55,9.99\n' });
  assert.equal(set1.rows, 3);
  const a = await sku({ HH: 9, MUC: 9 });
  const shop = await channel([{ name: 'all', steps: [step('one', {
    rank: rank('nearest') })] }]);
  const at = async (address) => {
    const got = await routed(shop, [[a, 1, 100]], to(address));
    return [got.told, got.destination];
  };
  assert.deepEqual(await at({ country: 'DE', postal_code: '80 331' }),
    ['1/MUC:1', 'postal_code']);
  assert.deepEqual(await at({ country: 'DE', postal_code: '20095' }),
    ['1/HH:1', 'postal_code']);
  assert.deepEqual(await at({ country: 'IT' }), ['1/MUC:1', 'country']);
  assert.deepEqual(await at({ country: 'AQ' }), ['1/HH:1', 'unknown']);
});

test('what is picked up comes from where it is picked up', async () => {
  const a = await sku({ HH: 9, SHOP: 1 });
  const shop = await channel([]);
  const got = await routed(shop, [[a, 1, 100]],
    { method: 'pickup', pickup_location: 'SHOP' });
  assert.equal(got.told, '1/SHOP:1');
  const stored = await client.ok('GET', `/v1/orders/${got.id}`);
  assert.equal(stored.method, 'pickup');
  const none = await order(shop, [[a, 1, 100]],
    { method: 'pickup', pickup_location: 'SHOP' });
  assert.equal(none.json.code, 'out_of_stock');
  const no = await order(shop, [[a, 1, 100]],
    { method: 'pickup', pickup_location: 'HH' });
  assert.equal(no.json.code, 'location_no_pickup');
  // Where none is named it is one of the list at which buyers may collect.
  const b = await sku({ HH: 9, SHOP: 2 });
  const listed = await channel([], {}, ['HH', 'SHOP']);
  const any = await routed(listed, [[b, 1, 100]], { method: 'pickup' });
  assert.equal(any.told, '1/SHOP:1');
  assert.deepEqual(any.candidates.map((c) => [codeOf(c.location), c.outcome])
    .sort(), [['HH', 'filtered'], ['SHOP', 'chosen']]);
  const nowhere = await order(await channel([], {}, ['HH']), [[b, 1, 100]],
    { method: 'pickup' });
  assert.equal(nowhere.json.code, 'out_of_stock');
});

test('strategies are checked and versioned', async () => {
  const shop = await channel([]);
  const url = `/v1/channels/${shop.id}/routing`;
  const bad = async (scenario, field, code) => {
    const reply = await client.send('PUT', url, { isBad: true,
      body: { version: 1, locations: [], scenarios: [scenario] } });
    assert.equal(reply.status, 422, reply.text);
    assert.deepEqual([reply.json.field, reply.json.code], [field, code]);
  };
  await bad({ name: 'x', steps: [] }, 'scenarios[0].steps', 'too_short');
  await bad({ name: 'x', steps: [{ name: 'y', rank: [{ by: 'luck' }] }] },
    'scenarios[0].steps[0].rank[0].by', 'unknown_value');
  await bad({ name: 'x', steps: [{ name: 'y', rank: [{ by: 'ranked',
    locations: ['NOWHERE'] }] }] },
  'scenarios[0].steps[0].rank[0].locations', 'location_unknown');
  await bad({ name: 'x', steps: [{ name: 'y', wish: 1 }] },
    'scenarios[0].steps[0].wish', 'unknown_field');
  const stale = await put(url, { version: 0, locations: [] });
  assert.equal(stale.json.code, 'stale');
  const hours = await client.send('PUT',
    `/v1/locations/${places.MUC.id}/site`, { isBad: true, body: { version: 0,
      settings: { hours: [{ day: 'mon', open: '18:00', close: '08:00' }] } } });
  assert.equal(hours.json.code, 'hours_invalid', hours.text);
  const sites = await client.ok('GET', '/v1/sites?limit=2');
  assert.equal(sites.items.length, 2);
  const kept = await client.ok('GET', url);
  assert.deepEqual([kept.version, kept.scenarios], [1, []]);
});

test('a brand has a strategy for channels without one (A4.06)', async () => {
  const brand = `Tea & Co / ${fresh('b')}`;
  const url = `/v1/routing/brands/${encodeURIComponent(brand)}`;
  const unknown = await client.get(url);
  assert.deepEqual([unknown.status, unknown.json.field], [404, 'brand']);
  const made = await client.ok('POST', '/v1/channels',
    channelBody({ brand, stock_policy: 'backorder' }));
  const mine = `/v1/channels/${made.id}/routing`;
  assert.equal((await client.ok('GET', url)).version, 0);
  const a = await sku({ HH: 9, MUC: 9, PAR: 9 });
  const where = async (from = made) => {
    const got = await routed(from, [[a, 1, 100]]);
    return [got.told, got.brand, got.strategy_version];
  };
  assert.deepEqual(await where(), ['1/HH:1', undefined, 0]);
  const french = [{ name: 'tea', steps: [step('one',
    { filter: { countries: ['FR'] }, then: 'backorder' })] }];
  const stored = await client.ok('PUT', url,
    { version: 0, locations: [], scenarios: french });
  assert.deepEqual([stored.version, stored.scenarios.length], [1, 1]);
  assert.equal((await client.ok('GET', mine)).follows_brand, brand);
  assert.deepEqual(await where(), ['1/PAR:1', brand, 1]);
  const stale = await put(url, { version: 0, locations: [] });
  assert.deepEqual([stale.status, stale.json.code], [409, 'stale']);
  const bad = await client.send('PUT', url, { isBad: true,
    body: { version: 1, locations: [places.HH.id, places.HH.id] } });
  assert.equal(bad.json.field, 'locations[1]', bad.text);
  // Its own is never mixed with the brand's; emptied, the brand's is back.
  await set(mine, { locations: [places.MUC.id] });
  assert.deepEqual(await where(), ['1/MUC:1', undefined, 1]);
  assert.equal((await client.ok('GET', mine)).follows_brand, null);
  await set(mine, { locations: [] });
  await put(url, { version: 1, locations: [places.PAR.id, places.MUC.id] });
  assert.deepEqual(await where(), ['1/PAR:1', brand, 2]);
  // Who waits is looked at again when the brand ships from elsewhere.
  const far = await sku({ HH: 1 });
  const { id } = (await order(made, [[far, 1, 100]])).json;
  const line = async () => (await client.ok('GET', `/v1/orders/${id}`)).lines[0];
  assert.equal((await line()).backordered, 1);
  await put(url, { version: 2, locations: [places.PAR.id, places.HH.id] });
  await eventually(async () => (await line()).allocated === 1);
  const { version } = await client.ok('GET', `/v1/channels/${made.id}`);
  await client.ok('PATCH', `/v1/channels/${made.id}`,
    { version, brand: 'Other' });
  assert.deepEqual(await where(), ['1/HH:1', undefined, 2]);
  const { items } = await client.ok('GET', '/v1/routing/brands');
  assert.deepEqual(items.find((b) => b.brand === brand),
    { brand, version: 3, is_set: true });
  assert.equal((await client.ok('GET', url)).locations.length, 2);
});

test('a preview takes nothing and says why', async () => {
  const a = await sku({ HH: 3, MUC: 3 });
  const shop = await channel([{ name: 'all', steps: [step('one', {
    rank: rank('nearest') })] }]);
  const got = await routed(shop, [[a, 1, 100]]);
  const ask = (body) => client.ok('POST', '/v1/routing/preview', body);
  for (let i = 0; i < 2; i++) {
    const { items } = await ask({ order: orderBody(shop.code, [[a, 4, 100]],
      to(berlin)), orders: [got.id] });
    assert.deepEqual(items[0].decision.plan.map((p) => p.quantity), [2, 2]);
    assert.equal(items[0].refused, null);
    assert.equal(items[1].order, got.id);
    assert.equal(codeOf(items[1].decision.plan[0].location), 'HH');
  }
  const much = await ask({ order: orderBody(shop.code, [[a, 9, 100]],
    to(berlin)) });
  assert.equal(much.items[0].refused.code, 'out_of_stock');
  const none = await ask({ order: orderBody(shop.code, [['NONE', 9, 100]]) });
  assert.equal(none.items[0].refused.code, 'sku_unknown');
});
