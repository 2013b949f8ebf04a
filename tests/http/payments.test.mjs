// payments.test.mjs - what orders are paid with (A2.01, A2.05, A2.06).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, money, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

async function placed(total = 10000) {
  const sku = fresh('p');
  await shop.stock(sku, 2);
  return shop.placed([[sku, 1, total]]);
}
const pay = (order, body, options) =>
  house.client.post(`/v1/orders/${order.id}/payments`, body, options);
async function paid(order, tender, amount, more) {
  const reply = await pay(order, { tender, amount: money(amount), ...more });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}
const step = (p, name, body = {}, options) => house.client.post(
  `/v1/payments/${p.id}/${name}`, { version: p.version, ...body }, options);
async function did(p, name, body) {
  const reply = await step(p, name, body);
  assert.equal(reply.status, 200, `${name}: ${reply.text}`);
  return reply.json;
}
const facts = async (order) =>
  (await house.client.ok('GET', `/v1/orders/${order.id}`)).payment;

test('an order is paid by two tenders, in parts, and given back', async () => {
  const order = await placed();
  assert.equal((await facts(order)).status, 'unpaid');
  assert.equal((await facts(order)).balance_due.amount, 10000);
  await paid(order, 'cash', 3000, { done: 'captured' });
  let card = await paid(order, 'card', 7000, { done: 'authorized' });
  assert.equal((await facts(order)).status, 'partially_paid');
  card = await did(card, 'capture', { amount: money(2500) });
  assert.equal(card.state, 'partially_captured');
  card = await did(card, 'capture');
  assert.equal(card.state, 'captured');
  assert.equal(card.captured.amount, 7000);
  assert.equal((await facts(order)).status, 'paid');
  card = await did(card, 'refund', { amount: money(100), reference: 'R-1' });
  const after = await facts(order);
  assert.equal(after.status, 'partially_refunded');
  assert.equal(after.balance_due.amount, 100);
  const { items } = await house.client.ok('GET',
    `/v1/orders/${order.id}/payments`);
  assert.deepEqual(items.map((p) => p.tender), ['cash', 'card']);
  assert.deepEqual(items[1].transactions.map((t) => t.type),
    ['authorize', 'capture', 'capture', 'refund']);
  await eventually(async () => {
    const page = await house.client.ok('GET',
      '/v1/orders?payment_status=partially_refunded');
    return page.items.some((item) => item.id === order.id);
  });
});

test('limits and states are refused with what is allowed (I15)', async () => {
  const order = await placed();
  const card = await paid(order, 'card', 5000);
  const over = await step(card, 'authorize', { amount: money(5001) });
  assert.equal(over.status, 422);
  assert.equal(over.json.code, 'over_authorized');
  assert.match(over.json.detail, /50\.00 EUR/);
  const early = await step(card, 'refund');
  assert.equal(early.status, 409);
  assert.equal(early.json.code, 'payment_state');
  assert.match(early.json.detail, /authorize, capture_part, capture, void/);
  const stale = await step({ ...card, version: 7 }, 'capture');
  assert.equal(stale.status, 409);
  assert.equal(stale.json.code, 'stale');
  const done = await did(card, 'capture');
  const more = await step(done, 'refund', { amount: money(5001) });
  assert.equal(more.status, 422);
  assert.equal(more.json.code, 'over_refunded');
});

test('a double click takes money once', async () => {
  const order = await placed();
  const key = fresh('key');
  const body = { tender: 'cash', amount: money(4000), done: 'captured' };
  const first = await pay(order, body, { key });
  const again = await pay(order, body, { key });
  assert.equal(first.status, 201);
  assert.equal(again.json.id, first.json.id);
  assert.equal((await facts(order)).captured.amount, 4000);
  const back = fresh('key');
  const once = await step(first.json, 'refund', {}, { key: back });
  const twice = await step(first.json, 'refund', {}, { key: back });
  assert.equal(once.status, 200);
  assert.equal(twice.text, once.text);
  assert.equal((await facts(order)).refunded.amount, 4000);
});

