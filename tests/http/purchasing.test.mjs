// purchasing.test.mjs - what is ordered from suppliers is expected, promised,
// received and closed (DOMAIN 3.14).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, money, Shop, uuid } from './lib/shop.mjs';

let house, shop, mill;
const url = '/v1/purchase-orders';
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client,
    { channel: { stock_policy: 'backorder' } });
  mill = await house.client.ok('POST', '/v1/suppliers', { code: fresh('mill'),
    name: 'The mill', email: 'sales@mill.example', currency: 'EUR',
    lead_days: 7, over_percent: 25, address: { city: 'Bremen', country: 'DE' } });
});
after(() => house?.stop());

const get = (at) => house.client.ok('GET', at);
const day = (n) => new Date(Date.now() + n * 86400000).toISOString();
const line = ([sku, quantity, cost, more = {}]) =>
  ({ sku, quantity, unit_cost: money(cost), ...more });
const draft = (lines, more = {}) => house.client.ok('POST', url, {
  supplier: mill.code, location: shop.location.code, currency: 'EUR',
  lines: lines.map(line), ...more });
const step = (po, name, body = {}, options) => house.client.post(
  `${url}/${po.id}/${name}`, { version: po.version, ...body }, options);
async function did(po, name, body) {
  const reply = await step(po, name, body);
  assert.equal(reply.status, 200, `${name}: ${reply.text}`);
  return reply.json;
}
async function sent(lines, more) {
  return did(await did(await draft(lines, more), 'approve'), 'send');
}
async function sku(more) {
  const code = fresh('sku');
  await shop.stock(code, 0, more);
  return code;
}
const numbers = (po) => po.lines.map((l) => [l.quantity, l.received, l.open]);

test('a purchase order is drafted, sent, received in parts and closed', async () => {
  const [a, b] = [await sku(), await sku()];
  let po = await draft([[a, 8, 333, { supplier_sku: 'M-1' }]]);
  assert.match(po.number, /^PO-\d+$/);
  assert.deepEqual([po.status, po.total], ['draft', money(2664)]);
  const edited = await house.client.patch(`${url}/${po.id}`, { version: 1,
    note: 'By the back door', lines: [line([a, 8, 333, { supplier_sku: 'M-1',
      expected_at: day(3) }]), line([b, 4, 50])] });
  assert.equal(edited.status, 200, edited.text);
  po = await did(edited.json, 'approve');
  assert.deepEqual([po.total, po.allowed], [money(2864), ['send', 'cancel']]);
  assert.equal((await shop.level(a))?.incoming ?? 0, 0);
  po = await did(po, 'send');
  assert.deepEqual(numbers(po), [[8, 0, 8], [4, 0, 4]]);
  // Without a day of its own: the supplier's lead time.
  assert.equal(Date.parse(po.lines[1].expected_at),
    Date.parse(po.sent_at) + 7 * 86400000);
  assert.equal((await shop.level(a)).incoming, 8);
  const supply = await get(`/v1/expected-receipts/${po.lines[0].expected_receipt}`);
  assert.deepEqual([supply.purchase_order, supply.reference,
    supply.over_percent], [po.id, po.number, 25]);
  const own = await house.client.delete(
    `/v1/expected-receipts/${supply.id}?version=1`);
  assert.equal(own.json.code, 'owned_by_purchase_order', own.text);

  po = await did(po, 'receive', { reference: 'DN-1', lines: [
    { line: 1, quantity: 3 }, { line: 1, quantity: 1, bucket: 'damaged' },
    { line: 2, quantity: 2, bucket: 'quality_control' }] });
  assert.equal(po.status, 'partially_received');
  assert.deepEqual(numbers(po), [[8, 4, 4], [4, 2, 2]]);
  const level = await shop.level(a);
  assert.deepEqual([level.on_hand, level.damaged, level.incoming], [4, 1, 4]);

  // Eight and a quarter of them may come in: six more.
  const over = await step(po, 'receive', { lines: [{ line: 2, quantity: 2 },
    { line: 1, quantity: 7 }] }, { isBad: true });
  assert.deepEqual([over.status, over.json.code, over.json.field],
    [422, 'over_received', 'lines[1].quantity'], over.text);
  assert.match(over.json.detail, /at most 6 more/);

  // A receipt past the order shows in it.
  await house.client.ok('POST', '/v1/receipts', {
    location: shop.location.code, lines: [{ sku: a, quantity: 5,
      expected_receipt: po.lines[0].expected_receipt }] });
  po = await eventually(async () => {
    const now = await get(`${url}/${po.id}`);
    return now.version > po.version && now;
  });
  assert.deepEqual([po.status, numbers(po)],
    ['partially_received', [[8, 9, 0], [4, 2, 2]]]);
  po = await did(po, 'close');
  assert.deepEqual([po.status, po.allowed, numbers(po)],
    ['closed', [], [[8, 9, 0], [4, 2, 0]]]);
  assert.equal((await shop.level(b)).incoming, 0);
  const late = await house.client.post('/v1/receipts', {
    location: shop.location.code, lines: [{ sku: a, quantity: 1,
      expected_receipt: po.lines[0].expected_receipt }] });
  assert.equal(late.json.code, 'over_received', late.text);
  const refused = await step(po, 'cancel');
  assert.deepEqual([refused.status, refused.json.code, refused.json.field],
    [409, 'state', 'status'], refused.text);
});

