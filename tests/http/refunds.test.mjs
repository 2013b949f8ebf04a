// refunds.test.mjs - money given back (A2.07, A2.08, A8.04).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { fresh, money, Shop, logged } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

// One unit, with post for 4.90, paid by two tenders.
async function paid() {
  const sku = fresh('r');
  await shop.stock(sku, 3);
  const order = await shop.placed([[sku, 3, 1000]], {
    shipping_lines: [{ title: 'Post', price: money(490) }] });
  const pays = [];
  for (const amount of [2000, 1490]) {
    const reply = await house.client.post(`/v1/orders/${order.id}/payments`,
      { tender: 'card', amount: money(amount), done: 'captured' });
    assert.equal(reply.status, 201, reply.text);
    pays.push(reply.json);
  }
  return { order, pays };
}
const now = (order) => house.client.ok('GET', `/v1/orders/${order.id}`);
async function refund(order, body, options) {
  const { version } = await now(order);
  return house.client.post(`/v1/orders/${order.id}/refunds`,
    { version, ...body }, options);
}

test('shipping, goodwill and what is owed come back over two tenders', async () => {
  const { order, pays } = await paid();
  const preview = await house.client.post(
    `/v1/orders/${order.id}/refunds/preview`, { shipping: money(490) });
  assert.equal(preview.status, 200, preview.text);
  const post = await refund(order, { shipping: money(490), reason: 'late' });
  assert.equal(post.status, 201, post.text);
  assert.equal(post.json.state, 'succeeded');
  assert.deepEqual(post.json.tenders[0].amount, preview.json.tenders[0].amount);
  assert.equal(post.json.tenders[0].payment_id, pays[1].id);
  const goodwill = await refund(order, { allowance: money(1200) });
  assert.equal(goodwill.status, 201, goodwill.text);
  assert.deepEqual(goodwill.json.tenders.map((t) => t.amount.amount),
    [1000, 200]);
  const after = await now(order);
  assert.equal(after.allowance.amount, 1200);
  assert.equal(after.charges_now.amount, 0);
  assert.equal(after.payment.total_now.amount, 1800);
  assert.equal(after.payment.balance_due.amount, 0);
  assert.equal(after.payment_status, 'partially_refunded');
  const { items } = await house.client.ok('GET',
    `/v1/orders/${order.id}/refunds`);
  assert.deepEqual(items.map((r) => r.amount.amount), [490, 1200]);
  assert.deepEqual(await house.client.ok('GET', `/v1/refunds/${items[0].id}`),
    post.json);
});

test('a cancelled order gives all of its money back', async () => {
  const { order } = await paid();
  const { version } = await now(order);
  await house.client.ok('POST', `/v1/orders/${order.id}/cancel`,
    { version, reason: 'customer' });
  const reply = await refund(order, {});
  assert.equal(reply.status, 201, reply.text);
  assert.equal(reply.json.amount.amount, 3490);
  assert.equal((await now(order)).payment_status, 'refunded');
  const again = await refund(order, {});
  assert.equal(again.status, 422);
  assert.equal(again.json.code, 'nothing_to_refund');
});

test('limits are named, and a double click gives once', async () => {
  const { order, pays } = await paid();
  const over = await refund(order, { amount: money(1) });
  assert.equal(over.status, 422);
  assert.equal(over.json.code, 'over_refunded');
  assert.match(over.json.detail, /0\.00 EUR/);
  const tender = await refund(order, { allowance: money(3000),
    tenders: [{ payment_id: pays[0].id, amount: money(2001) }] });
  assert.equal(tender.status, 422);
  assert.match(tender.json.detail, /20\.00 EUR/);
  const units = await refund(order, { lines: [{ n: 1, quantity: 1 }] });
  assert.equal(units.status, 422);
  assert.equal(units.json.code, 'over_written_off');
  const yen = await refund(order, { shipping: { amount: 1, currency: 'JPY' } });
  assert.equal(yen.status, 422);
  const stale = await house.client.post(`/v1/orders/${order.id}/refunds`,
    { version: 1, shipping: money(1) });
  assert.equal(stale.status, 409);
  assert.equal(stale.json.code, 'stale');
  const key = fresh('key');
  const { version } = await now(order);
  const body = { version, shipping: money(90) };
  const path = `/v1/orders/${order.id}/refunds`;
  const first = await house.client.post(path, body, { key });
  const twice = await house.client.post(path, body, { key });
  assert.equal(first.status, 201, first.text);
  assert.equal(twice.text, first.text);
  assert.equal((await now(order)).payment.refunded.amount, 90);
});

test('what is given later is on its way until it is given', async () => {
  const { order } = await paid();
  const later = await refund(order, { shipping: money(490), later: true });
  assert.equal(later.status, 201, later.text);
  assert.equal(later.json.state, 'pending');
  assert.equal((await refund(order, {})).json.code, 'nothing_to_refund');
  const end = (r, name) => house.client.post(`/v1/refunds/${r.id}/${name}`,
    { version: r.version, reference: 'bank-1' });
  const failed = await end(later.json, 'fail');
  assert.equal(failed.status, 200, failed.text);
  assert.equal((await now(order)).payment.balance_due.amount, -490);
  const again = await refund(order, { later: true });
  const given = await end(again.json, 'succeed');
  assert.equal(given.status, 200, given.text);
  assert.equal(given.json.reference, 'bank-1');
  const more = await end(given.json, 'cancel');
  assert.equal(more.status, 409);
  assert.equal(more.json.code, 'refund_state');
  assert.equal((await now(order)).payment.balance_due.amount, 0);
  await logged(house.client);
  const { items } = await house.client.ok('GET',
    `/v1/events?subject=${failed.json.id}`);
  assert.deepEqual(items.map((e) => e.type),
    ['refund.created', 'refund.failed']);
});
