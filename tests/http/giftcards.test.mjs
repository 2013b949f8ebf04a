// giftcards.test.mjs - gift cards and store credit (A2.04, A2.08).
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

async function placed(total, more) {
  const sku = fresh('g');
  await shop.stock(sku, 1);
  return shop.placed([[sku, 1, total]], more);
}
async function issued(amount) {
  const reply = await house.client.post('/v1/gift-cards',
    { amount: money(amount) });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}
const pay = (order, body) =>
  house.client.post(`/v1/orders/${order.id}/payments`, body);
const now = (order) => house.client.ok('GET', `/v1/orders/${order.id}`);
async function refund(order, body) {
  const { version } = await now(order);
  return house.client.post(`/v1/orders/${order.id}/refunds`,
    { version, ...body });
}

test('a code is shown once and found by whoever has it', async () => {
  const key = fresh('key');
  const body = { amount: money(5000), reference: 'desk' };
  const first = await house.client.post('/v1/gift-cards', body, { key });
  assert.equal(first.status, 201, first.text);
  assert.match(first.json.code, /^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-z]{4}$/);
  const again = await house.client.post('/v1/gift-cards', body, { key });
  assert.equal(again.json.code, null);
  assert.equal(again.json.gift_card.id, first.json.gift_card.id);
  const found = await house.client.post('/v1/gift-cards/lookup',
    { code: first.json.code.toUpperCase().replaceAll('-', ' ') });
  assert.equal(found.status, 200, found.text);
  assert.equal(found.json.balance.amount, 5000);
  assert.equal(found.json.code_end, first.json.code.slice(-4));
});

test('split tender: a gift card and a card, each gets its own back', async () => {
  const order = await placed(10000);
  const { gift_card: card } = await issued(4000);
  const over = await pay(order,
    { tender: 'gift_card', gift_card_id: card.id, amount: money(4001) });
  assert.equal(over.status, 422);
  assert.equal(over.json.code, 'over_balance');
  const gift = await pay(order,
    { tender: 'gift_card', gift_card_id: card.id, amount: money(4000) });
  assert.equal(gift.status, 201, gift.text);
  assert.equal(gift.json.state, 'captured');
  assert.equal(gift.json.gift_card_id, card.id);
  await pay(order, { tender: 'card', amount: money(6000), done: 'captured' });
  assert.equal((await now(order)).payment_status, 'paid');
  const back = await refund(order, { allowance: money(7000) });
  assert.deepEqual(back.json.tenders.map((t) => [t.tender, t.amount.amount]),
    [['card', 6000], ['gift_card', 1000]]);
  const after = await house.client.ok('GET', `/v1/gift-cards/${card.id}`);
  assert.equal(after.balance.amount, 1000);
  assert.deepEqual(after.entries.map((e) => e.kind),
    ['given_back', 'paid', 'issued']);
});

test('a refund becomes store credit of the buyer and pays again', async () => {
  const customer = { name: 'Grace', email: `${fresh('g')}@example.org` };
  const order = await placed(3000, { customer });
  await pay(order, { tender: 'cash', amount: money(3000), done: 'captured' });
  let back;
  await eventually(async () => {
    back = await refund(order, { allowance: money(1200), to: 'store_credit' });
    return back.status === 201;
  });
  const id = back.json.store_credit_of;
  const credit = await house.client.ok('GET',
    `/v1/customers/${id}/store-credit`);
  assert.equal(credit.items[0].balance.amount, 1200);
  assert.equal(credit.items[0].entries[0].kind, 'refunded');
  const next = await placed(2000, { customer });
  const paid = await pay(next,
    { tender: 'store_credit', customer_id: id, amount: money(1200) });
  assert.equal(paid.status, 201, paid.text);
  const more = await house.client.post(`/v1/customers/${id}/store-credit`,
    { amount: money(-1) });
  assert.equal(more.status, 422);
  const given = await house.client.post(`/v1/customers/${id}/store-credit`,
    { amount: money(500), reference: 'sorry' });
  assert.equal(given.status, 201, given.text);
  assert.equal(given.json.balance.amount, 500);
});

test('a disabled card pays nothing; stale and unknown are told', async () => {
  const order = await placed(1000);
  const { gift_card: card } = await issued(1000);
  const path = `/v1/gift-cards/${card.id}`;
  assert.equal((await house.client.post(`${path}/disable`, { version: 1 }))
    .status, 409);
  const off = await house.client.post(`${path}/disable`,
    { version: card.version });
  assert.equal(off.json.is_usable, false);
  const paid = await pay(order,
    { tender: 'gift_card', gift_card_id: card.id, amount: money(1) });
  assert.equal(paid.status, 409);
  assert.equal(paid.json.code, 'gift_card_not_usable');
  const none = await house.client.get('/v1/gift-cards/gft_0000000000001');
  assert.equal(none.status, 404);
});

test('who tries codes waits', async () => {
  let last;
  for (let i = 0; i < 12; i++)
    last = await house.client.post('/v1/gift-cards/lookup',
      { code: `0000-0000-0000-00${10 + i}` });
  assert.equal(last.status, 429, last.text);
  assert.equal(last.json.code, 'too_many_attempts');
  assert.ok(Number(last.headers['retry-after'] ?? last.headers.get?.('retry-after')) > 0);
});
