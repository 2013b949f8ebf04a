// edits.test.mjs - orders changed after they were placed (A8.02).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, money, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client,
    { channel: { stock_policy: 'backorder' } });
});
after(() => house?.stop());

const get = (id) => house.client.ok('GET', `/v1/orders/${id}`);
const post = (path, body, options) => house.client.post(path, body, options);
const draft = (order, actions, more = {}) =>
  post(`/v1/orders/${order.id}/changes`,
    { version: order.version, reason: 'the buyer called', actions, ...more });
async function did(reply) {
  const { status, json, text } = await reply;
  assert.ok(status < 300, text);
  return json;
}
async function refused(reply, status, code) {
  const { status: got, json, text } = await reply;
  assert.equal(got, status, text);
  assert.equal(json.code, code, text);
  return json;
}
const step = (change, name, body = {}) => post(
  `/v1/order-changes/${change.id}/${name}`,
  name === 'preview' ? {} : { version: change.version, ...body });
async function changed(order, actions) {
  const drafted = await did(draft(await get(order.id), actions));
  const asked = await did(step(drafted, 'request'));
  return (await did(step(asked, 'confirm'))).order;
}

test('a change is drafted, looked at, requested and confirmed (A8.02, B4)', async () => {
  const [a, b] = [fresh('e'), fresh('e')];
  await shop.stock(a, 5);
  await shop.stock(b, 2);
  const order = await shop.placed([[a, 2, 1000]]);
  const drafted = await did(draft(await get(order.id), [
    { type: 'set_quantity', line: 1, quantity: 4 },
    { type: 'add_line', add: { sku: b, quantity: 3, unit_price: money(500) } },
    { type: 'order_discount', discount: money(550) },
    { type: 'set_charges', total: money(490), tax: money(78) }]));
  assert.equal(drafted.state, 'draft');
  const look = await did(step(drafted, 'preview'));
  assert.equal(look.difference.amount, 2000 + 1500 - 550 + 490);
  assert.equal(look.balance_after.amount, 5440);
  assert.deepEqual(look.stock, [
    { sku: a, reserve: 2, free: 0, waiting: 0 },
    { sku: b, reserve: 2, free: 0, waiting: 1 }]);
  assert.equal((await shop.level(a)).committed, 2);
  await refused(step(drafted, 'confirm'), 409, 'change_state');
  const asked = await did(step(drafted, 'request'));
  const { change, order: now } = await did(step(asked, 'confirm'));
  assert.equal(change.state, 'confirmed');
  assert.equal(change.total_after.amount, 5440);
  assert.equal(now.totals.total.amount, 2000);
  assert.equal(now.payment.total_now.amount, 5440);
  assert.deepEqual(now.lines.map((l) => [l.quantity, l.added, l.allocated,
    l.backordered]), [[2, 2, 4, 0], [0, 3, 2, 1]]);
  assert.equal((await shop.level(a)).committed, 4);
  const { items } = await house.client.ok('GET',
    `/v1/orders/${order.id}/changes`);
  assert.deepEqual(items, [change]);
  await eventually(async () => {
    const page = await house.client.ok('GET',
      `/v1/fulfillment-orders?order=${order.id}`);
    const units = page.items.flatMap((f) => f.lines.map((l) => l.quantity));
    return units.join() === '4,2';
  });
  const then = await house.client.ok('GET',
    `/v1/orders/${order.id}?at=${now.placed_at}`);
  assert.equal(then.lines.length, 1);
  assert.equal(then.lines[0].added, 0);
});

test('two agents: the second sees what the first did', async () => {
  const sku = fresh('e');
  await shop.stock(sku, 9);
  const order = await shop.placed([[sku, 2, 1000]]);
  const more = [{ type: 'set_quantity', line: 1, quantity: 5 }];
  const less = [{ type: 'set_quantity', line: 1, quantity: 1 }];
  const one = await did(step(await did(draft(order, more)), 'request'));
  const two = await did(step(await did(draft(order, less)), 'request'));
  await did(step(one, 'confirm'));
  const problem = await refused(step(two, 'confirm'), 409, 'stale');
  assert.equal(problem.current_version, 2);
  assert.match(problem.detail, /order\.changed/);
  const look = await did(step(two, 'preview'));
  assert.equal(look.difference.amount, -4000);
  assert.ok(look.since.some((e) => e.type === 'order.changed'));
  const { order: now } = await did(step(two, 'confirm',
    { order_version: look.order_version }));
  assert.equal(now.payment.total_now.amount, 1000);
  assert.equal((await shop.level(sku)).committed, 1);
  // A double click changes nothing.
  await refused(step(two, 'confirm'), 409, 'stale');
});

