// picking.test.mjs - bins, pick tasks, scans, short picks (A5.01, A5.02, A4.14,
// A4.12, A3.15, A8.08, A19.01).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, locationBody, Shop, uuid } from './lib/shop.mjs';

let house, shop;
const url = '/v1/pick-tasks';
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

const fosOf = (order) => eventually(async () => {
  const { items } = await house.client.ok('GET',
    `/v1/fulfillment-orders?order=${order.id}`);
  return items.length > 0 && items;
});
// A placed order and its fulfillment orders.
async function opened(lines, more) {
  const order = await shop.placed(lines, more);
  return { order, fos: await fosOf(order) };
}
const make = (body) => house.client.ok('POST', url, body, { status: 201 });
async function taskOf(...opens) {
  const { tasks } = await make({ mode: opens.length > 1 ? 'batch' : 'single',
    fulfillment_orders: opens.flatMap((o) => o.fos.map((f) => f.id)) });
  assert.equal(tasks.length, 1);
  return tasks[0];
}
const step = (t, name, body, options) =>
  house.client.post(`${url}/${t.id}/${name}`, body, options);
async function did(t, name, body = { version: t.version }) {
  const reply = await step(t, name, body);
  assert.equal(reply.status, 200, `${name}: ${reply.text}`);
  return name === 'scan' ? reply.json.task : reply.json;
}
async function refused(t, name, body, status, code) {
  const reply = await step(t, name, body, { isBad: status === 422 });
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.json.code, code, reply.text);
  return reply.json;
}
const orderNow = (o) => house.client.ok('GET', `/v1/orders/${o.order.id}`);
const foNow = (o) => house.client.ok('GET',
  `/v1/fulfillment-orders/${o.fos[0].id}`);
const bins = (items) => house.client.ok('PUT', '/v1/bins', { items: items.map(
  ([sku, zone, bin]) => ({ location: shop.location.code, sku, zone, bin })) });

test('a batch is walked bin by bin, scanned and picked (A5.01, A5.02)',
  async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    await shop.stock(a, 10, { barcode: '4006381333931' });
    await shop.stock(b, 10);
    await bins([[a, 'dry', 'A-10'], [b, 'dry', 'A-2']]);
    const first = await opened([[a, 2, 100], [b, 1, 100]]);
    const second = await opened([[b, 3, 100]]);
    let t = await taskOf(first, second);
    assert.deepEqual(t.lines.map((l) => [l.sku, l.bin, l.quantity]),
      [[b, 'A-2', 1], [b, 'A-2', 3], [a, 'A-10', 2]]);
    assert.equal(t.lines[0].order_number, first.order.number);
    await refused(t, 'scan', { sku: a }, 409, 'state');
    t = await did(t, 'start');
    assert.equal(t.state, 'picking');
    assert.equal((await foNow(first)).status, 'in_progress');
    t = await did(t, 'scan', { barcode: '4006381333931', tote: 'T1' });
    t = await did(t, 'scan', { barcode: a });
    const over = await refused(t, 'scan', { sku: a }, 422, 'over_picked');
    assert.match(over.detail, /at most 0/);
    const much = await refused(t, 'scan', { sku: b, quantity: 5 }, 422,
      'over_picked');
    assert.match(much.detail, /at most 4/);
    await refused(t, 'complete', { version: t.version }, 409, 'lines_open');
    t = await did(t, 'scan', { sku: b, quantity: 4 });
    assert.deepEqual(t.lines.map((l) => [l.picked, l.tote]),
      [[1, null], [3, null], [2, 'T1']]);
    t = await did(t, 'complete');
    assert.equal(t.state, 'picked');
    const fo = await foNow(first);
    assert.deepEqual(fo.lines.map((l) => l.picked), [2, 1]);
    const order = await orderNow(first);
    assert.deepEqual(order.lines.map((l) => [l.allocated, l.picked]),
      [[0, 2], [0, 1]]);
    assert.equal((await shop.level(a)).committed, 2);
  });

