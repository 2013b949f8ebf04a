// past.test.mjs - what was known then: ?at= on an order and on a level.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { fresh, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
const bare = ({ as_of, ...rest }) => rest;

test('an order is known as it was after each event', async () => {
  const sku = fresh('past');
  await shop.stock(sku, 10);
  const receipt = await shop.placed([[sku, 5, 100], [sku, 2, 100]]);
  const url = `/v1/orders/${receipt.id}`;
  const states = [await house.client.ok('GET', url)];
  for (const cut of [{ n: 1, quantity: 2 }, { n: 2, quantity: 1 }, null]) {
    await pause();
    await house.client.ok('POST', `${url}/cancel`, { reason: 'less',
      version: states.at(-1).version, ...(cut ? { lines: [cut] } : {}) });
    states.push(await house.client.ok('GET', url));
  }
  assert.equal(states.at(-1).status, 'cancelled');
  const { items } = await house.client.ok('GET', `${url}/timeline`);
  const times = [...new Set(items.map((event) => event.at))];
  assert.equal(times.length, states.length);
  for (const [i, state] of states.entries()) {
    const then = await house.client.ok('GET', `${url}?at=${times[i]}`);
    assert.equal(then.as_of, times[i]);
    // Of the present alone.
    const { waiting, promises, promise_at, ...known } = state;
    assert.deepEqual([waiting, promises, promise_at], [null, [], null]);
    assert.deepEqual(bare(then), known);
  }
  const before = await house.client.get(
    `${url}?at=${new Date(Date.parse(times[0]) - 1).toISOString()}`);
  assert.equal(before.status, 404, before.text);
  assert.equal(before.json.code, 'not_known_yet');
  const ahead = await house.client.get(`${url}?at=2099-01-01T00:00:00Z`);
  assert.equal(ahead.status, 422, ahead.text);
  assert.equal(ahead.json.code, 'time_in_future');
  const odd = await house.client.get(`${url}?at=yesterday`, { isBad: true });
  assert.equal(odd.status, 422, odd.text);
});

test('a level is known as it was after each movement', async () => {
  const sku = fresh('past');
  const { id } = await shop.stock(sku, 10);
  const url = `/v1/inventory/levels/${id}/${shop.location.id}`;
  const states = [];
  const see = async () => {
    const { items } = await house.client.ok('GET', `${url}/movements?limit=1`);
    const { version, incoming, is_kit, ...rest } =
      await house.client.ok('GET', url);
    states.push({ at: items[0].at, rest });
    await pause();
  };
  await see();
  await shop.placed([[sku, 3, 100]]);
  await see();
  await shop.adjust(sku, 7);
  await see();
  await shop.placed([[sku, 1, 100]]);
  await see();
  for (const { at, rest } of states) {
    const then = await house.client.ok('GET', `${url}?at=${at}`);
    assert.deepEqual(bare(then), rest);
  }
  const before = await house.client.get(`${url}?at=2020-01-01T00:00:00Z`);
  assert.equal(before.status, 404, before.text);
  assert.equal(before.json.code, 'not_known_yet');
});
