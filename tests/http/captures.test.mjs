// captures.test.mjs - what gateways promised is taken as the channel says
// (A2.05).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Gateway } from './lib/gateway.mjs';
import { Parcels } from './lib/parcels.mjs';
import { eventually, fresh, logged, money } from './lib/shop.mjs';

let it, client;
before(async () => {
  it = await Parcels.open({ extra: ['--allow-private', '127.0.0.1'] });
  ({ client } = it);
});
after(() => it?.house.stop());

const account = (gateway) => client.ok('POST', '/v1/gateway-accounts',
  { code: fresh('gw'), gateway: 'relay', secret: 'hush',
    settings: { url: gateway.url } });
async function rule(capture) {
  const { items } = await client.ok('GET',
    `/v1/channels?code=${it.shop.channel.code}`);
  const { id, version } = items[0];
  const channel = await client.ok('PATCH', `/v1/channels/${id}`,
    { version, payment: { capture } });
  assert.equal(channel.payment.capture, capture);
}
const quiet = (p) => p.calls.every((c) =>
  ['done', 'refused', 'cancelled'].includes(c.state));
const get = (p) => client.ok('GET', `/v1/payments/${p.id}`);
const until = (p, ready) => eventually(async () => {
  const now = await get(p);
  return ready(now) && now;
});
async function promised(order, at, amount) {
  const p = await client.ok('POST', `/v1/orders/${order.id}/payments`,
    { tender: 'card', amount: money(amount), gateway: at.code, token: 'tok_1',
      done: 'authorized' });
  return until(p, (now) =>
    now.authorized.amount + now.captured.amount === amount);
}
const taken = (p, amount) => until(p, (now) =>
  now.captured.amount === amount && quiet(now));
const captures = (gateway, p) => gateway.asked('capture')
  .filter((a) => a.payment === p.id).map((a) => a.amount.amount);
// Whatever else happens to the order, nothing more is asked for.
async function settled(order) {
  await client.ok('POST', `/v1/orders/${order.id}/payments`,
    { tender: 'cash', amount: money(1) });
  await logged(client);
}

test('by confirm all is taken at once, by manual nothing', async () => {
  const gateway = await Gateway.start();
  const at = await account(gateway), sku = fresh('c');
  await it.shop.stock(sku, 10);
  await rule('manual');
  const order = await it.shop.placed([[sku, 1, 1000]]);
  const p = await promised(order, at, 1000);
  await settled(order);
  assert.deepEqual(captures(gateway, p), []);
  // The rule counts for it from its next event on; two payments, the oldest
  // first, and never more than what is promised or what it is worth.
  await rule('confirm');
  const q = await promised(order, at, 600);
  await taken(p, 1000);
  await settled(order);
  assert.deepEqual([captures(gateway, p), captures(gateway, q)], [[1000], []]);
  const small = await it.shop.placed([[sku, 1, 1000]]);
  await taken(await promised(small, at, 700), 700);
  const rest = await promised(small, at, 900);
  await taken(rest, 300);
  assert.equal((await client.ok('GET', `/v1/orders/${small.id}`))
    .payment_status, 'paid');
  await gateway.stop();
});

test('by ship each part takes its worth, the last takes the rest (C16)', async () => {
  let refused = true;
  const gateway = await Gateway.start((ask) => ask.operation === 'capture' &&
    ask.amount.amount === 1000 && refused && 'refuse');
  const at = await account(gateway), sku = fresh('s');
  await it.shop.stock(sku, 100, { weight_g: 500 });
  await rule('ship');
  const one = [{ line: 1, quantity: 1 }];
  const { order, packages } = await it.packed([[sku, 3]],
    { items: [one, one, one],
      shipping_lines: [{ title: 'Post', price: money(490) }] });
  const total = (await it.order(order)).payment.total_now.amount;
  assert.equal(total, 3490);
  const p = await promised(order, at, total);
  await settled(order);
  assert.deepEqual(captures(gateway, p), [], 'nothing left yet');
  // The first part is refused: a task, and not again by itself.
  await it.shipped(packages[0]);
  await eventually(async () => (await client.ok('GET',
    `/v1/tasks?order=${order.id}`)).items.some((t) =>
    t.kind === 'payment_refused'));
  await settled(order);
  assert.deepEqual(captures(gateway, p), [1000]);
  // The second takes both.
  refused = false;
  await it.shipped(packages[1]);
  await taken(p, 2000);
  await it.shipped(packages[2]);
  const now = await taken(p, total);
  await settled(order);
  assert.deepEqual(captures(gateway, p), [1000, 2000, total - 2000]);
  assert.equal(gateway.sum(p.id, 'capture'), total);
  assert.equal(now.authorized.amount, 0);
  assert.equal((await client.ok('GET', `/v1/orders/${order.id}`))
    .payment_status, 'paid');
  await gateway.stop();
});