test('a wrong item is refused and what is wanted named (A5.02)', async () => {
  const [a, b] = [fresh('a'), fresh('b')];
  await shop.stock(a, 5);
  await shop.stock(b, 5, { barcode: '5901234123457' });
  await bins([[a, 'dry', 'C-7']]);
  let t = await did(await taskOf(await opened([[a, 2, 100]])), 'start');
  for (const scan of [{ sku: b }, { barcode: '5901234123457' },
    { sku: b, line: 1 }]) {
    const why = await refused(t, 'scan', scan, 422, 'wrong_item');
    assert.match(why.detail, new RegExp(`wants 2 of ${a} from bin C-7`));
  }
  await refused(t, 'scan', { barcode: '0000' }, 422, 'barcode_unknown');
  await refused(t, 'scan', { sku: 'nothing' }, 422, 'sku_unknown');
  await refused(t, 'scan', { sku: a, line: 9 }, 422, 'line_unknown');
  for (const [body, field] of [[{}, 'sku'], [{ sku: a, quantity: 0 },
    'quantity'], [{ sku: a, more: 1 }, 'more'], [{ sku: a, lot: 'X' }, 'lot'],
    [{ sku: a, serial: 'X' }, 'serials']]) {
    const reply = await step(t, 'scan', body, { isBad: true });
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.field, field, reply.text);
  }
  t = await house.client.ok('GET', `${url}/${t.id}`);
  assert.equal(t.picked, 0, 'nothing of this was taken');
});

test('double scans and replays change nothing (I21)', async () => {
  const a = fresh('a');
  await shop.stock(a, 9);
  let t = await did(await taskOf(await opened([[a, 9, 100]])), 'start');
  const scans = await Promise.all(Array.from({ length: 8 }, () =>
    step(t, 'scan', { sku: a, scan_id: 'gun-1' })));
  assert.ok(scans.every((r) => r.status === 200));
  assert.equal(scans.filter((r) => !r.json.is_repeat).length, 1);
  const key = uuid();
  const one = await step(t, 'scan', { sku: a }, { key });
  const two = await step(t, 'scan', { sku: a }, { key });
  assert.equal(two.text, one.text);
  await refused(t, 'scan', { sku: a, quantity: 2, scan_id: 'gun-1' }, 409,
    'scan_id_reused');
  t = await house.client.ok('GET', `${url}/${t.id}`);
  assert.equal(t.picked, 2);
});

test('one has a task; another takes it over by name', async () => {
  const a = fresh('a');
  await shop.stock(a, 5);
  const key = await house.client.ok('POST', '/v1/api-keys',
    { name: 'picker', scopes: ['fulfillment:read', 'fulfillment:write'] });
  const other = house.client.as(key.secret);
  let t = await did(await taskOf(await opened([[a, 2, 100]])), 'assign');
  assert.ok(t.assignee.startsWith('key_'));
  const theirs = await other.post(`${url}/${t.id}/start`,
    { version: t.version });
  assert.equal(theirs.json.code, 'task_of_another', theirs.text);
  t = await did(t, 'start');
  const scan = await other.post(`${url}/${t.id}/scan`, { sku: a });
  assert.equal(scan.json.code, 'task_of_another', scan.text);
  t = (await other.post(`${url}/${t.id}/assign`, { version: t.version })).json;
  assert.equal(t.state, 'picking');
  await refused(t, 'scan', { sku: a }, 409, 'task_of_another');
  const stale = await other.post(`${url}/${t.id}/complete`,
    { version: t.version - 1 });
  assert.equal(stale.json.code, 'stale', stale.text);
  assert.equal(stale.json.current_version, t.version);
  t = (await other.post(`${url}/${t.id}/cancel`, { version: t.version })).json;
  assert.equal(t.state, 'cancelled');
  t = await taskOf(await opened([[a, 1, 100]]));
  t = await did(t, 'assign', { version: t.version });
  t = await did(t, 'assign', { version: t.version, assignee: null });
  assert.deepEqual([t.state, t.assignee], ['created', null]);
});

