// policies.test.mjs - what a channel may sell and when stock is low (A3.06,
// A3.09), and what can be sold of a kit (A3.15, I8).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { channelBody, fresh, logged, Shop, skuBody } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

async function set(...items) {
  const json = await house.client.ok('PUT', '/v1/stock/policies', {
    items: items.map((item) => ({ location: shop.location.code, ...item })) });
  return json.items;
}

const levelOf = async (sku, channel) => (await house.client.ok('GET',
  `/v1/inventory/levels?sku=${sku}&channel=${channel}`)).items[0];
async function told(sku, type) {
  await logged(house.client);
  const events = await house.client.all(`/v1/events?type=${type}`);
  return events.filter((e) => e.data.sku === sku);
}

test('a channel sells by its own safety stock, others by the level\'s',
  async () => {
    const sku = fresh('cup');
    await shop.stock(sku, 10);
    const other = await house.client.ok('POST', '/v1/channels', channelBody());
    const items = await set({ sku, safety_stock: 6, low_stock: 3 },
      { sku, channel: shop.channel.code, safety_stock: 1 },
      { sku: 'NOBODY', safety_stock: 1 });
    assert.deepEqual(items.map((i) => i.status), [200, 200, 422]);
    assert.equal(items[1].policy.version, 1);
    assert.equal(items[2].error.code, 'sku_unknown');
    assert.equal((await levelOf(sku, shop.channel.code)).sellable, 9);
    assert.equal((await levelOf(sku, other.code)).sellable, 4);
    const tooMuch = await shop.place([[sku, 5, 100]],
      { channel: other.code });
    assert.equal(tooMuch.json.code, 'out_of_stock', tooMuch.text);
    await shop.placed([[sku, 5, 100]]);
    const level = await levelOf(sku, other.code);
    assert.equal(level.available_raw, -1);
    assert.equal(level.sellable, 0);
    const listed = (await house.client.all('/v1/stock/policies'))
      .find((p) => p.sku === sku);
    assert.deepEqual([listed.safety_stock, listed.low_stock], [6, 3]);
    assert.deepEqual(listed.channels.map((c) => [c.channel, c.safety_stock]),
      [[shop.channel.code, 1]]);
  });

test('100 sales cross the threshold once (A3.09)', async () => {
  const sku = fresh('mug');
  const { id } = await shop.stock(sku, 100);
  await set({ sku, low_stock: 40 });
  await Promise.all(Array.from({ length: 100 }, () =>
    shop.place([[sku, 1, 100]])));
  assert.equal((await told(id, 'stock.low')).length, 1);
  await shop.adjust(sku, 200);
  assert.equal((await told(id, 'stock.recovered')).length, 1);
  const [event] = await told(id, 'stock.low');
  assert.equal(event.data.low_stock, 40);
  assert.ok(event.data.available <= 40);
});

test('a kit is there as often as its scarcest component allows (I8)',
  async () => {
    const [cup, plate] = [fresh('cup'), fresh('plate')];
    await shop.stock(cup, 9);
    await shop.stock(plate, 7);
    const kit = await house.client.ok('POST', '/v1/skus',
      skuBody({ is_tracked: false }));
    await house.client.ok('PUT', `/v1/skus/${kit.id}/components`,
      { version: 1, components: [{ sku: cup, quantity: 2 },
        { sku: plate, quantity: 1 }] });
    const url = `/v1/inventory/levels/${kit.id}/${shop.location.id}`;
    let level = await house.client.ok('GET', url);
    assert.equal(level.available, 4);
    assert.equal(level.is_kit, true);
    assert.equal(level.on_hand, 0);
    await set({ sku: cup, safety_stock: 4 },
      { sku: plate, channel: shop.channel.code, safety_stock: 6 });
    level = await house.client.ok('GET', `${url}?channel=${shop.channel.code}`);
    assert.equal(level.available, 2);
    assert.equal(level.sellable, 1);
    const page = await house.client.ok('GET',
      `/v1/inventory/levels?sku=${kit.code}`);
    assert.equal(page.items.length, 1);
    assert.equal(page.items[0].available, 2);
    await shop.placed([[kit.code, 1, 100]]);
    const reply = await shop.place([[kit.code, 1, 100]]);
    assert.equal(reply.json.code, 'out_of_stock', reply.text);
  });
