// reports.test.mjs - what was sold, sent and given back, in sums (A12.01,
// A12.02).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, Parcels } from './lib/parcels.mjs';
import { eventually, fresh, logged, money } from './lib/shop.mjs';

let it, sku, other;
before(async () => {
  it = await Parcels.open();
  [sku, other] = [fresh('r'), fresh('r')];
  await it.shop.stock(sku, 10, { weight_g: 500 });
  await it.shop.stock(other, 10);
});
after(() => it?.house.stop());

const report = (name, query = '') =>
  it.client.ok('GET', `/v1/reports/${name}?${query}`);
const only = (query = '') => `channel=${it.shop.channel.id}&${query}`;
// Values by the names of their columns.
const named = (table, row) => Object.fromEntries(table.columns.map((c, i) =>
  [c.name, row.values[i]?.amount ?? row.values[i]]));

test('A12.01 sales, refunds, returns, parcels and errors add up', async () => {
  // Two units in two parcels and one that is cancelled.
  const { order, packages } = await it.packed([[sku, 2]],
    { items: [1, 1].map((quantity) => [{ line: 1, quantity }]) });
  for (const p of packages) await it.shipped(p);
  await it.say(await it.get(packages[0]), { code: 'delivered',
    occurred_at: new Date().toISOString() });
  const { json: gone } = await it.shop.place([[other, 3, 500]],
    { shipping_address: { ...address, country: 'FR' } });
  const cancel = await it.client.post(`/v1/orders/${gone.id}/cancel`,
    { version: gone.version, reason: 'too slow' });
  assert.equal(cancel.status, 200, cancel.text);
  const back = await it.client.post(`/v1/orders/${order.id}/returns`,
    { items: [{ line: 1, quantity: 1, reason: 'unwanted' }] });
  assert.equal(back.status, 201, back.text);
  await logged(it.client);
  const sales = await eventually(async () => {
    const table = await report('sales_over_time', only());
    const total = table.totals[0] && named(table, table.totals[0]);
    return total?.cancelled > 0 && { table, total };
  });
  assert.deepEqual([sales.total.orders, sales.total.units, sales.total.sales,
    sales.total.average_order, sales.total.cancelled],
  [2, 5, 3500, 1750, 1500]);
  assert.equal(sales.table.rows.length, 30);
  assert.equal(sales.table.rows[29].key, sales.table.to);
  const rows = async (name, query) => Object.fromEntries(
    (await report(name, query)).rows.map((row) => [row.key, row.values]));
  assert.deepEqual(await rows('sales_by_country', only()),
    { DE: [1, 2, money(2000), money(2000), money(0), money(0), money(0)],
      FR: [1, 3, money(1500), money(1500), money(0), money(0), money(0)] });
  assert.deepEqual(await rows('sales_by_sku', only()),
    { [sku]: [2, 1, money(2000)], [other]: [3, 1, money(1500)] });
  assert.deepEqual(await rows('cancellations_by_reason', only()),
    { 'too slow': [1, money(1500)] });
  assert.deepEqual(await eventually(async () => {
    const found = await rows('returns_by_reason', only());
    return found.unwanted && found;
  }), { unwanted: [1, 1] });
  const split = await eventually(async () => {
    const table = await report('split_over_time', only());
    return table.totals[0]?.values[2] === 2 && table;
  });
  assert.deepEqual(split.totals[0].values, [1, 1, 2, 10000]);
  const at = `location=${it.shop.location.id}`;
  assert.equal((await rows('parcels_by_location',
    at))[it.shop.location.code][0], 2);
  const stages = await eventually(async () => {
    const found = await rows('fulfillment_by_stage', at);
    return found.place_to_door && found;
  });
  assert.ok(stages.place_to_ship[0] >= 1 && stages.carry[0] === 1);
  const cover = (await rows('stock_cover', 'limit=1000'))[sku];
  assert.deepEqual(cover.slice(1), [8, 2]);
  assert.equal(cover[0], 8 / 2 * 30 * 86400);
});

test('days are of the zone, periods are compared', async () => {
  const wide = await report('sales_over_time',
    only('from=2026-03-28&to=2026-03-30&by=hour&zone=Europe/Berlin'));
  assert.equal(wide.rows.length, 71, 'one hour is skipped in spring');
  assert.equal(wide.rows[26].key, '2026-03-29T03:00');
  const table = await report('sales_over_time',
    only('from=2026-01-15&to=2026-03-02&by=month&compare=year'));
  assert.deepEqual(table.rows.map((row) => row.key),
    ['2026-01-15', '2026-02-01', '2026-03-01']);
  assert.deepEqual([table.before_from, table.before_to],
    ['2025-01-16', '2025-03-03']);
  assert.equal(table.rows[0].before.length, table.columns.length);
});

test('a report is also a file for a spreadsheet', async () => {
  const reply = await it.client.get(
    `/v1/reports/sales_by_sku?${only('format=csv&compare=previous')}`);
  assert.match(reply.headers['content-type'], /^text\/csv/);
  assert.match(reply.headers['content-disposition'], /sales_by_sku\.csv/);
  assert.match(reply.text,
    /^sku,currency,units,lines,sales,units_before,lines_before,sales_before\r?\n/);
  assert.match(reply.text, new RegExp(`${sku},EUR,2,1,20\\.00,0,0,0\\.00`));
});

test('what is asked wrongly is refused by name', async () => {
  const tries = [
    ['sales', 404, 'not_found', 'name'],
    ['sales_over_time?zone=Mars', 422, 'zone_unknown', 'zone'],
    ['sales_over_time?from=2026-02-30', 422, 'invalid', 'from'],
    ['sales_over_time?from=2026-02-03&to=2026-02-02', 422, 'range_empty', 'to'],
    ['sales_over_time?from=2020-01-01', 422, 'range_too_long', 'from'],
    ['sales_over_time?by=hour&from=2026-01-01&to=2026-03-01', 422,
      'range_too_long', 'from'],
    ['sales_by_sku?by=hour', 422, 'unknown_parameter', 'by'],
    ['sales_by_sku?currency=Euro', 422, 'currency_unknown', 'currency'],
    ['sales_by_sku?limit=1001', 422, 'number_out_of_range', 'limit'],
    ['on_time_by_carrier?channel=x', 422, 'unknown_parameter', 'channel'],
  ];
  for (const [url, status, code, field] of tries) {
    const reply = await it.client.get(`/v1/reports/${url}`, { isBad: true });
    assert.deepEqual([reply.status, reply.json.code, reply.json.field],
      [status, code, field], url);
  }
});

test('every report answers, and only with reports:read', async () => {
  const { items } = await it.client.ok('GET', '/v1/reports');
  assert.ok(items.length >= 12);
  for (const { name, columns } of items) {
    const table = await report(name);
    assert.deepEqual(table.columns, columns);
    for (const row of table.rows)
      assert.equal(row.values.length, columns.length, name);
  }
  const { secret } = await it.client.ok('POST', '/v1/api-keys',
    { name: 'orders', scopes: ['orders:read'] });
  const denied = await it.client.as(secret).get('/v1/reports/sales_by_sku');
  assert.equal(denied.status, 403, denied.text);
});
