// lists.test.mjs - pages without gaps or repeats, filters, other resources
// (B2, B12, C22, A15.05).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { channelBody, eventually, fresh, locationBody, Shop, skuBody }
  from './lib/shop.mjs';

let house, shop;
const ORDERS = 130;
const placed = [];
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { stock: { 'LIST-1': 10000 } });
  const other = await Shop.open(house.client);
  await other.adjust('LIST-1', 10000);
  for (let i = 0; i < ORDERS; i += 10)
    placed.push(...await Promise.all(Array.from({ length: 10 }, (_, k) =>
      ((i + k) % 3 === 0 ? other : shop).placed([['LIST-1', 1 + k, 100]],
        { customer: { name: `Buyer ${i + k}` } }))));
  shop.other = other;
  await eventually(async () =>
    (await house.client.all('/v1/orders')).length === ORDERS);
});
after(() => house?.stop());

const same = (a, b) => assert.deepEqual(a.slice().sort(), b.slice().sort());
const ids = (items) => items.map((o) => o.id);

for (const limit of [1, 7, 50, 65, 130, 250]) {
  test(`orders in pages of ${limit}: all, once, newest first (C22)`,
    async () => {
      const all = ids(await house.client.all('/v1/orders', limit));
      assert.equal(new Set(all).size, ORDERS);
      same(all, ids(placed));
      assert.deepEqual(all, all.slice().sort().reverse());
    });
}

test('pages stay whole while orders arrive (C22)', async () => {
  const own = ids(placed);
  const seen = [];
  let after = '';
  do {
    const page = await house.client.ok('GET',
      `/v1/orders?limit=20${after && `&after=${after}`}`);
    seen.push(...ids(page.items));
    after = page.next ?? '';
    await shop.placed([['LIST-1', 1, 100]]);
  } while (after);
  assert.equal(new Set(seen).size, seen.length, 'nothing twice');
  assert.ok(own.every((id) => seen.includes(id)), 'nothing left out');
});

test('orders by channel, status, external id and time', async () => {
  const channel = shop.other.channel.code;
  const mine = placed.filter((o) => o.channel === channel);
  same(ids(await house.client.all(`/v1/orders?channel=${channel}`, 9)),
    ids(mine));
  same(ids(await house.client.all(
    `/v1/orders?channel=${channel}&status=confirmed`, 9)), ids(mine));
  assert.deepEqual(await house.client.all(
    `/v1/orders?channel=${channel}&status=cancelled`), []);
  const [one] = mine;
  const found = await house.client.ok('GET', `/v1/orders?channel=${channel}` +
    `&external_id=${encodeURIComponent(one.external_id)}`);
  assert.deepEqual(ids(found.items), [one.id]);
  assert.match(found.items[0].customer, /^Buyer \d+$/);
  const none = await house.client.all('/v1/orders?received_from=' +
    encodeURIComponent('2999-01-01T00:00:00Z'));
  assert.deepEqual(none, []);
  assert.deepEqual(await house.client.all(
    '/v1/orders?received_to=1960-01-01T00:00:00Z'), []);
  const all = await house.client.all('/v1/orders?received_from=' +
    encodeURIComponent('2020-01-01T00:00:00Z'));
  assert.ok(all.length >= ORDERS);
});

test('a status follows into the list', async () => {
  const order = await shop.placed([['LIST-1', 1, 100]]);
  await house.client.ok('POST', `/v1/orders/${order.id}/cancel`,
    { version: 1, reason: 'x' });
  await eventually(async () => (await house.client.all(
    '/v1/orders?status=cancelled')).some((o) => o.id === order.id));
});

for (const query of ['limit=0', 'limit=251', 'limit=x', 'limit=-1',
  'after=nonsense', 'after=sku_0000000000001', 'status=sold',
  'channel=nobody-knows', 'external_id=x', 'received_from=yesterday',
  'limit=1&limit=2', 'limit=%ff'])
  test(`orders?${query} is refused by name`, async () => {
    const reply = await house.client.get(`/v1/orders?${query}`,
      { isBad: true });
    assert.ok([400, 422].includes(reply.status), reply.text);
    if (reply.status === 422)
      assert.ok(['limit', 'after', 'status', 'channel', 'external_id',
        'received_from'].includes(reply.json.field), reply.text);
  });