test('a short pick holds, routes anew and has it counted (A4.14)', async () => {
  const a = fresh('a');
  await shop.stock(a, 3);
  const o = await opened([[a, 3, 100]]);
  let t = await did(await taskOf(o), 'start');
  t = await did(t, 'scan', { sku: a, quantity: 2 });
  await refused(t, 'short', { version: t.version, line: 1, quantity: 2,
    reason: 'gone' }, 422, 'over_short');
  t = await did(t, 'short', { version: t.version, line: 1, quantity: 1,
    reason: 'not on the shelf' });
  assert.equal(t.lines[0].left, 0);
  t = await did(t, 'complete');
  assert.equal(t.state, 'short');
  const level = await shop.level(a);
  assert.deepEqual([level.on_hand, level.committed, level.held,
    level.available], [3, 2, 1, 0]);
  const [line] = (await orderNow(o)).lines;
  assert.deepEqual([line.picked, line.allocated,
    line.unallocated + line.backordered], [2, 0, 1]);
  assert.equal((await foNow(o)).lines[0].quantity, 2);
  const event = await eventually(async () => (await house.client.ok('GET',
    `/v1/events?type=pick_task.short&subject=${t.id}`)).items[0]);
  assert.equal(event.data.details.missing[0].reason, 'not on the shelf');
  const count = await house.client.ok('GET',
    `/v1/counts/${event.data.details.count}`);
  assert.equal(count.state, 'open');
  assert.equal(event.data.details.uncounted, 0);
  const task = await eventually(async () => (await house.client.all(
    '/v1/tasks?kind=units_missing')).find((x) => x.subject === count.id));
  assert.equal(task.state, 'open');
  await house.client.ok('POST', `/v1/counts/${count.id}/entries`,
    { items: [{ sku: a, quantity: 2 }] });
  for (const [name, version] of [['review', 1], ['post', 2]])
    await house.client.ok('POST', `/v1/counts/${count.id}/${name}`,
      { version });
  await eventually(async () => {
    const now = await house.client.ok('GET', `/v1/tasks/${task.id}`);
    return now.state === 'resolved' && now.resolution === 'over';
  });
});

test('a task that is called off gives all back', async () => {
  const a = fresh('a');
  await shop.stock(a, 4);
  const o = await opened([[a, 4, 100]]);
  let t = await did(await taskOf(o), 'start');
  t = await did(t, 'scan', { sku: a, quantity: 3 });
  await did(t, 'cancel');
  assert.equal((await foNow(o)).status, 'open');
  t = await did(await taskOf(o), 'start');
  t = await did(t, 'scan', { sku: a, quantity: 4 });
  t = await did(t, 'complete');
  assert.equal((await orderNow(o)).lines[0].picked, 4);
  t = await did(t, 'cancel');
  assert.equal(t.state, 'cancelled');
  assert.deepEqual([(await foNow(o)).status,
    (await orderNow(o)).lines[0].picked], ['open', 0]);
  const again = await make({ fulfillment_orders: [o.fos[0].id] });
  assert.equal(again.tasks[0].units, 4);
  const twice = await make({ fulfillment_orders: [o.fos[0].id] });
  assert.deepEqual([twice.tasks.length, twice.skipped[0].code],
    [0, 'nothing_to_pick']);
});

test('units cancelled while somebody is to pick them leave the walk',
  async () => {
    const a = fresh('a');
    await shop.stock(a, 5);
    const o = await opened([[a, 5, 100]]);
    let t = await did(await taskOf(o), 'start');
    t = await did(t, 'scan', { sku: a, quantity: 2 });
    const cancel = async (quantity) => house.client.post(
      `/v1/orders/${o.order.id}/cancel`, { version: (await orderNow(o)).version,
        reason: 'customer', lines: [{ n: 1, quantity }] });
    const inHand = await cancel(4);
    assert.equal(inHand.json.code, 'units_in_work', inHand.text);
    const some = await cancel(2);
    assert.equal(some.status, 200, some.text);
    t = await house.client.ok('GET', `${url}/${t.id}`);
    assert.deepEqual([t.units, t.picked, t.state], [3, 2, 'picking']);
    t = await did(t, 'scan', { sku: a });
    t = await did(t, 'complete');
    assert.equal((await orderNow(o)).lines[0].picked, 3);
  });

