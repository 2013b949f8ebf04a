// carriers.test.mjs - carriers that answer over HTTP, and those that do not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Parcels } from './lib/parcels.mjs';
import { Receiver } from './lib/receiver.mjs';
import { eventually, fresh } from './lib/shop.mjs';

let it, client;
const sku = fresh('s');
before(async () => {
  it = await Parcels.open({ extra: ['--allow-private', '127.0.0.1'] });
  ({ client } = it);
  await it.shop.stock(sku, 1000, { weight_g: 400 });
});
after(() => it?.house.stop());

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

const packed = async () => (await it.packed([[sku, 1]])).packages[0];

test('a carrier that hangs holds up neither another nor the end', async () => {
  let isHanging = true;
  const dead = await service(() => isHanging), good = await service();
  const stuck = [];
  for (let i = 0; i < 6; i++) { // Each in a round of its own.
    stuck.push(await packed());
    await it.want(stuck[i], dead.account);
    await dead.receiver.until((got) => got.length === i + 1);
  }
  const p = await packed();
  await it.want(p, good.account);
  const done = await it.until(p, 'labelled', 10000); // A call may take 30 s.
  assert.equal(done.tracking, [...good.sold.values()][0]);
  for (const q of stuck)
    assert.equal((await it.get(q)).state, 'label_pending');

  // It ends while calls are under way, and asks what became of them.
  const begun = Date.now();
  isHanging = false;
  await it.restart();
  client = it.client;
  assert.ok(Date.now() - begun < 10000, 'it waits for no answer to end');
  const asked = () => dead.receiver.got.slice(6).map((one) =>
    one.json.operation);
  await eventually(() => asked().length >= 6);
  assert.deepEqual(asked().slice(0, 6), Array(6).fill('lookup'));
  assert.equal(dead.sold.size, 0, 'nothing is bought before it is settled');
  await good.receiver.stop();
  await dead.receiver.stop();
});
