// carriers.test.mjs - carriers that answer over HTTP, and those that do not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Receiver } from './lib/receiver.mjs';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, Shop } from './lib/shop.mjs';

let house, shop, client;
const sku = fresh('s');
const address = { name: 'Ada Lovelace', line1: 'Unter den Linden 1',
  city: 'Berlin', postal_code: '10117', country: 'DE' };
before(async () => {
  house = await openHouse({ extra: ['--allow-private', '127.0.0.1'] });
  client = house.client;
  shop = await Shop.open(client, { location: { address: { name: 'Wharf',
    line1: 'Kai 1', city: 'Hamburg', postal_code: '20457', country: 'DE' } } });
  await shop.stock(sku, 1000, { weight_g: 400 });
});
after(() => house?.stop());

// A service that sells labels; `hangs(request)` leaves the caller waiting.
async function service(hangs = () => false) {
  const sold = new Map();
  const receiver = await Receiver.start(({ json }) => {
    if (hangs(json)) return { act() {} };
    if (json.operation === 'lookup' && !sold.has(json.reference))
      return { status: 200, body: '{"found": false}' };
    if (!sold.has(json.reference)) sold.set(json.reference, fresh('T'));
    return { status: 200, body: JSON.stringify({ found: true,
      tracking: sold.get(json.reference) }) };
  });
  const account = await client.ok('POST', '/v1/carrier-accounts', {
    code: fresh('relay'), carrier: 'relay', secret: 'hush',
    settings: { url: receiver.url }, services: [{ code: 'std' }] });
  return { receiver, account, sold };
}

async function packed() {
  const order = await shop.placed([[sku, 1, 1000]],
    { shipping_address: address });
  const fo = await eventually(async () => (await client.ok('GET',
    `/v1/fulfillment-orders?order=${order.id}`)).items[0]);
  const { items: [p] } = await client.ok('POST', '/v1/packages', {
    fulfillment_order_id: fo.id, suggest: true, pick: true, close: true });
  return { ...p, order };
}
async function want(p, account) {
  const reply = await client.post(`/v1/packages/${p.id}/label`,
    { version: p.version, account: account.code });
  assert.equal(reply.status, 202, reply.text);
}
const get = (p) => client.ok('GET', `/v1/packages/${p.id}`);
const until = (p, state, ms) => eventually(async () => {
  const now = await get(p);
  return now.state === state && now;
}, { timeoutMs: ms ?? 15000 });

test('a carrier that hangs holds up neither another nor the end', async () => {
  let isHanging = true;
  const dead = await service(() => isHanging), good = await service();
  const stuck = [];
  for (let i = 0; i < 6; i++) { // Each in a round of its own.
    stuck.push(await packed());
    await want(stuck[i], dead.account);
    await dead.receiver.until((got) => got.length === i + 1);
  }
  const p = await packed();
  await want(p, good.account);
  const done = await until(p, 'labelled', 10000); // A call may take 30 s.
  assert.equal(done.tracking, [...good.sold.values()][0]);
  for (const q of stuck)
    assert.equal((await get(q)).state, 'label_pending');

  // It ends while calls are under way, and asks what became of them.
  const begun = Date.now();
  isHanging = false;
  await house.restart();
  client = shop.client = house.client;
  assert.ok(Date.now() - begun < 10000, 'it waits for no answer to end');
  const asked = () => dead.receiver.got.slice(6).map((one) =>
    one.json.operation);
  await eventually(() => asked().length >= 6);
  assert.deepEqual(asked().slice(0, 6), Array(6).fill('lookup'));
  assert.equal(dead.sold.size, 0, 'nothing is bought before it is settled');
  await good.receiver.stop();
  await dead.receiver.stop();
});