test('what is held, moved or split leaves the walks that were made', async () => {
  const [a, there] = [fresh('a'), await house.client.ok('POST',
    '/v1/locations', locationBody())];
  await shop.stock(a, 6);
  await shop.adjust(a, 6, there.code);
  const o = await opened([[a, 4, 100]]);
  const fo = async (name, body, id = o.fos[0].id) => {
    const { version } = await house.client.ok('GET',
      `/v1/fulfillment-orders/${id}`);
    const reply = await house.client.post(
      `/v1/fulfillment-orders/${id}/${name}`, { version, ...body });
    assert.ok(reply.status < 300, `${name}: ${reply.text}`);
    return reply.json;
  };
  const now = (t) => house.client.ok('GET', `${url}/${t.id}`);
  let t = await taskOf(o);
  await fo('hold', { reason: 'fraud' });
  assert.deepEqual([(await now(t)).state, (await now(t)).units],
    ['cancelled', 0]);
  const held = await house.client.post(url,
    { fulfillment_orders: [o.fos[0].id] });
  assert.deepEqual([held.status, held.json.field],
    [409, 'fulfillment_orders[0].status'], held.text);
  await fo('release');
  t = await taskOf(o);
  await fo('split', { lines: [{ n: 1, quantity: 1 }] });
  assert.equal((await now(t)).units, 3);
  await fo('move', { location: there.id });
  assert.equal((await now(t)).state, 'cancelled');
  t = await did(await taskOf(o), 'start');
  assert.equal(t.location, there.code);
  t = await did(t, 'scan', { sku: a, quantity: 3 });
  await did(t, 'complete');
  assert.equal((await shop.level(a, there.code)).committed, 3);
});

test('lots are picked first expired first, expired ones never (A19.01)',
  async () => {
    const code = fresh('sku');
    const sku = await shop.stock(code, 0);
    await house.client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
      { version: 0, is_lot_tracked: true });
    const receive = (lot, quantity, expires_on) => house.client.ok('POST',
      '/v1/receipts', { location: shop.location.code, lines: [{ sku: code,
        quantity, lot, expires_on }] });
    await receive('LATE', 5, '2998-01-01');
    await receive('SOON', 2, '2997-01-01');
    const o = await opened([[code, 3, 100]]);
    let t = await did(await taskOf(o), 'start');
    assert.deepEqual(t.lines.map((l) => [l.lot, l.quantity]),
      [['SOON', 2], ['LATE', 1]]);
    // What one walk takes no other is sent to.
    const next = await taskOf(await opened([[code, 1, 100]]));
    assert.equal(next.lines[0].lot, 'LATE');
    const none = await refused(t, 'scan', { sku: code }, 422, 'lot_required');
    assert.match(none.detail, /SOON/);
    const other = await refused(t, 'scan', { sku: code, lot: 'LATE',
      quantity: 2 }, 422, 'other_lot');
    assert.match(other.detail, /SOON/);
    await refused(t, 'scan', { sku: code, lot: 'NONE' }, 422, 'lot_unknown');
    t = await did(t, 'scan', { sku: code, lot: 'SOON', quantity: 2 });
    t = await did(t, 'scan', { sku: code, lot: 'LATE' });
    assert.deepEqual(t.lines.map((l) => l.units.map((u) =>
      [u.lot, u.quantity])), [[['SOON', 2]], [['LATE', 1]]]);
    await did(t, 'complete');
  });

