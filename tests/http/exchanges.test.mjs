// exchanges.test.mjs - goods that come back for others (A7.02).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Parcels } from './lib/parcels.mjs';
import { eventually, fresh, money } from './lib/shop.mjs';

let it;
before(async () => { it = await Parcels.open(); });
after(() => it?.house.stop());

const post = (path, body) => it.client.ok('POST', path, body);
const pay = (order, amount) => post(`/v1/orders/${order.id}/payments`,
  { tender: 'cash', amount: money(amount), done: 'captured' });

// An order of one unit, shipped and paid; asked back.
async function asked() {
  const sku = fresh('x');
  await it.shop.stock(sku, 3, { weight_g: 500 });
  const { order, packages } = await it.packed([[sku, 1]]);
  for (const p of packages) await it.shipped(p);
  const now = await it.order(order);
  await pay(order, now.payment.total_now.amount);
  const back = await post(`/v1/orders/${order.id}/returns`,
    { items: [{ line: 1, quantity: 1, reason: 'too_small' }] });
  const unit = now.lines[0].unit_price.amount;
  return { sku, order, back, unit };
}
async function draft({ sku, order, back, unit }, more = 0) {
  const { version } = await it.order(order);
  const body = { version, return: back.id, reason: 'a size up', lines: [
    { sku, quantity: 1, unit_price: money(unit + more) }] };
  const seen = await post(`/v1/orders/${order.id}/exchanges/preview`, body);
  const at = await post(`/v1/orders/${order.id}/exchanges`, body);
  return { seen, at };
}
const got = (at) => it.client.ok('GET', `/v1/exchanges/${at.id}`);
const fos = async (order) => (await it.client.ok('GET',
  `/v1/fulfillment-orders?order=${order.id}`)).items.length;

test('dearer goods leave once paid and the others came (A7.02)', async () => {
  const a = await asked();
  const { seen, at } = await draft(a, 250);
  assert.equal(seen.state_after, 'awaiting_payment');
  assert.deepEqual(seen.due, money(250));
  assert.deepEqual(seen.return_worth, money(a.unit));
  const refused = await it.client.post(`/v1/exchanges/${at.id}/confirm`,
    { version: 9 });
  assert.equal(refused.status, 409);
  assert.equal(refused.json.code, 'stale');
  const done = await post(`/v1/exchanges/${at.id}/confirm`, { version: 1 });
  assert.equal(done.exchange.state, seen.state_after);
  assert.deepEqual(done.order.payment.total_now, seen.total_after);
  assert.deepEqual(done.order.payment.balance_due, seen.balance_after);
  assert.equal(done.exchange.lines[0].n, 2);
  assert.equal((await it.shop.level(a.sku)).committed, 1);
  await pay(a.order, 250);
  await eventually(async () => (await got(at)).state === 'awaiting_return');
  assert.equal(await fos(a.order), 1);
  await post(`/v1/returns/${a.back.id}/receive`, { version: a.back.version,
    items: [{ n: 1, quantity: 1, disposition: 'restock' }] });
  await eventually(async () => (await got(at)).state === 'released');
  await eventually(async () => await fos(a.order) === 2);
  const late = await it.client.post(`/v1/exchanges/${at.id}/cancel`,
    { version: (await got(at)).version });
  assert.equal(late.status, 409);
  assert.equal(late.json.code, 'exchange_state');
  const r = await it.client.ok('GET', `/v1/returns/${a.back.id}`);
  await post(`/v1/returns/${r.id}/inspect`, { version: r.version,
    items: [{ unit: 1, acceptance: 'accepted' }] });
  await eventually(async () => (await got(at)).settled_at !== null);
  const order = await it.order(a.order);
  assert.equal(order.payment.balance_due.amount, 0);
  const list = await it.client.ok('GET', `/v1/orders/${order.id}/exchanges`);
  assert.equal(list.items[0].id, at.id);
  await eventually(async () => (await it.client.ok('GET',
    `/v1/events?subject=${at.id}`)).items.map((e) => e.type).join() ===
    'exchange.drafted,exchange.confirmed,exchange.awaiting_payment,' +
    'exchange.awaiting_return,exchange.released,exchange.settled');
});

