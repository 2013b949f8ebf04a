// feeds.test.mjs - the log and what may be sold as server-sent events
// (A13.15, A17.02).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { openHouse, Server, Store } from './lib/server.mjs';
import { eventually, fresh, logged, Shop } from './lib/shop.mjs';
import { Sse } from './lib/sse.mjs';

let house, shop, client;
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { stock: { 'FD-1': 100000, 'FD-2': 50 } });
});
after(() => house?.stop());

const open = (path, options) => Sse.open(house.port, house.root, path, options);
const ids = (events) => events.filter((e) => e.event === 'message')
  .map((e) => e.id);

test('a stream shows each event that comes, once, as the log has it (A13.15)',
  async () => {
    const sse = await open('/v1/events?type=order.placed');
    assert.equal(sse.status, 200);
    assert.equal(sse.type, 'text/event-stream');
    assert.equal(sse.res.headers['x-content-type-options'], 'nosniff');
    const orders = [];
    for (let i = 0; i < 5; i++) orders.push(await shop.placed([['FD-1', 1, 1]]));
    await sse.until((e) => e.length === 5);
    assert.deepEqual(sse.events.map((e) => e.data.subject.id),
      orders.map((o) => o.id));
    const page = await client.all('/v1/events?type=order.placed');
    assert.deepEqual(sse.events.map((e) => e.data), page.slice(-5));
    assert.deepEqual(sse.events.map((e) => e.id), page.slice(-5).map((e) => e.id));
    await sse.close();
  });

test('Last-Event-ID goes on without gap or double while orders come (A13.15)',
  async () => {
    const start = (await client.all('/v1/events')).at(-1).id;
    const wanted = [];
    let isOver = false;
    const writers = Array.from({ length: 6 }, async () => {
      while (!isOver) wanted.push((await shop.placed([['FD-1', 1, 1]])).id);
    });
    const got = [];
    let at = start;
    for (let round = 0; round < 15; round++) {
      const sse = await open('/v1/events?type=order.placed', { lastId: at });
      await sse.until((e) => e.length >= 3);
      await sse.close();
      got.push(...sse.events.map((e) => e.data.subject.id));
      at = sse.lastId;
    }
    isOver = true;
    await Promise.all(writers);
    const last = await open(`/v1/events?type=order.placed&after=${at}`);
    await last.until((e) => got.length + e.length >= wanted.length);
    await last.close();
    got.push(...last.events.map((e) => e.data.subject.id));
    assert.equal(got.length, wanted.length);
    assert.equal(new Set(got).size, got.length);
    assert.deepEqual(new Set(got), new Set(wanted));
  });

test('many clients see the same, each by its own filter', async () => {
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) =>
    open(i % 2 ? '/v1/events' : '/v1/events?type=order.cancelled,sku.*')));
  const start = (await client.all('/v1/events')).at(-1).id;
  const placed = await Promise.all(Array.from({ length: 30 }, () =>
    shop.placed([['FD-1', 1, 1]])));
  const sku = fresh('fd');
  await shop.stock(sku, 5);
  await logged(client);
  const log = await client.all(`/v1/events?after=${start}`);
  assert.equal(log.filter((e) => e.type === 'order.placed').length,
    placed.length);
  const whole = log.map((e) => e.id);
  for (const [i, sse] of all.entries()) {
    const mine = i % 2 ? whole : log.filter((e) =>
      e.type === 'order.cancelled' || e.type.startsWith('sku.')).map((e) => e.id);
    await sse.until((e) => ids(e).includes(mine.at(-1)));
    // Consumers go on writing: the stream may be further than the page.
    const got = ids(sse.events), end = got.indexOf(mine.at(-1)) + 1;
    assert.deepEqual(got.slice(end - mine.length, end), mine);
  }
  await Promise.all(all.map((sse) => sse.close()));
});

test('what cannot be streamed is told as a problem', async () => {
  for (const [path, status, code, options] of [
    ['/v1/events?after=evt_0000000000001', 422, 'cursor_unknown'],
    ['/v1/events', 422, 'cursor_invalid', { lastId: 'x' }],
    ['/v1/events?limit=5', 422, 'unknown_parameter'],
    ['/v1/inventory/live', 422, 'invalid'],
    ['/v1/inventory/live?sku=none-such', 422, 'sku_unknown'],
    ['/v1/inventory/live?sku=FD-1&location=none-such', 422, 'location_unknown'],
    ['/v1/inventory/live?sku=FD-1,,FD-2', 422, 'invalid'],
    [`/v1/inventory/live?sku=${Array.from({ length: 101 }, (_, i) => i)}`, 422,
      'invalid'],
  ]) {
    const sse = await open(path, options);
    assert.equal(sse.status, status, path);
    assert.equal(sse.problem.code, code, path);
  }
  const nobody = await Sse.open(house.port, 'wk_nobody', '/v1/events');
  assert.equal(nobody.status, 401);
});

test('watchers see what may be sold, and the last state wins (A17.02)',
  async () => {
    const sku = fresh('hot');
    await shop.stock(sku, 500);
    const all = await Promise.all(Array.from({ length: 50 }, () =>
      open(`/v1/inventory/live?sku=${sku},FD-2`)));
    for (const sse of all)
      await sse.until((e) => e.length >= 2);
    for (const e of all[0].events) {
      assert.equal(e.event, 'level');
      assert.deepEqual(e.data.locations.map((l) => l.location),
        [shop.location.code]);
    }
    await Promise.all(Array.from({ length: 300 }, () =>
      shop.placed([[sku, 1, 1]])));
    for (const sse of all) {
      await sse.until((e) => e.some((x) => x.data.available === 200));
      const mine = sse.events.filter((e) => e.data.sku === sku);
      assert.equal(mine[0].data.available, 500);
      assert.ok(mine.length < 60, `coalesced: ${mine.length}`);
      const seen = mine.map((e) => e.data.available);
      assert.deepEqual(seen, seen.slice().sort((a, b) => b - a));
      assert.equal(sse.events.filter((e) => e.data.sku === 'FD-2').length, 1);
    }
    await Promise.all(all.map((sse) => sse.close()));
  });