test('numbered units are scanned one by one, each once (A19.01)', async () => {
  const code = fresh('sku');
  const sku = await shop.stock(code, 0);
  await house.client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
    { version: 0, is_serial_tracked: true });
  await house.client.ok('POST', '/v1/receipts', {
    location: shop.location.code, lines: [
      { sku: code, quantity: 3, serials: ['1', '2', '3'] }] });
  const [o, p] = [await opened([[code, 2, 100]]), await opened([[code, 1, 9]])];
  let t = await did(await taskOf(o), 'start');
  await refused(t, 'scan', { sku: code }, 422, 'serials_required');
  await refused(t, 'scan', { sku: code, serial: '9' }, 409, 'serial_not_here');
  t = await did(t, 'scan', { sku: code, serial: '2' });
  await refused(t, 'scan', { sku: code, serial: '2' }, 409, 'serial_picked');
  const beside = await did(await taskOf(p), 'start');
  await refused(beside, 'scan', { sku: code, serial: '2' }, 409,
    'serial_picked');
  t = await did(t, 'short', { version: t.version, line: 1, quantity: 1,
    reason: 'box is empty' });
  t = await did(t, 'complete');
  const level = await shop.level(code);
  assert.deepEqual([level.committed, level.held], [2, 1]);
  const { items } = await house.client.ok('GET', `/v1/serials?sku=${code}`);
  assert.equal(items.find((s) => s.serial === '2').place, 'on_shelf');
  assert.equal(items.filter((s) => s.place === 'held').length, 1);
});

test('a kit is picked when all of it is; half a kit goes back (A3.15)',
  async () => {
    const [cup, plate, kit] = [fresh('cup'), fresh('plate'), fresh('kit')];
    await shop.stock(cup, 6);
    await shop.stock(plate, 3);
    const set = await shop.stock(kit, 0, { is_tracked: false });
    await house.client.ok('PUT', `/v1/skus/${set.id}/components`,
      { version: 1, components: [{ sku: cup, quantity: 2 },
        { sku: plate, quantity: 1 }] });
    const o = await opened([[kit, 3, 900]]);
    let t = await did(await taskOf(o), 'start');
    assert.deepEqual(t.lines.map((l) => [l.sku, l.quantity, l.per_line_unit])
      .sort(), [[cup, 6, 2], [plate, 3, 1]].sort());
    t = await did(t, 'scan', { sku: plate, quantity: 3 });
    t = await did(t, 'scan', { sku: cup, quantity: 5 });
    const line = t.lines.find((l) => l.sku === cup).line;
    t = await did(t, 'short', { version: t.version, line, quantity: 1,
      reason: 'broken' });
    t = await did(t, 'complete');
    assert.deepEqual(t.lines.map((l) => [l.sku, l.picked]).sort(),
      [[cup, 4], [plate, 2]].sort());
    const [row] = (await orderNow(o)).lines;
    assert.deepEqual([row.picked, row.allocated], [2, 0]);
    const [cups, plates] = [await shop.level(cup), await shop.level(plate)];
    assert.deepEqual([cups.committed, cups.held, plates.committed, plates.held],
      [4, 1, 2, 0]);
  });

test('zones walk apart, and waves hold what is due together (A5.01)',
  async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    await shop.stock(a, 9);
    await shop.stock(b, 9);
    await bins([[a, 'cold', 'X-1'], [b, 'dry', 'Y-1']]);
    const [o, p] = [await opened([[a, 1, 100], [b, 1, 100]]),
      await opened([[a, 2, 100]])];
    const ids = [o, p].map((x) => x.fos[0].id);
    const { tasks } = await make({ mode: 'zone', fulfillment_orders: ids });
    assert.deepEqual(tasks.map((t) => [t.zone, t.units]).sort(),
      [['cold', 3], ['dry', 1]]);
    assert.equal(tasks[1].wave, tasks[0].id);
    const cold = tasks.find((t) => t.zone === 'cold');
    let t = await did(cold, 'start');
    t = await did(t, 'scan', { sku: a, quantity: 3 });
    await did(t, 'complete');
    const half = await foNow(o);
    assert.deepEqual(half.lines.map((l) => l.picked), [1, 0]);
    t = await did(tasks.find((x) => x.zone === 'dry'), 'start');
    t = await did(t, 'scan', { sku: b });
    await did(t, 'complete');
    assert.deepEqual((await foNow(o)).lines.map((l) => l.picked), [1, 1]);
    const list = await house.client.ok('GET', `${url}?state=picked&location=` +
      shop.location.code);
    assert.ok(list.items.some((x) => x.id === cold.id));
  });