test('units on order are promised, promised anew, and serve who waits', async () => {
  const code = await sku();
  let po = await sent([[code, 5, 100, { expected_at: day(10) }]]);
  const order = await shop.placed([[code, 2, 900]]);
  const promised = (at) => eventually(async () => {
    const [item] = (await get(`/v1/backorders?sku=${code}`)).items;
    return item?.order === order.id && item.promise_at === at;
  });
  await promised(po.lines[0].expected_at);
  po = await did(po, 'reschedule', { lines: [{ line: 1, expected_at: day(20) }] });
  await promised(po.lines[0].expected_at);
  po = await did(po, 'receive');
  assert.deepEqual([po.status, numbers(po)], ['received', [[5, 5, 0]]]);
  await eventually(async () =>
    (await get(`/v1/orders/${order.id}`)).lines[0].allocated === 2);
  const none = await step(po, 'receive');
  assert.equal(none.json.code, 'nothing_left', none.text);
});

test('goods are received once: races, replays and stale versions', async () => {
  const code = await sku();
  const po = await sent([[code, 4, 100]]);
  const replies = await Promise.all([1, 2].map(() =>
    step(po, 'receive', { lines: [{ line: 1, quantity: 3 }] })));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 409]);
  assert.equal(replies.find((r) => r.status === 409).json.code, 'stale');
  assert.equal((await shop.level(code)).on_hand, 3);
  const now = await get(`${url}/${po.id}`);
  const key = uuid();
  const [one, again] = [await step(now, 'receive', {}, { key }),
    await step(now, 'receive', {}, { key })];
  assert.deepEqual([one.status, again.status], [200, 200], one.text);
  assert.deepEqual(again.json, one.json);
  assert.equal((await shop.level(code)).on_hand, 4);
});

test('lots come in by name; what is cancelled is no longer expected', async () => {
  const code = await sku();
  const { id } = (await get(`/v1/skus?code=${code}`)).items[0];
  await house.client.ok('PUT', `/v1/inventory/unit-policies/${id}`,
    { version: 0, is_lot_tracked: true });
  const po = await sent([[code, 4, 100]]);
  const unnamed = await step(po, 'receive', { lines: [{ line: 1, quantity: 1 }] });
  assert.equal(unnamed.json.field, 'lines[0].lot', unnamed.text);
  await did(po, 'receive', { lines: [{ line: 1, quantity: 4, lot: 'L-1' }] });
  const lots = await get(`/v1/lots?sku=${code}&location=${shop.location.code}`);
  assert.equal(lots.items[0].lot, 'L-1', JSON.stringify(lots));
  const unsent = await did(await draft([[code, 1, 100]]), 'cancel');
  assert.deepEqual([unsent.status, unsent.sent_at], ['cancelled', null]);
  const other = await sent([[code, 6, 100]]);
  assert.equal((await shop.level(code)).incoming, 6);
  assert.equal((await did(other, 'cancel')).status, 'cancelled');
  assert.equal((await shop.level(code)).incoming, 0);
});

