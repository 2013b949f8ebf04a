// limits.test.mjs - what one caller may take of a server: requests a second,
// and bytes of bodies in memory (A15.05, B8).
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { addPerson, signedIn } from './lib/people.mjs';
import { engine, openHouse } from './lib/server.mjs';
import { eventually } from './lib/shop.mjs';

let house;
before(async () => { house = await openHouse({ extra: ['--body-mib', '32'] }); });
after(() => house?.stop());

// How many of `count` requests at once are let in, and the most that the rate
// and the burst let in while they were on their way.
async function flood(clients, count, rate, burst) {
  const begun = performance.now();
  const all = await Promise.all(Array.from({ length: count }, (_, i) =>
    clients[i % clients.length].get('/v1/orders')));
  const took = (performance.now() - begun) / 1000;
  assert.ok(all.every((r) => [200, 429].includes(r.status)));
  return { all, good: all.filter((r) => r.status === 200).length,
    most: burst + Math.ceil(took * rate) + 1 };
}

async function limited(rate, burst) {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: `rate ${rate}`, scopes: ['orders:read', 'keys:write'],
      rate_per_s: rate, ...(burst ? { burst } : {}) });
  assert.equal(made.rate_per_s, rate);
  assert.equal(made.burst, burst ?? rate);
  return house.client.as(made.secret);
}

test(`past its rate a key gets 429 and a true Retry-After (${engine})`,
  async () => {
    const client = await limited(1, 3);
    const { all, good, most } = await flood([client], 40, 1, 3);
    assert.ok(good >= 3 && good <= most, `${good} passed`);
    const last = all.find((r) => r.status === 429);
    assert.equal(last.json.code, 'rate_limited');
    const wait = Number(last.headers['retry-after']);
    assert.equal(wait, 1);
    await new Promise((resolve) => setTimeout(resolve, wait * 1000 + 20));
    assert.equal((await client.get('/v1/orders')).status, 200);
    assert.equal((await house.client.get('/v1/orders')).status, 200,
      'others are not held up');
  });

test('many at once get the burst and no more', async () => {
  const client = await limited(2, 10);
  const { good, most } = await flood([client], 60, 2, 10);
  assert.ok(good >= 10 && good <= most, `${good} passed`);
});

test('both secrets of a rotated key share its rate', async () => {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: 'shared', scopes: ['orders:read'], rate_per_s: 1, burst: 20 });
  const next = await house.client.ok('POST', `/v1/api-keys/${made.id}/rotate`,
    {});
  const { good, most } = await flood([made, next].map((key) =>
    house.client.as(key.secret)), 60, 1, 20);
  assert.ok(good >= 20 && good <= most, `${good} passed`);
});

test('limits that are none are refused', async () => {
  for (const more of [{ rate_per_s: 0 }, { rate_per_s: 1000001 },
    { rate_per_s: 1.5 }, { burst: 5 }, { rate_per_s: 1, burst: 0 }]) {
    const reply = await house.client.post('/v1/api-keys',
      { name: 'x', scopes: ['orders:read'], ...more }, { isBad: true });
    assert.equal(reply.status, 422, JSON.stringify(more));
  }
});

test('the server has a rate for keys and people without one', async () => {
  const other = await openHouse({ extra: ['--key-rate', '5',
    '--key-burst', '8'] });
  const ann = await addPerson(other.client, 'viewer');
  const browser = await signedIn(other.client, ann.email);
  const { good, most } = await flood([browser], 60, 5, 8);
  assert.ok(good >= 8 && good <= most, `${good} passed`);
  const own = await eventually(async () => { // Its own calls count as well.
    const reply = await other.client.post('/v1/api-keys',
      { name: 'quick', scopes: ['orders:read'], rate_per_s: 1000 });
    return reply.status === 201 && reply.json;
  });
  const quick = other.client.as(own.secret);
  for (let i = 0; i < 20; i++)
    assert.equal((await quick.get('/v1/orders')).status, 200);
  for (let i = 0; i < 20; i++)
    assert.equal((await other.client.as(null).get('/healthz')).status, 200);
  await other.stop();
});

