// events.test.mjs - the event log as pages: whole, in order, filtered
// (A13.15, A16.04).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, logged, Shop, skuBody } from './lib/shop.mjs';

let house, shop, client;
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { stock: { 'EV-1': 1000 } });
});
after(() => house?.stop());

// As many as there were then: consumers go on writing.
const soFar = async (path, limit, whole) =>
  (await client.all(path, limit)).slice(0, whole.length);

test('every change stands in the log, once, whatever the page (A13.15)',
  async () => {
    const placed = await Promise.all(Array.from({ length: 40 }, () =>
      shop.placed([['EV-1', 1, 100]])));
    await logged(client);
    const whole = await client.all('/v1/events', 250);
    for (const limit of [1, 7, 50])
      assert.deepEqual(await soFar('/v1/events', limit, whole), whole);
    assert.equal(new Set(whole.map((e) => e.id)).size, whole.length);
    const told = whole.filter((e) => e.type === 'order.placed');
    assert.equal(told.length, placed.length);
    assert.deepEqual(new Set(told.map((e) => e.subject.id)),
      new Set(placed.map((o) => o.id)));
    for (const e of told) {
      assert.equal(e.subject.kind, 'order');
      assert.equal(e.actor.kind, 'key');
    }
  });

test('filters by type and by subject (A13.15)', async () => {
  const sku = await client.ok('POST', '/v1/skus', skuBody({ code: fresh('f') }));
  const order = await shop.placed([['EV-1', 1, 100]]);
  await logged(client);
  const one = await client.all(`/v1/events?subject=${order.id}`);
  assert.deepEqual([...new Set(one.map((e) => e.subject.id))], [order.id]);
  const skus = await client.all('/v1/events?type=sku.*');
  assert.ok(skus.some((e) => e.subject.id === sku.id));
  assert.ok(skus.every((e) => e.type.startsWith('sku.')));
  const both = await client.all('/v1/events?type=sku.*,order.placed', 3);
  assert.ok(both.some((e) => e.type === 'order.placed'));
  assert.deepEqual(await client.all(
    `/v1/events?type=order.cancelled&subject=${order.id}`), []);
  const whole = await client.all('/v1/events?type=*');
  assert.deepEqual(await soFar('/v1/events', 250, whole), whole);
});

test('the cursor at the end shows what comes later, and only that', async () => {
  await logged(client);
  let page;
  await eventually(async () => { // Consumers go on writing for a while.
    page = await client.ok('GET', '/v1/events?type=order.placed&limit=250');
    while (page.next !== null)
      page = await client.ok('GET',
        `/v1/events?type=order.placed&limit=250&after=${page.next}`);
    const none = await client.ok('GET', `/v1/events?after=${page.cursor}`);
    assert.deepEqual(none.items, []);
    assert.equal(none.cursor, page.cursor);
    return true;
  });
  const order = await shop.placed([['EV-1', 1, 100]]);
  await logged(client);
  const later = await client.ok('GET',
    `/v1/events?type=order.placed&after=${page.cursor}`);
  assert.deepEqual(later.items.map((e) => e.subject.id), [order.id]);
});

test('pages stay whole while writers commit side by side', async () => {
  const start = (await client.all('/v1/events')).at(-1).id;
  const wanted = new Set();
  const seen = [];
  let isOver = false;
  const writers = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 15; i++)
      wanted.add((await shop.placed([['EV-1', 1, 100]])).id);
  });
  const reader = (async () => {
    let at = start;
    while (!isOver || seen.length < wanted.size) {
      const page = await client.ok('GET',
        `/v1/events?type=order.placed&limit=7&after=${at}`);
      seen.push(...page.items.map((e) => e.subject.id));
      at = page.cursor;
    }
  })();
  await Promise.all(writers);
  isOver = true;
  await reader;
  assert.equal(seen.length, wanted.size);
  assert.deepEqual(new Set(seen), wanted);
});

test('bad cursors and filters are named', async () => {
  for (const [query, field, code] of [
    ['after=evt_0000000000000', 'after', 'cursor_invalid'],
    ['after=evt_0000000000001', 'after', 'cursor_unknown'],
    ['after=nonsense', 'after', 'cursor_invalid'],
    ['type=Order', 'type', 'event_type_invalid'],
    ['type=order.*.x', 'type', 'event_type_invalid'],
    ['type=', 'type', 'event_type_invalid'],
    [`type=${'a,'.repeat(51)}a`, 'type', 'event_type_invalid'],
    ['subject=nobody', 'subject', 'subject_invalid'],
    ['limit=251', 'limit', 'invalid'],
    ['since=1', 'since', 'unknown_parameter'],
  ]) {
    const reply = await client.get(`/v1/events?${query}`, { isBad: true });
    assert.equal(reply.status, 422, `${query}: ${reply.text}`);
    assert.equal(reply.json.field, field, query);
    if (code !== 'invalid') assert.equal(reply.json.code, code, query);
  }
});

test('a key without events:read is refused', async () => {
  const key = await client.ok('POST', '/v1/api-keys',
    { name: 'blind', scopes: ['orders:read'] });
  const reply = await client.as(key.secret).get('/v1/events');
  assert.equal(reply.status, 403);
});
