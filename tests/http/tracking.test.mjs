// tracking.test.mjs - what a buyer sees with a link alone (A6.09; I28).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { Server, Store, openHouse } from './lib/server.mjs';
import { eventually, fresh, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client,
    { channel: { stock_policy: 'backorder' } });
});
after(() => house?.stop());

const person = {
  customer: { name: 'Ada Lovelace', email: 'ada@example.org' },
  shipping_address: { name: 'Ada Lovelace', line1: 'Hauptstr. 1',
    postal_code: '10115', city: 'Berlin', country: 'DE', phone: '030 123' },
};
const linkOf = (client, id, query = '') =>
  client.ok('GET', `/v1/orders/${id}/tracking-token${query}`);
const stranger = () => house.client.as(null);

test('a link shows the order and nothing about persons', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  const expected = await house.client.ok('POST', '/v1/expected-receipts',
    { sku, location: shop.location.code, quantity: 5,
      expected_at: new Date(Date.now() + 86400000).toISOString() });
  const order = (await shop.place([[sku, 2, 100]], person)).json;
  const link = await linkOf(house.client, order.id);
  assert.ok(link.ends_at > new Date(Date.now() + 119 * 86400000).toISOString());
  const seen = await eventually(async () => {
    const reply = await stranger().get(link.path);
    assert.equal(reply.status, 200, reply.text);
    return reply.json.promise_at && reply;
  });
  assert.deepEqual([seen.json.number, seen.json.status,
    seen.json.fulfillment_status, seen.json.is_waiting, seen.json.promise_at],
  [order.number, 'confirmed', 'unfulfilled', true, expected.expected_at]);
  assert.deepEqual(seen.json.destination, { city: 'Berlin', country: 'DE' });
  assert.doesNotMatch(seen.text, /Ada|Lovelace|Haupt|"10115"|030 123|example/);
  await shop.adjust(sku, 5);
  await eventually(async () => {
    const { json } = await stranger().get(link.path);
    return !json.is_waiting && json.deliveries.length === 1 &&
      json.deliveries[0].method === 'ship';
  });
  assert.equal((await linkOf(house.client, order.id)).token, link.token,
    'the same for an hour');
});

test('changed, ended and revoked links are told apart', async () => {
  const sku = fresh('sku');
  await shop.stock(sku, 5);
  const order = (await shop.place([[sku, 1, 100]])).json;
  const { path: url, token } = await linkOf(house.client, order.id, '?days=1');
  const tries = [token.slice(0, -1) + (token.endsWith('0') ? '1' : '0'),
    token.replace('.1.', '.2.'), token.replace('t1..', 't1.acme.'),
    token.slice(0, 40), 'nonsense'];
  for (const bad of tries) {
    const reply = await stranger().get(`/v1/track/${bad}`);
    assert.equal(reply.status, 404, reply.text);
    assert.equal(reply.json.code, 'token_unknown');
  }
  const far = await house.client.get(
    `/v1/orders/${order.id}/tracking-token?days=401`, { isBad: true });
  assert.equal(far.status, 422, far.text);
  const revoke = (version) => house.client.post(
    `/v1/orders/${order.id}/tracking-token/revoke`, { version });
  assert.equal((await revoke(9)).status, 409);
  const done = await revoke(1);
  assert.deepEqual([done.status, done.json.generation, done.json.version],
    [200, 2, 2]);
  const gone = await stranger().get(url);
  assert.equal(gone.status, 410, gone.text);
  assert.equal(gone.json.code, 'token_revoked');
  const next = await linkOf(house.client, order.id);
  assert.equal(next.generation, 2);
  assert.equal((await stranger().get(next.path)).status, 200);
  const denied = await stranger().get(
    `/v1/orders/${order.id}/tracking-token`);
  assert.equal(denied.status, 401);
});

test('who tries links waits', async () => {
  let reply;
  for (let i = 0; i < 40; i++) {
    reply = await stranger().get(`/v1/track/nonsense-${i}`);
    if (reply.status === 429) break;
    assert.equal(reply.status, 404, reply.text);
  }
  assert.equal(reply.status, 429);
  assert.ok(Number(reply.headers.get?.('retry-after') ??
    reply.headers['retry-after']) >= 1);
});

test('a link leads to its own merchant and to no other (I28)', async () => {
  const store = new Store();
  const root = await store.key('all', 'root');
  const server = await Server.start(store, ['--tenants']);
  const client = new Client(server.port, root);
  try {
    const links = {};
    for (const code of ['acme', 'bolt']) {
      await client.ok('POST', '/v1/tenants',
        { code, name: code, hosts: [`${code}.example`] });
      const made = JSON.parse((await store.must(['key', 'create', '--tenant',
        code, '--name', 'test', '--scopes', 'all', '--json'])).stdout);
      const own = client.as(made.key);
      await eventually(async () =>
        (await own.get('/v1/orders?limit=1')).status === 200);
      const house = await Shop.open(own, { stock: { 'X-1': 5 } });
      const order = (await house.place([['X-1', 1, 100]])).json;
      links[code] = { ...await linkOf(own, order.id), order };
    }
    const anyone = client.as(null);
    for (const code of ['acme', 'bolt']) {
      const seen = await anyone.get(links[code].path);
      assert.equal(seen.status, 200, seen.text);
      assert.equal(seen.json.number, links[code].order.number);
      assert.ok(links[code].token.startsWith(`t1.${code}.`));
    }
    const forged = links.acme.token.replace('t1.acme.', 't1.bolt.');
    const reply = await anyone.get(`/v1/track/${forged}`);
    assert.deepEqual([reply.status, reply.json.code], [404, 'token_unknown']);
    const astray = await anyone.get(links.acme.path,
      { headers: { host: 'bolt.example' } });
    assert.equal(astray.status, 404, astray.text);
    const home = await anyone.get(links.acme.path,
      { headers: { host: 'acme.example' } });
    assert.equal(home.status, 200, home.text);
  } finally {
    client.close();
    await server.stop();
  }
});