// A request whose body never comes, so that its bytes stay counted. What the
// server says of its head is waited for, so that no clock decides: "100
// Continue" (its bytes are taken) or a refusal.
async function begin(port, key, path, length) {
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  const answered = new Promise((resolve, reject) => {
    socket.on('data', (part) => {
      answer += part;
      if (answer.includes('\r\n\r\n')) resolve();
    });
    socket.on('close', () => reject(new Error(`closed after "${answer}"`)));
  });
  answered.catch(() => {});
  socket.on('error', () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n` +
    `Authorization: Bearer ${key}\r\nIdempotency-Key: k\r\n` +
    'Content-Type: application/json\r\nExpect: 100-continue\r\n' +
    `Content-Length: ${length}\r\n\r\n`);
  await answered;
  return { socket, answer: () => answer };
}

const TAKEN = 'HTTP/1.1 100 Continue\r\n\r\n';

// What goes away gives back what it took, as soon as the server sees it.
async function untilTaken(key, path, length) {
  return eventually(async () => {
    const one = await begin(house.port, key, path, length);
    if (one.answer() === TAKEN) return one;
    one.socket.destroy();
    return null;
  });
}

test('bytes of one caller under way are bound, others go on', async () => {
  // 32 MiB in all, so 8 MiB for one caller.
  const eight = 8 * 1024 * 1024, path = '/v1/skus/bulk';
  const first = await begin(house.port, house.root, path, eight);
  assert.equal(first.answer(), TAKEN);
  const second = await begin(house.port, house.root, path, eight);
  await eventually(() => second.answer().includes('"code":"bytes_limited"'));
  assert.match(second.answer(), /^HTTP\/1\.1 429 /);
  assert.match(second.answer(), /Retry-After: 1\r\n/);
  assert.equal(first.answer(), TAKEN);
  assert.equal((await house.client.get('/v1/orders')).status, 200);
  const made = await house.client.post('/v1/api-keys',
    { name: 'small bodies go on', scopes: ['orders:read'] });
  assert.equal(made.status, 201);
  first.socket.destroy();
  second.socket.destroy();
  const third = await untilTaken(house.root, path, eight);
  third.socket.destroy();
});

test('bytes of all callers under way are bound, and nobody is shut out',
  async () => {
    const eight = 8 * 1024 * 1024, path = '/v1/skus/bulk';
    const begun = [];
    for (let i = 0; i < 4; i++) {
      const made = await house.client.ok('POST', '/v1/api-keys',
        { name: `bulk ${i}`, scopes: ['catalog:write'] });
      // The first waits until the test before has given everything back.
      begun.push(await untilTaken(made.secret, path, eight));
    }
    const late = await begin(house.port, house.root, path, eight);
    await eventually(() => late.answer().includes('"code":"too_many_bytes"'));
    assert.match(late.answer(), /^HTTP\/1\.1 503 /);
    const small = await house.client.post('/v1/api-keys',
      { name: 'refused', scopes: ['orders:read'] });
    assert.equal(small.status, 503);
    assert.equal(small.json.code, 'too_many_bytes');
    assert.equal((await house.client.get('/v1/orders')).status, 200,
      'what has no body is served');
    for (const one of begun) assert.equal(one.answer(), TAKEN);
    for (const one of [...begun, late]) one.socket.destroy();
    await eventually(async () => (await house.client.post('/v1/api-keys',
      { name: 'taken', scopes: ['orders:read'] })).status === 201);
  });

test('strangers get no memory for large bodies', async () => {
  const nobody = new Client(house.port, null);
  const big = 'x'.repeat(100 * 1024);
  const open = await nobody.post('/v1/session',
    JSON.stringify({ email: 'a@b', password: big }), { isBad: true });
  assert.equal(open.status, 413, 'also where no key is needed');
  const closed = await nobody.post('/v1/skus', JSON.stringify({ code: big }),
    { isBad: true });
  assert.equal(closed.status, 401);
  nobody.close();
});