test('what does not come back is due, and a task says so', async () => {
  const path = `/v1/channels/${it.shop.channel.id}/return-policy`;
  await it.client.ok('PUT', path, { version: 0, exchange: 'at_once' });
  const a = await asked();
  const { at } = await draft(a);
  const done = await post(`/v1/exchanges/${at.id}/confirm`, { version: 1 });
  assert.equal(done.exchange.state, 'released');
  await eventually(async () => await fos(a.order) === 2);
  await post(`/v1/returns/${a.back.id}/receive`, { version: a.back.version,
    items: [{ n: 1, quantity: 1, as: 'wrong_item' }] });
  await eventually(async () => (await got(at)).is_unsettled);
  const tasks = async () => (await it.client.ok('GET',
    `/v1/tasks?kind=exchange_unsettled&order=${a.order.id}`)).items.length;
  await eventually(async () => await tasks() === 1);
  assert.equal((await it.order(a.order)).payment.balance_due.amount, a.unit);
  await pay(a.order, a.unit);
  await eventually(async () => await tasks() === 0);
  await it.client.ok('PUT', path, { version: 1 });
});

test('what came back and is decided is exchanged no more', async () => {
  const a = await asked();
  const { at } = await draft(a);
  const r = await post(`/v1/returns/${a.back.id}/receive`,
    { version: a.back.version,
      items: [{ n: 1, quantity: 1, disposition: 'restock' }] });
  const done = await post(`/v1/returns/${a.back.id}/inspect`,
    { version: r.version, items: [{ unit: 1, acceptance: 'accepted' }] });
  assert.equal(done.state, 'closed');
  const { version } = await it.order(a.order);
  const body = { version, return: a.back.id, reason: 'late', lines: [
    { sku: a.sku, quantity: 1, unit_price: money(a.unit) }] };
  const of = `/v1/orders/${a.order.id}/exchanges`;
  for (const [path, asks] of [[of, body], [`${of}/preview`, body],
    [`/v1/exchanges/${at.id}/preview`, {}],
    [`/v1/exchanges/${at.id}/confirm`, { version: 1, order_version: version }]]) {
    const reply = await it.client.post(path, asks);
    assert.equal(reply.status, 409, reply.text);
    assert.deepEqual([reply.json.code, reply.json.field, reply.json.detail],
      ['return_over', 'return', 'exchange is refused in a return that is ' +
        'closed; allowed: inspect'], path);
  }
  assert.equal((await got(at)).state, 'draft');
  await post(`/v1/exchanges/${at.id}/cancel`, { version: 1 });
  assert.equal((await it.shop.level(a.sku)).committed, 0);
});

test('one that waits is taken back, and its units are free', async () => {
  const a = await asked();
  const { at } = await draft(a);
  const done = await post(`/v1/exchanges/${at.id}/confirm`, { version: 1 });
  assert.equal(done.exchange.state, 'awaiting_return');
  assert.equal((await it.shop.level(a.sku)).committed, 1);
  const off = await post(`/v1/exchanges/${at.id}/cancel`, { version: 2 });
  assert.equal(off.exchange.state, 'cancelled');
  assert.equal(off.order.payment.balance_due.amount, 0);
  assert.equal((await it.shop.level(a.sku)).committed, 0);
});

test('its lines are taxed where the channel computes taxes', async () => {
  const a = await asked();
  const { version } = await it.order(a.order);
  const at = `/v1/channels/${it.shop.channel.id}`;
  const before = await it.client.ok('GET', at);
  await it.client.ok('PATCH', at, { version: before.version, taxes: 'computed' });
  await post('/v1/tax-rates', { country: 'DE', name: 'VAT', rate_ppm: 190000 });
  const body = (sku) => ({ version, return: a.back.id, reason: 'a size up',
    lines: [{ sku, quantity: 1, unit_price: money(1190) }] });
  const unknown = await it.client.post(`/v1/orders/${a.order.id}/exchanges`,
    body('nowhere'));
  assert.deepEqual([unknown.json.code, unknown.json.field],
    ['sku_unknown', 'lines[0].sku'], unknown.text);
  const drafted = await post(`/v1/orders/${a.order.id}/exchanges`, body(a.sku));
  const done = await post(`/v1/exchanges/${drafted.id}/confirm`, { version: 1 });
  assert.deepEqual(done.order.lines[1].tax_now, money(226));
});