test('criteria find what is open and in no task yet; limits make more walks',
  async () => {
    const other = await Shop.open(house.client);
    const a = fresh('a');
    await other.stock(a, 30);
    const placed = [];
    for (let i = 0; i < 5; i++) placed.push(await other.placed([[a, 2, 100]]));
    for (const order of placed) await fosOf(order);
    const body = { location: other.location.code, mode: 'wave', max_orders: 2 };
    const { tasks } = await make(body);
    assert.deepEqual(tasks.map((t) => t.units), [4, 4, 2]);
    assert.equal((await make(body)).tasks.length, 0);
    const none = await house.client.post(url, { location: 'nowhere' });
    assert.equal(none.json.field, 'location', none.text);
    const bad = await house.client.post(url,
      { fulfillment_orders: ['fo_0000000000001'] });
    assert.equal(bad.status, 404, bad.text);
  });

test('from order to pick list with no hands (A4.12)', async () => {
  const auto = await Shop.open(house.client);
  const path = `/v1/locations/${auto.location.id}/fulfillment`;
  const was = await house.client.ok('GET', path);
  assert.deepEqual([was.auto_pick, was.version], [false, 0]);
  await house.client.ok('PUT', path, { version: 0, auto_pick: true });
  const stale = await house.client.put(path, { version: 0 });
  assert.equal(stale.json.code, 'stale', stale.text);
  const a = fresh('a');
  await auto.stock(a, 5);
  const order = await auto.placed([[a, 2, 100]]);
  const task = await eventually(async () => (await house.client.ok('GET',
    `${url}?location=${auto.location.code}`)).items[0]);
  assert.deepEqual([task.state, task.units], ['created', 2]);
  const whole = await house.client.ok('GET', `${url}/${task.id}`);
  assert.equal(whole.lines[0].order, order.id);
});

test('what is made to order is not picked before it is made (A3.15, A8.08)',
  async () => {
    const sku = fresh('ring');
    await shop.stock(sku, 0, { is_tracked: false,
      attrs: { made_to_order: true } });
    const order = await house.client.ok('POST', '/v1/orders', { ...shop.order(
      [[sku, 1, 9900]]), lines: [{ sku, quantity: 1,
      unit_price: { amount: 9900, currency: 'EUR' },
      attrs: { size: '54', engraving: 'für immer' } }] });
    const o = { order, fos: await fosOf(order) };
    let t = await did(await taskOf(o), 'start');
    assert.deepEqual([t.lines[0].attrs.engraving,
      t.lines[0].production_status], ['für immer', 'waiting']);
    await refused(t, 'scan', { sku }, 409, 'not_made_yet');
    await refused(t, 'short', { version: t.version, line: 1, quantity: 1,
      reason: 'x' }, 409, 'not_made_yet');
    const { items } = await house.client.ok('GET', '/v1/production?limit=250');
    const row = items.find((x) => x.order === order.id);
    assert.equal(row.attrs.size, '54');
    const path = `/v1/production/${order.id}/1`;
    let made = await house.client.ok('PUT', path, { version: row.version,
      production_status: 'in_production' });
    const back = await house.client.put(path, { version: row.version,
      production_status: 'made' });
    assert.equal(back.json.code, 'stale', back.text);
    made = await house.client.ok('PUT', path, { version: made.version,
      production_status: 'made' });
    t = await did(t, 'scan', { sku });
    t = await did(t, 'complete');
    assert.equal(t.state, 'picked');
    const undo = await house.client.put(path, { version: made.version,
      production_status: 'waiting' });
    assert.equal(undo.json.code, 'units_picked', undo.text);
    const wrong = await house.client.put(path, { version: made.version,
      production_status: 'in_production' });
    assert.equal(wrong.status, 409, wrong.text);
  });