test('a watcher of one location sees only that one', async () => {
  const other = await Shop.open(client);
  const sku = fresh('two');
  await shop.stock(sku, 7);
  await other.adjust(sku, 11);
  const both = await open(`/v1/inventory/live?sku=${sku}`);
  const one = await open(
    `/v1/inventory/live?sku=${sku}&location=${other.location.code}`);
  await both.until((e) => e.length === 1);
  await one.until((e) => e.length === 1);
  assert.equal(both.events[0].data.available, 18);
  assert.deepEqual(one.events[0].data.locations,
    [{ location: other.location.code, available: 11 }]);
  await other.adjust(sku, -4);
  await one.until((e) => e.at(-1).data.available === 7);
  await both.until((e) => e.at(-1).data.available === 14);
  await both.close();
  await one.close();
});

test("a revoked key's stream ends within seconds and says why", async () => {
  const key = await client.ok('POST', '/v1/api-keys',
    { name: 'short', scopes: ['events:read', 'inventory:read'] });
  const log = await Sse.open(house.port, key.secret, '/v1/events');
  const live = await Sse.open(house.port, key.secret,
    '/v1/inventory/live?sku=FD-1');
  assert.equal(log.status, 200);
  await client.ok('DELETE', `/v1/api-keys/${key.id}`);
  await eventually(() => log.isClosed && live.isClosed);
  for (const sse of [log, live]) {
    assert.equal(sse.events.at(-1).event, 'end');
    assert.equal(sse.events.at(-1).data.code, 'unauthenticated');
  }
});

test('a client that reads nothing holds up nobody', async () => {
  const socket = net.connect(house.port, '127.0.0.1');
  socket.write(`GET /v1/events HTTP/1.1\r\nHost: x\r\nAccept: ` +
    `text/event-stream\r\nAuthorization: Bearer ${house.root}\r\n\r\n`);
  await new Promise((resolve) => socket.once('readable', resolve));
  socket.pause();
  const sse = await open('/v1/events?type=order.placed');
  for (let i = 0; i < 20; i++) {
    await Promise.all(Array.from({ length: 40 }, () =>
      shop.placed([['FD-1', 1, 1]])));
    await sse.until((e) => e.length >= (i + 1) * 40);
  }
  socket.destroy();
  await sse.close();
});

// A stream on a bare connection; resolves with the head of the answer.
function bare(port, key) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(
      'GET /v1/events?type=none.such HTTP/1.1\r\nHost: x\r\nAccept: ' +
      `text/event-stream\r\nAuthorization: Bearer ${key}\r\n\r\n`));
    socket.once('data', (part) => {
      socket.resume();
      resolve({ socket, head: part.toString('latin1') });
    });
    socket.on('error', reject);
  });
}
async function bareMany(count, port, key) {
  const all = [];
  while (all.length < count)
    all.push(...await Promise.all(Array.from(
      { length: Math.min(100, count - all.length) }, () => bare(port, key))));
  for (const one of all) assert.match(one.head, /^HTTP\/1\.1 200 /);
  return all;
}
async function assertFull(port, key) {
  const sse = await Sse.open(port, key, '/v1/events');
  assert.equal(sse.status, 429);
  assert.equal(sse.problem.code, 'streams_limit');
  assert.ok(Number(sse.res.headers['retry-after']) > 0);
}
async function isLetIn(port, key) {
  const sse = await Sse.open(port, key, '/v1/events');
  if (sse.status === 200) await sse.close();
  return sse.status === 200;
}

test('a process has so many streams, then 429, and still answers others',
  async () => {
    const store = new Store();
    const root = await store.key('all', 'root');
    // 300 descriptors: 150 connections, three quarters of 148 for streams.
    const server = await Server.start(store, [], { files: 300 });
    const all = await bareMany(111, server.port, root);
    await assertFull(server.port, root);
    const asker = new Client(server.port, root);
    assert.equal((await asker.get('/v1/orders')).status, 200);
    all.pop().socket.destroy();
    await eventually(() => isLetIn(server.port, root));
    asker.close();
    await server.stop();
    for (const one of all) one.socket.destroy();
    store.drop();
  });

const files = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], {
  encoding: 'utf8' })) || Infinity;
test('a key has 6,000 streams, then 429; another key is let in',
  { skip: files < 10000 && `only ${files} descriptors` }, async () => {
    const key = await client.ok('POST', '/v1/api-keys',
      { name: 'greedy', scopes: ['events:read'] });
    const all = await bareMany(6000, house.port, key.secret);
    await assertFull(house.port, key.secret);
    assert.ok(await isLetIn(house.port, house.root));
    all.pop().socket.destroy();
    await eventually(() => isLetIn(house.port, key.secret));
    for (const one of all) one.socket.destroy();
  });

test('streams end with the server, which stops at once', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () =>
    open('/v1/events')));
  const begun = Date.now();
  await house.restart();
  client = house.client;
  shop.client = client;
  await Promise.all(all.map((sse) => sse.closed));
  assert.ok(Date.now() - begun < 15000);
  for (const sse of all)
    assert.equal(sse.events.at(-1)?.data.code, 'stopping');
});