test('what cannot be is refused and changes nothing', async () => {
  const sku = fresh('e');
  await shop.stock(sku, 2);
  const order = await shop.placed([[sku, 2, 1000]]);
  for (const [action, code] of [
    [{ type: 'remove_line', line: 1 }, 'nothing_left'],
    [{ type: 'remove_line', line: 7 }, 'line_unknown'],
    [{ type: 'set_price', line: 1, unit_price: money(-1) },
      'number_out_of_range'],
    [{ type: 'set_price', line: 1, unit_price: money(1, 'USD') },
      'currency_mismatch'],
    [{ type: 'set_price', line: 1, unit_price: money(1e15) },
      'number_out_of_range'],
    [{ type: 'set_discount', line: 1, discount: money(2001) },
      'discount_too_large'],
    [{ type: 'set_charges', total: money(1), tax: money(2) }, 'tax_too_large'],
    [{ type: 'add_line', add: { sku: 'none', quantity: 1,
      unit_price: money(1) } }, 'sku_unknown'],
  ])
    await refused(draft(order, [action]), 422, code);
  await refused(draft({ ...order, version: 9 },
    [{ type: 'set_quantity', line: 1, quantity: 1 }]), 409, 'stale');
  const one = await did(draft(order,
    [{ type: 'set_quantity', line: 1, quantity: 1 }]));
  const asked = await did(step(one, 'request'));
  const no = await did(step(asked, 'decline', { reason: 'too late' }));
  assert.equal(no.answer, 'too late');
  await refused(step(no, 'cancel'), 409, 'change_state');
  await refused(post(`/v1/orders/${order.id}/cancel`,
    { version: 2, reason: 'x' }), 409, 'stale');
  assert.equal((await get(order.id)).version, 1);
});

test('a shop without backorders refuses units that are nowhere', async () => {
  const strict = await Shop.open(house.client,
    { channel: { stock_policy: 'refuse' } });
  const sku = fresh('e');
  await strict.stock(sku, 2);
  const order = await strict.placed([[sku, 1, 1000]]);
  const asked = await did(step(await did(draft(order,
    [{ type: 'set_quantity', line: 1, quantity: 3 }])), 'request'));
  await refused(step(asked, 'confirm'), 409, 'out_of_stock');
  assert.equal((await strict.level(sku)).committed, 1);
  const now = await changed(order,
    [{ type: 'set_quantity', line: 1, quantity: 2 }]);
  assert.equal(now.lines[0].allocated, 2);
});

const berlin = { name: 'Ada', line1: 'Unter den Linden 1', city: 'Berlin',
  postal_code: '10117', country: 'DE' };
const paris = { name: 'Ada', line1: 'Rue de Rivoli 1', city: 'Paris',
  postal_code: '75001', country: 'FR' };
const fos = async (order) => (await house.client.ok('GET',
  `/v1/fulfillment-orders?order=${order.id}`)).items;