test('what happened outside is recorded and opens a task', async () => {
  const order = await placed();
  const card = await paid(order, 'card', 10000, { done: 'captured' });
  const record = (body) =>
    house.client.post(`/v1/payments/${card.id}/record`, body);
  for (let i = 0; i < 2; i++) {
    const reply = await record({ type: 'chargeback', event_id: 'cb-1' });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.disputed.amount, 10000);
  }
  assert.equal((await facts(order)).status, 'disputed');
  assert.equal((await record({ type: 'refund', event_id: 'cb-1' })).status, 409);
  const tasks = async () => (await house.client.ok('GET',
    `/v1/tasks?order=${order.id}`)).items.map((t) => t.kind);
  await eventually(async () => (await tasks()).includes('payment_disputed'));
  await record({ type: 'refund', event_id: 'rf-1', amount: money(10000) });
  await eventually(async () => (await tasks()).includes('payment_outside'));
  assert.equal((await facts(order)).balance_due.amount, 20000);
  // A part of it does not end the dispute.
  const part = await record({ type: 'chargeback_reversed', event_id: 'cb-2',
    amount: money(4000) });
  assert.deepEqual(part.json.disputes.map((d) => [d.state, d.returned.amount]),
    [['open', 4000]]);
  await record({ type: 'void', event_id: 'vd-1', amount: money(1) });
  await eventually(async () => (await house.client.ok('GET',
    `/v1/tasks?order=${order.id}`)).items.some((t) =>
    t.kind === 'payment_outside' && t.times > 1));
  assert.ok((await tasks()).includes('payment_disputed'));
  const answer = (p) => house.client.post(
    `/v1/payments/${card.id}/disputes/${p.disputes[0].id}/answer`,
    { version: p.version, reference: 'CASE-1' });
  const now = await house.client.ok('GET', `/v1/payments/${card.id}`);
  const answered = await answer(now);
  assert.equal(answered.json.disputes[0].answer, 'CASE-1');
  assert.equal((await answer(now)).json.code, 'stale');
  const won = await record({ type: 'chargeback_reversed', event_id: 'cb-3' });
  await eventually(async () => !(await tasks()).includes('payment_disputed'));
  assert.equal((await answer(won.json)).json.code, 'dispute_state');
  assert.equal((await facts(order)).status, 'refunded');
});

test('disputes are told apart by their names, and may be lost', async () => {
  const order = await placed();
  const card = await paid(order, 'card', 10000, { done: 'captured' });
  const record = (body) =>
    house.client.ok('POST', `/v1/payments/${card.id}/record`, body);
  const kinds = async () => (await house.client.ok('GET',
    `/v1/tasks?order=${order.id}`)).items.map((t) => t.kind);
  // Its end is told first.
  await record({ type: 'chargeback_reversed', event_id: 'a2', dispute: 'A',
    amount: money(3000) });
  await record({ type: 'chargeback', event_id: 'b1', dispute: 'B',
    amount: money(6000), reason: 'not received', due_at: '2031-01-01T00:00:00.000Z' });
  const lost = await record({ type: 'dispute_lost', event_id: 'b2', dispute: 'B' });
  assert.equal(lost.disputed.amount, 3000, 'as far as it is told');
  const all = await record({ type: 'chargeback', event_id: 'a1', dispute: 'A',
    amount: money(3000) });
  assert.deepEqual(all.disputes.map((d) => [d.dispute, d.state, d.amount.amount]),
    [['A', 'won', 3000], ['B', 'lost', 6000]]);
  assert.deepEqual([all.disputes[1].reason, all.disputed.amount],
    ['not received', 6000]);
  assert.equal((await facts(order)).balance_due.amount, 6000);
  await eventually(async () => !(await kinds()).includes('payment_disputed'));
});

test('cancelled units take off what was paid for them (A8.07)', async () => {
  const sku = fresh('p');
  await shop.stock(sku, 3);
  const order = await shop.placed([[sku, 3, 3333]]);
  await paid(order, 'cash', 9999, { done: 'captured' });
  const now = await house.client.ok('GET', `/v1/orders/${order.id}`);
  const cut = await house.client.post(`/v1/orders/${order.id}/cancel`,
    { version: now.version, reason: 'less', lines: [{ n: 1, quantity: 1 }] });
  assert.equal(cut.status, 200, cut.text);
  const after = await facts(order);
  assert.equal(after.total_now.amount, 6666);
  assert.equal(after.balance_due.amount, -3333);
  assert.equal(after.status, 'overpaid');
});

