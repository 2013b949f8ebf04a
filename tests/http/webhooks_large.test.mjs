// webhooks_large.test.mjs - an event of more than a MiB goes out like any other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Receiver } from './lib/receiver.mjs';
import { openHouse } from './lib/server.mjs';
import { Shop, locationBody, skuBody } from './lib/shop.mjs';

const PLACES = 22, LINES = 1000;

test('an order of many lines from many places is cancelled and told (A13.16)',
  async () => {
    const receiver = await Receiver.start();
    const house = await openHouse({ extra:
      ['--allow-private', `127.0.0.1:${receiver.port}`] });
    const client = house.client;
    const shop = await Shop.open(client);
    const places = [shop.location];
    while (places.length < PLACES)
      places.push(await client.ok('POST', '/v1/locations', locationBody()));
    await client.ok('PUT', `/v1/channels/${shop.channel.id}/routing`,
      { version: 1, locations: places.map((place) => place.id) });
    const codes = Array.from({ length: LINES }, (_, i) => `large-${i}`);
    for (let i = 0; i < LINES; i += 50)
      await Promise.all(codes.slice(i, i + 50).map((code) =>
        client.ok('POST', '/v1/skus', skuBody({ code }))));
    for (const place of places)
      await client.ok('POST', '/v1/inventory/adjust', { reason: 'test',
        items: codes.map((sku) => ({ sku, location: place.code, delta: 1 })) });
    await client.ok('POST', '/v1/webhooks',
      { url: receiver.url, types: ['order.cancelled'] });
    const order = await shop.placed(codes.map((code) => [code, PLACES, 100]));
    await client.ok('POST', `/v1/orders/${order.id}/cancel`,
      { version: order.version, reason: 'x' });
    await receiver.until((got) => got.length > 0);
    assert.equal(receiver.got[0].json.type, 'order.cancelled');
    assert.ok(receiver.got[0].text.length > 1 << 20);
    await house.stop();
    await receiver.stop();
  });
