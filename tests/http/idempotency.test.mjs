// idempotency.test.mjs - the same thing sent twice happens once (A1.02, C20,
// I21, I22), in a row and at the same instant.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { channelBody, fresh, skuBody, Shop, uuid } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { stock: { 'IDEM-1': 1000 } });
});
after(() => house?.stop());

const committed = async () => (await shop.level('IDEM-1')).committed;

test('the same key and body give the same answer (I21)', async () => {
  const key = uuid(), sent = shop.order([['IDEM-1', 1, 100]]);
  const before = await committed();
  const first = await house.client.post('/v1/orders', sent, { key });
  assert.equal(first.status, 201, first.text);
  for (let i = 0; i < 3; i++) {
    const again = await house.client.post('/v1/orders', sent, { key });
    assert.equal(again.status, 201);
    assert.equal(again.text, first.text);
  }
  assert.equal(await committed(), before + 1);
});

test('the same key with another body: 409 (I21)', async () => {
  const key = uuid(), sent = shop.order([['IDEM-1', 1, 100]]);
  const before = await committed();
  await house.client.ok('POST', '/v1/orders', sent, { key });
  const other = await house.client.post('/v1/orders',
    shop.order([['IDEM-1', 2, 100]]), { key });
  assert.equal(other.status, 409, other.text);
  assert.equal(other.json.code, 'idempotency_key_reused');
  assert.equal(await committed(), before + 1);
});

test('the same key on another route: 409', async () => {
  const key = uuid();
  await house.client.ok('POST', '/v1/skus', skuBody(), { key });
  const other = await house.client.post('/v1/channels', channelBody(), { key });
  assert.equal(other.status, 409, other.text);
  assert.equal(other.json.code, 'idempotency_key_reused');
});

test('a refusal is not remembered: the key may be used again (I21)',
  async () => {
    const key = uuid(), sku = fresh('late');
    const sent = shop.order([[sku, 1, 100]]);
    const refused = await house.client.post('/v1/orders', sent, { key });
    assert.equal(refused.status, 422);
    await shop.stock(sku, 5);
    const taken = await house.client.post('/v1/orders', sent, { key });
    assert.equal(taken.status, 201, taken.text);
  });

test('the same external id and content with a new key is the same order (I22)',
  async () => {
    const sent = shop.order([['IDEM-1', 1, 100]]);
    const first = await house.client.ok('POST', '/v1/orders', sent);
    const again = await house.client.post('/v1/orders', sent);
    assert.equal(again.status, 200, again.text);
    assert.equal(again.json.id, first.id);
  });

test('the currency of the channel may be named or left out (I22)', async () => {
  const sent = shop.order([['IDEM-1', 1, 100]]);
  const first = await house.client.ok('POST', '/v1/orders', sent);
  const again = await house.client.post('/v1/orders',
    { ...sent, currency: 'EUR' });
  assert.equal(again.status, 200, again.text);
  assert.equal(again.json.id, first.id);
});

test('the same external id with another content: 409 (I22)', async () => {
  const sent = shop.order([['IDEM-1', 1, 100]]);
  await house.client.ok('POST', '/v1/orders', sent);
  const other = await house.client.post('/v1/orders',
    { ...sent, note: 'other' });
  assert.equal(other.status, 409, other.text);
  assert.equal(other.json.code, 'external_id_reused');
  assert.equal(other.json.field, 'external_id');
});

test('without an external id the key is it', async () => {
  const key = uuid(), sent = shop.order([['IDEM-1', 1, 100]]);
  delete sent.external_id;
  const first = await house.client.ok('POST', '/v1/orders', sent, { key });
  assert.equal(first.external_id, key);
});

for (const [name, options] of [
  ['the same key', () => { const key = uuid(); return () => ({ key }); }],
  ['the same external id and 50 keys', () => () => ({ key: uuid() })]]) {
  test(`50 double clicks at once with ${name} are one order (C20, A1.02)`,
    async () => {
      for (let round = 0; round < 4; round++) {
        const option = options(), sent = shop.order([['IDEM-1', 1, 100]]);
        const before = await committed();
        const replies = await Promise.all(Array.from({ length: 50 },
          () => house.client.post('/v1/orders', sent, option())));
        for (const reply of replies)
          assert.ok([200, 201].includes(reply.status), reply.text);
        assert.equal(new Set(replies.map((r) => r.json.id)).size, 1);
        assert.equal(await committed(), before + 1);
        const found = await house.client.ok('GET',
          `/v1/orders?channel=${shop.channel.code}` +
          `&external_id=${sent.external_id}`).catch(() => null);
        if (found) assert.ok(found.items.length <= 1);
      }
    });
}

test('50 at once with one external id and 50 contents: one wins (I22)',
  async () => {
    const sent = shop.order([['IDEM-1', 1, 100]]);
    const before = await committed();
    const replies = await Promise.all(Array.from({ length: 50 }, (_, i) =>
      house.client.post('/v1/orders', { ...sent, note: `n${i}` })));
    const won = replies.filter((r) => r.status === 201);
    assert.equal(won.length, 1);
    for (const reply of replies.filter((r) => r.status !== 201)) {
      assert.equal(reply.status, 409, reply.text);
      assert.equal(reply.json.code, 'external_id_reused');
    }
    assert.equal(await committed(), before + 1);
  });

test('every other changing route replays, too (A15.05)', async () => {
  const key = uuid(), body = skuBody();
  const first = await house.client.post('/v1/skus', body, { key });
  const again = await house.client.post('/v1/skus', body, { key });
  assert.equal(first.status, 201, first.text);
  assert.equal(again.text, first.text);
  const taken = await house.client.post('/v1/skus', body);
  assert.equal(taken.status, 409);
  assert.equal(taken.json.code, 'code_taken');
  const adjust = { reason: 'found', items: [{ sku: body.code,
    location: shop.location.code, delta: 5 }] };
  const twice = uuid();
  await house.client.ok('POST', '/v1/inventory/adjust', adjust, { key: twice });
  await house.client.ok('POST', '/v1/inventory/adjust', adjust, { key: twice });
  assert.equal((await shop.level(body.code)).on_hand, 5);
});

test('keys outlive a restart of the server', async () => {
  const key = uuid(), sent = shop.order([['IDEM-1', 1, 100]]);
  const first = await house.client.post('/v1/orders', sent, { key });
  assert.equal(first.status, 201, first.text);
  await house.restart();
  shop.client = house.client;
  const again = await house.client.post('/v1/orders', sent, { key });
  assert.equal(again.text, first.text);
});