for (const [path, body, codes] of [
  ['/v1/skus', skuBody, 23], ['/v1/channels', channelBody, 11],
  ['/v1/locations', locationBody, 11],
  ['/v1/products', () => ({ code: fresh('p'), title: 'P' }), 11]]) {
  test(`${path}: made, read, changed, paged (B2)`, async () => {
    const made = [];
    for (let i = 0; i < codes; i++)
      made.push(await house.client.ok('POST', path, body()));
    for (const limit of [1, 4, 250]) {
      const all = await house.client.all(path, limit);
      assert.equal(new Set(ids(all)).size, all.length, 'nothing twice');
      assert.ok(ids(made).every((id) => ids(all).includes(id)));
    }
    const url = `${path}/${made[0].id}`;
    assert.deepEqual(await house.client.ok('GET', url), made[0]);
    const change = path === '/v1/skus' || path === '/v1/products'
      ? { title: 'Other' } : { name: 'Other' };
    const changed = await house.client.ok('PATCH', url,
      { version: 1, ...change });
    assert.equal(changed.version, 2);
    assert.equal(changed.title ?? changed.name, 'Other');
    const stale = await house.client.patch(url, { version: 1, ...change });
    assert.equal(stale.status, 409, stale.text);
    assert.equal(stale.json.code, 'stale');
    assert.equal(stale.json.current_version, 2);
    const empty = await house.client.patch(url, { version: 2, attrs: null },
      { isBad: true });
    assert.equal(empty.status, 422, 'a null that changes nothing is told');
    assert.equal(empty.json.field, 'attrs');
  });
}

const named = (more) => ({ name: fresh('n'), currency: 'EUR', ...more });
for (const [path, body] of [
  ['/v1/customers', () => ({ name: fresh('n') })],
  ['/v1/companies', () => named()],
  ['/v1/suppliers', () => named({ code: fresh('spl') })],
  ['/v1/transfers', () => ({ from: shop.location.code,
    to: shop.other.location.code, lines: [{ sku: 'LIST-1', quantity: 1 }] })]])
  test(`${path}: newest first, in pages without gaps or repeats (C22)`,
    async () => {
      const made = [];
      for (let i = 0; i < 9; i++)
        made.push((await house.client.ok('POST', path, body())).id);
      for (const limit of [1, 4, 250]) {
        const all = ids(await house.client.all(path, limit));
        assert.deepEqual(all.slice(0, 9), made.slice().reverse(), `${limit}`);
        assert.equal(new Set(all).size, all.length, 'nothing twice');
      }
      const next = await house.client.ok('GET', `${path}?limit=3&after=${made[4]}`);
      assert.deepEqual(ids(next.items), [made[3], made[2], made[1]]);
    });

test('levels in pages of one name each SKU once', async () => {
  for (let i = 0; i < 5; i++) await shop.stock(fresh('lvl'), 1 + i);
  const all = await house.client.all(
    `/v1/inventory/levels?location=${shop.location.code}`, 1);
  const keys = all.map((l) => `${l.sku_id} ${l.location_id}`);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(all.length >= 6);
});

test('a list comes as CSV too, by its filters, answer after answer', async () => {
  const mark = fresh('csv');
  const items = Array.from({ length: 300 }, (_, i) =>
    ({ code: `${mark}-${i}`, title: i === 7 ? '=1+1, "so"' : 'Tea' }));
  await house.client.ok('POST', '/v1/skus/bulk', { items });
  const all = await house.client.get('/v1/skus?format=csv');
  assert.equal(all.status, 200, all.text);
  assert.equal(all.headers['content-type'], 'text/csv; charset=utf-8');
  assert.match(all.headers['content-disposition'], /filename="skus.csv"/);
  assert.equal(all.headers['x-next'], undefined);
  const lines = all.text.trim().split(/\r?\n/);
  assert.match(lines[0], /^id,code,title,product_code,barcode,is_tracked,/);
  const mine = lines.filter((line) => line.includes(`,${mark}-`));
  assert.equal(mine.length, 300);
  assert.equal(mine[7].split(mark)[1].slice(0, 19), `-7,"'=1+1, ""so""",`);
  // By words, too: each begins a word of the code or the title.
  const found = await house.client.ok('GET', `/v1/skus?q=TE+${mark}-29&limit=250`);
  assert.deepEqual(found.items.map((sku) => sku.code), [`${mark}-29`,
    ...Array.from({ length: 10 }, (_, i) => `${mark}-29${i}`)]);
  const both = await house.client.get('/v1/skus?q=tea&code=x', { isBad: true });
  assert.equal(both.json.code, 'too_many_filters');
  const one = await house.client.get(`/v1/skus?format=csv&code=${mark}-3`);
  assert.equal(one.text.trim().split(/\r?\n/).length, 2);
  const [{ id }] = (await house.client.ok('GET', '/v1/skus?limit=1')).items;
  const rest = await house.client.get(`/v1/skus?after=${id}&format=csv`);
  assert.equal(rest.text.trim().split(/\r?\n/).length, lines.length - 2);
  for (const query of ['format=xml', 'format=csv&limit=3', 'format=csv&no=1']) {
    const bad = await house.client.get(`/v1/skus?${query}`, { isBad: true });
    assert.equal(bad.status, 422, bad.text);
  }
  for (const path of ['/v1/orders', '/v1/orders/search?q=ada', '/v1/customers',
    '/v1/inventory/levels', '/v1/returns?state=open', '/v1/tasks']) {
    const reply = await house.client.get(
      `${path}${path.includes('?') ? '&' : '?'}format=csv`);
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.text, /^[a-z_]+,[a-z_.,]+\r?\n/);
  }
});