test('bins are set all or none, at the version seen', async () => {
  const [a, b] = [fresh('a'), fresh('b')];
  await shop.stock(a, 0);
  await shop.stock(b, 0);
  const item = (sku, bin, more) => ({ location: shop.location.code, sku, bin,
    ...more });
  const put = (items) => house.client.put('/v1/bins', { items },
    { isBad: true });
  const bad = await put([item(a, 'Q-1'), item('nobody', 'Q-2')]);
  assert.deepEqual([bad.status, bad.json.field], [422, 'items[1].sku']);
  const get = async (sku) => (await house.client.ok('GET', '/v1/bins?location=' +
    `${shop.location.code}&sku=${sku}`)).items[0];
  assert.equal(await get(a), undefined);
  assert.equal((await put([item(a, 'Q-1', { version: 0 }),
    item(b, 'Q-2', { zone: 'z' })])).json.changed, 2);
  assert.equal((await put([item(a, 'Q-1')])).json.changed, 0);
  const stale = await put([item(a, 'Q-9', { version: 7 })]);
  assert.equal(stale.json.code, 'stale', stale.text);
  assert.equal((await put([item(a, 'Q-9', { version: 1 })])).status, 200);
  assert.deepEqual([(await get(a)).bin, (await get(a)).version], ['Q-9', 2]);
  assert.equal((await put([item(a, '')])).json.changed, 1);
  assert.equal(await get(a), undefined);
  for (const [bin, zone] of [[' x', ''], ['a\nb', ''], ['ok', 'a\tb']])
    assert.equal((await put([item(a, bin, { zone })])).status, 422);
});

test('the list is printed: bins, barcodes, lots, variables (A5.01, A3.15)',
  async () => {
    const [a, b] = [fresh('tea'), fresh('ring')];
    await shop.stock(a, 5, { barcode: '4006381333931', title: 'Grüner Tee' });
    await shop.stock(b, 5);
    await bins([[a, 'dry', 'A-10'], [b, 'dry', 'A-2']]);
    const order = await house.client.ok('POST', '/v1/orders', { ...shop.order(
      [[a, 2, 100], [b, 1, 100]]), lines: [a, b].map((sku) => ({ sku,
      quantity: 2, unit_price: { amount: 1, currency: 'EUR' },
      attrs: { size: '54' } })) });
    const t = await taskOf({ order, fos: await fosOf(order) });
    const pdf = await house.client.get(`${url}/${t.id}/list`);
    assert.equal(pdf.status, 200, pdf.text);
    assert.match(pdf.headers['content-disposition'], /pick-list\.pdf/);
    const text = execFileSync('pdftotext', ['-layout', '-', '-'],
      { input: pdf.bytes }).toString();
    for (const part of [t.id, a, b, 'A-10', 'Grüner Tee', order.number, '54'])
      assert.ok(text.includes(part), `${part} in ${text}`);
    assert.ok(text.indexOf('A-2') < text.indexOf('A-10'), 'in walk order');
    const json = await house.client.ok('GET', `${url}/${t.id}/list?format=json`);
    assert.deepEqual(json, await house.client.ok('GET', `${url}/${t.id}`));
  });

test('the newest walks stand first, page by page', async () => {
  const s = fresh('s');
  await shop.stock(s, 9);
  const made = [];
  for (let i = 1; i <= 3; i++) made.push((await taskOf(await opened([[s, i, 1]]))).id);
  const page = (query) => house.client.ok('GET',
    `${url}?location=${shop.location.code}&state=created&limit=2${query}`);
  const first = await page('');
  assert.deepEqual(first.items.map((t) => [t.id, t.line_count, t.units]),
    [[made[2], 1, 3], [made[1], 1, 2]]);
  const next = await page(`&after=${first.next}`);
  assert.equal(next.items[0].id, made[0]);
});