test('what is still to leave goes to another address', async () => {
  const sku = fresh('e');
  await shop.stock(sku, 3, { weight_g: 100 });
  await house.client.ok('PUT', '/v1/routing/services', { version: 0,
    items: ['std', 'express'].map((code) => ({ code, days: ['mon', 'tue'],
      deliver_by: '18:00' })) });
  const order = await shop.placed([[sku, 2, 1000]],
    { shipping_address: berlin, service: 'std', note: 'ring twice' });
  const [fo] = await eventually(async () => {
    const all = await fos(order);
    return all.length === 1 && all;
  });
  const asked = await did(step(await did(draft(await get(order.id), [
    { type: 'set_address', shipping_address: paris },
    { type: 'set_service', service: 'express' }])), 'request'));
  const look = await did(step(asked, 'preview'));
  assert.deepEqual(look.fulfillment_orders.map((f) => f.id), [fo.id]);
  assert.equal((await get(order.id)).shipping_address.city, 'Berlin');
  const { change, order: now } = await did(step(asked, 'confirm'));
  assert.deepEqual(now.shipping_address, paris);
  assert.equal(now.service, 'express');
  assert.equal(now.note, 'ring twice');
  assert.deepEqual(change.was, { shipping_address: berlin, service: 'std' });
  assert.equal((await fos(order))[0].version, fo.version + 1);
  assert.equal(now.lines[0].allocated, 2);
  await refused(draft(now, [{ type: 'set_address',
    shipping_address: { ...paris, country: 'XX' } }]), 422, 'country_unknown');
  await refused(draft(now, [{ type: 'set_address',
    shipping_address: { ...paris, phone: '1' } }]), 422, 'phone_invalid');
  await refused(draft(now, [{ type: 'set_service', service: 'owl' }]), 422,
    'service_unknown');

  const { items: [parcel] } = await house.client.ok('POST', '/v1/packages', {
    fulfillment_order_id: fo.id, suggest: true, pick: true, close: true });
  await did(post(`/v1/packages/${parcel.id}/label/record`,
    { version: parcel.version, carrier: 'post', tracking: 'P1' }));
  await refused(draft(await get(order.id), [{ type: 'set_address',
    shipping_address: berlin }]), 409, 'parcel_labelled');
});

test('what is scheduled leaves on another day', async () => {
  const sku = fresh('e');
  await shop.stock(sku, 3);
  const day = (n) => new Date(Date.now() + n * 86400e3).toISOString();
  const order = await shop.placed([[sku, 2, 1000]], { fulfil_at: day(9) });
  const status = (name) => eventually(async () => {
    const [fo] = await fos(order);
    return fo?.status === name && fo;
  });
  await status('scheduled');
  const later = day(19);
  const now = await changed(order, [{ type: 'set_ship_date',
    fulfil_at: later }]);
  assert.equal(now.fulfil_at, later);
  assert.equal((await status('scheduled')).fulfil_at, later);
  await changed(order, [{ type: 'set_ship_date', fulfil_at: day(-1) }]);
  await status('open');
  await refused(draft(await get(order.id), [{ type: 'set_ship_date',
    fulfil_at: later }]), 409, 'already_released');
});

test('what a drop shares out is not added by a change', async () => {
  const sku = fresh('e');
  await shop.stock(sku, 9);
  const order = await shop.placed([[sku, 1, 1000]]);
  await house.client.ok('POST', '/v1/drops', { sku, name: 'Drop',
    customer_cap: 1, offer_ttl_s: 60,
    ends_at: new Date(Date.now() + 3600e3).toISOString() });
  await refused(draft(order, [{ type: 'set_quantity', line: 1, quantity: 5 }]),
    422, 'sku_in_drop');
  await refused(draft(order, [{ type: 'add_line', add: { sku, quantity: 1,
    unit_price: money(1) } }]), 422, 'sku_in_drop');
});

test('tags are put on an order and taken off', async () => {
  const sku = fresh('e');
  await shop.stock(sku, 3);
  const order = await shop.placed([[sku, 1, 1000]], { tags: ['web', 'vip'] });
  const tag = (version, body) => post(`/v1/orders/${order.id}/tags`,
    { version, ...body });
  const now = await did(tag(1, { add: ['gift', 'vip'], remove: ['web'] }));
  assert.deepEqual([now.version, now.tags], [2, ['vip', 'gift']]);
  const same = await did(tag(2, { add: ['gift'], remove: ['none'] }));
  assert.equal(same.version, 2);
  await refused(tag(1, { add: ['x'] }), 409, 'stale');
  await refused(tag(2, { add: Array.from({ length: 49 }, (_, i) => `t${i}`) }),
    422, 'too_many_tags');
  await did(post(`/v1/orders/${order.id}/cancel`,
    { version: 2, reason: 'no' }));
  assert.deepEqual((await did(tag(3, { remove: ['vip'] }))).tags, ['gift']);
  const { items } = await house.client.ok('GET',
    `/v1/orders/${order.id}/timeline`);
  assert.equal(items.filter((e) => e.type === 'order.tagged').length, 2);
});