test('orders and suppliers are listed, and bad input names its field', async () => {
  const code = await sku();
  const po = await draft([[code, 1, 100]]);
  const other = await draft([[code, 1, 100]]);
  for (const query of [`sku=${code}`, `sku=${code}&status=draft`,
    `sku=${code}&supplier=${mill.code}&location=${shop.location.code}`])
    assert.deepEqual((await house.client.all(`${url}?${query}`, 1))
      .map((x) => [x.id, x.lines.length]), [[other.id, 1], [po.id, 1]], query);
  for (const query of [`status=draft&supplier=${mill.code}`,
    `location=${shop.location.code}`])
    assert.ok((await house.client.all(`${url}?${query}`))
      .some((x) => x.id === po.id), query);
  assert.deepEqual((await get(`${url}?sku=${code}&status=closed`)).items, []);
  const csv = await house.client.get(`${url}?sku=${code}&format=csv`);
  assert.match(csv.text.split('\r\n')[1],
    new RegExp(`^${other.number},.*,draft,,1,${code},,1,100,EUR,0,0,`), csv.text);

  const good = { supplier: mill.code, location: shop.location.code,
    currency: 'EUR', lines: [line([code, 1, 100])] };
  for (const [more, field] of [[{ supplier: 'nobody' }, 'supplier'],
    [{ location: 'nowhere' }, 'location'], [{ currency: 'XXQ' }, 'currency'],
    [{ lines: [] }, 'lines'],
    [{ lines: [line(['nothing', 1, 1])] }, 'lines[0].sku'],
    [{ lines: [line([code, 0, 1])] }, 'lines[0].quantity'],
    [{ lines: [line([code, 1, -1])] }, 'lines[0].unit_cost'],
    [{ lines: [{ ...line([code, 1, 1]), unit_cost: money(1, 'USD') }] },
      'lines[0].unit_cost.currency'],
    [{ lines: [line([code, 1, 1]), line([code, 1e9, 1e15])] },
      'lines[1].unit_cost'], [{ why: 1 }, 'why']]) {
    const reply = await house.client.post(url, { ...good, ...more },
      { isBad: true });
    assert.deepEqual([reply.status, reply.json.field], [422, field],
      reply.text);
  }
  const far = await step(await sent([[code, 1, 1]]), 'reschedule',
    { lines: [{ line: 2, expected_at: day(1) }] }, { isBad: true });
  assert.equal(far.json.field, 'lines[0].line', far.text);

  const { code: taken, ...rest } = { code: mill.code, name: 'The new mill',
    currency: 'USD' };
  const twice = await house.client.post('/v1/suppliers', { code: taken, ...rest });
  assert.equal(twice.json.code, 'code_taken', twice.text);
  const at = `/v1/suppliers/${mill.id}`;
  const changed = await house.client.put(at, { version: 1, ...rest,
    over_percent: 25, is_active: false });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json.code, changed.json.currency,
    changed.json.email], [mill.code, 'USD', null]);
  assert.equal((await house.client.put(at, { version: 1, ...rest })).json.code,
    'stale');
  assert.deepEqual(await get(at), changed.json);
  assert.ok((await house.client.all('/v1/suppliers', 1))
    .some((s) => s.id === mill.id));
  const inactive = await house.client.post(url, good);
  assert.equal(inactive.json.code, 'supplier_inactive', inactive.text);
});

test('large orders come as a file, in as many answers as they need', async () => {
  const code = await sku();
  const { code: supplier } = await house.client.ok('POST', '/v1/suppliers', {
    code: fresh('big'), name: 'The big mill', currency: 'EUR' });
  const lines = Array.from({ length: 1000 }, (_, i) => [code, 1, i + 1,
    { supplier_sku: 'x'.repeat(64) }]);
  await Promise.all(Array.from({ length: 64 }, () =>
    draft(lines, { supplier })));
  let rows = 0;
  for (let after = ''; after !== undefined;) {
    const file = await house.client.get(
      `${url}?sku=${code}&format=csv${after && `&after=${after}`}`);
    assert.equal(file.status, 200, file.text);
    rows += file.text.split('x'.repeat(64)).length - 1;
    after = file.headers['x-next'];
  }
  assert.equal(rows, 64000);
});

test('a page of long purchase orders ends early, and the next goes on', async () => {
  const codes = await Promise.all([sku(), sku()]);
  const long = Array.from({ length: 1000 }, (_, i) => [codes[i % 2], 1, i]);
  const made = [];
  const { code } = await house.client.ok('POST', '/v1/suppliers',
    { code: fresh('long'), name: 'Long lists', currency: 'EUR' });
  for (let i = 0; i < 12; i++)
    made.push((await draft(long, { supplier: code })).id);
  const seen = [];
  let after = '', pages = 0;
  for (let next = true; next && pages < 20; pages++) {
    const page = await get(`${url}?supplier=${code}&limit=250${after}`);
    seen.push(...page.items.map((po) => po.id));
    assert.ok(page.items.every((po) => po.lines.length === 1000));
    ({ next } = page);
    after = `&after=${next}`;
  }
  assert.deepEqual(seen, made.toReversed());
  assert.equal(pages, 2);
});