// ---- what may leave ----

const fos = async (order) => (await house.client.ok('GET',
  `/v1/fulfillment-orders?order=${order.id}`)).items;
const fo = (order, status) => eventually(async () => {
  const [it] = await fos(order);
  return it?.status === status && it;
});
async function gated(release, more) {
  const gate = await Shop.open(house.client,
    { channel: { payment: { release } } });
  assert.equal(gate.channel.payment.release, release);
  const sku = fresh('p');
  await gate.stock(sku, 5);
  return gate.placed([[sku, 1, 5000]], more);
}
const record = (p, type, event, amount) => house.client.post(
  `/v1/payments/${p.id}/record`, { type, event_id: event,
    ...amount && { amount: money(amount) } });
// The fulfillment consumer has seen all that was written before.
async function seen() {
  const open = await placed();
  await fo(open, 'open');
}

test('nothing leaves before its payment is as the channel asks', async () => {
  const order = await gated('paid');
  await seen();
  assert.deepEqual(await fos(order), []);
  let card = await paid(order, 'card', 5000, { done: 'authorized' });
  await seen();
  assert.deepEqual(await fos(order), []);
  card = await did(card, 'capture', { amount: money(4999) });
  await seen();
  assert.deepEqual(await fos(order), []);
  card = await did(card, 'capture');
  const open = await fo(order, 'open');
  assert.equal((await record(card, 'chargeback', 'c1')).status, 200);
  const held = await fo(order, 'on_hold');
  assert.equal(held.hold_reason, 'payment');
  assert.equal((await house.client.ok('GET', `/v1/orders/${order.id}`))
    .fulfillment_status, 'on_hold');
  const refused = await house.client.post(
    `/v1/fulfillment-orders/${open.id}/release`, { version: held.version });
  assert.equal(refused.status, 409);
  assert.equal(refused.json.code, 'payment_unmet');
  await record(card, 'chargeback_reversed', 'c2');
  assert.equal((await fo(order, 'open')).hold_reason, null);
});

test('a promise is enough where the channel says so', async () => {
  const order = await gated('authorized');
  await seen();
  assert.deepEqual(await fos(order), []);
  const card = await paid(order, 'card', 5000, { done: 'authorized' });
  const open = await fo(order, 'open');
  const { tasks: [walk] } = await house.client.ok('POST', '/v1/pick-tasks',
    { fulfillment_orders: [open.id] }, { status: 201 });
  await house.client.ok('POST', `/v1/pick-tasks/${walk.id}/start`,
    { version: walk.version });
  await fo(order, 'in_progress');
  await did(card, 'void');
  await eventually(async () => (await house.client.ok('GET',
    `/v1/tasks?order=${order.id}`)).items.some((t) => t.kind === 'work_unpaid'));
  assert.equal((await fos(order))[0].status, 'in_progress');
  const { version } = await house.client.ok('GET', `/v1/pick-tasks/${walk.id}`);
  await house.client.ok('POST', `/v1/pick-tasks/${walk.id}/cancel`, { version });
  assert.equal((await fos(order))[0].hold_reason, 'payment');
});

test('cancelling what is not paid lets the rest leave', async () => {
  const gate = await Shop.open(house.client,
    { channel: { payment: { release: 'paid' } } });
  const sku = fresh('p');
  await gate.stock(sku, 5);
  const order = await gate.placed([[sku, 2, 5000]]);
  const waiting = await gate.placed([[sku, 1, 5000]]);
  await paid(order, 'cash', 5000, { done: 'captured' });
  await seen();
  assert.deepEqual(await fos(order), []);
  const { version } = await house.client.ok('GET', `/v1/orders/${order.id}`);
  const cut = await house.client.post(`/v1/orders/${order.id}/cancel`,
    { version, reason: 'one is enough', lines: [{ n: 1, quantity: 1 }] });
  assert.equal(cut.status, 200, cut.text);
  await fo(order, 'open');
  const changed = await house.client.ok('PATCH',
    `/v1/channels/${gate.channel.id}`,
    { version: gate.channel.version, payment: { release: 'always' } });
  assert.equal(changed.payment.release, 'always');
  await fo(waiting, 'open');
});
