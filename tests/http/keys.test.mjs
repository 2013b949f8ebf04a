// keys.test.mjs - API keys: scoped, told once, revocable (A15.05).
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { engine, openHouse } from './lib/server.mjs';
import { eventually } from './lib/shop.mjs';

let house;
before(async () => { house = await openHouse(); });
after(() => house?.stop());

test('a key may do what its scopes say and nothing else (A15.05)', async () => {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: 'reader', scopes: ['orders:read'] });
  assert.match(made.secret, /^wk_/);
  assert.ok(made.secret.endsWith(made.hint));
  const reader = house.client.as(made.secret);
  assert.equal((await reader.get('/v1/orders')).status, 200);
  assert.equal((await reader.get('/v1/skus')).status, 403);
  const list = await house.client.all('/v1/api-keys', 1);
  assert.ok(list.some((k) => k.id === made.id));
  assert.ok(!JSON.stringify(list).includes(made.secret), 'told only once');
});

test('a key cannot give away more than it has', async () => {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: 'maker', scopes: ['keys:write', 'orders:read'] });
  const maker = house.client.as(made.secret);
  const more = await maker.post('/v1/api-keys',
    { name: 'more', scopes: ['orders:write'] });
  assert.ok([403, 422].includes(more.status), more.text);
  const less = await maker.post('/v1/api-keys',
    { name: 'less', scopes: ['orders:read'] });
  assert.equal(less.status, 201, less.text);
});

test('the scheme is Bearer in any case, as HTTP has it', async () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const reply = await house.client.get('/v1/orders?limit=1',
      { headers: { authorization: `${scheme} ${house.root}` } });
    assert.equal(reply.status, 200, reply.text);
  }
});

test('a revoked key is refused at once', async () => {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: 'gone', scopes: ['orders:read'] });
  const gone = house.client.as(made.secret);
  assert.equal((await gone.get('/v1/orders')).status, 200);
  const revoked = await house.client.send('DELETE', `/v1/api-keys/${made.id}`);
  assert.ok([200, 204].includes(revoked.status), revoked.text);
  assert.equal((await gone.get('/v1/orders')).status, 401);
});

test('a key that has run out is refused', async () => {
  const status = async (key) => (await key.get('/v1/orders')).status;
  let short, first, end;
  for (let ms = 1500; first !== 200; ms *= 2) { // Longer for a slow machine.
    end = Date.now() + ms;
    const made = await house.client.ok('POST', '/v1/api-keys', { name: 'short',
      scopes: ['orders:read'], expires_at: new Date(end).toISOString() });
    short = house.client.as(made.secret);
    first = await status(short);
    assert.ok(first === 200 || Date.now() >= end, `${first} before its end`);
  }
  await eventually(async () => await status(short) === 401);
  assert.ok(Date.now() >= end, 'not before its end');
});

test('scopes that are none, and no scopes, are refused', async () => {
  for (const scopes of [['orders:burn'], [], 'orders:read']) {
    const reply = await house.client.post('/v1/api-keys', { name: 'x', scopes },
      { isBad: true });
    assert.equal(reply.status, 422, reply.text);
    assert.match(reply.json.field, /^scopes/);
  }
});

test('a repeated call for a key does not tell the secret again', async () => {
  const key = 'make-a-key', body = { name: 'twice', scopes: ['orders:read'] };
  const first = await house.client.ok('POST', '/v1/api-keys', body, { key });
  const again = await house.client.ok('POST', '/v1/api-keys', body, { key });
  assert.deepEqual(again, { ...first, secret: null });
});

test('a rotated key has two secrets until the overlap ends (A15.05)',
  async () => {
    const made = await house.client.ok('POST', '/v1/api-keys',
      { name: 'rotated', scopes: ['orders:read'] });
    const url = `/v1/api-keys/${made.id}/rotate`;
    const status = async ({ secret }) =>
      (await house.client.as(secret).get('/v1/orders')).status;
    const next = await house.client.ok('POST', url, { overlap_s: 600 });
    assert.equal(next.id, made.id);
    assert.notEqual(next.secret, made.secret);
    assert.ok(next.secret.endsWith(next.hint));
    assert.equal(await status(made), 200);
    assert.equal(await status(next), 200);
    const third = await house.client.ok('POST', url, { overlap_s: 1 });
    await eventually(async () => await status(next) === 401);
    assert.equal(await status(made), 200, 'each has an end of its own');
    const last = await house.client.ok('POST', url, { overlap_s: 0 });
    for (const old of [made, next, third])
      assert.equal(await status(old), 401, 'at once');
    assert.equal(await status(last), 200);
    await house.client.ok('DELETE', `/v1/api-keys/${made.id}`);
    const gone = await house.client.post(url, {});
    assert.equal(gone.status, 409);
    assert.equal(gone.json.code, 'key_revoked');
  });

test('a revoked key takes its old secrets with it', async () => {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: 'gone twice', scopes: ['orders:read'] });
  const next = await house.client.ok('POST', `/v1/api-keys/${made.id}/rotate`,
    {});
  await house.client.ok('DELETE', `/v1/api-keys/${made.id}`);
  for (const secret of [made.secret, next.secret])
    assert.equal((await house.client.as(secret).get('/v1/orders')).status, 401);
});

test('who lacks a scope cannot rotate or revoke a key that has it', async () => {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: 'maker', scopes: ['keys:write'] });
  const high = await house.client.ok('POST', '/v1/api-keys',
    { name: 'high', scopes: ['orders:write'] });
  const reply = await house.client.as(made.secret)
    .post(`/v1/api-keys/${high.id}/rotate`, {});
  assert.equal(reply.status, 403);
  assert.equal(reply.json.code, 'scope_not_held');
  const gone = await house.client.as(made.secret)
    .send('DELETE', `/v1/api-keys/${high.id}`);
  assert.equal(gone.status, 403);
  assert.equal(gone.json.code, 'scope_not_held');
  assert.equal((await house.client.as(high.secret).get('/v1/session')).status,
    200, 'it still works');
});

test('the store never holds the secret, not even for a replay (A15.05)',
  { skip: engine === 'sqlite' ? false : 'reads the SQLite file' },
  async () => {
    const made = await house.client.ok('POST', '/v1/api-keys',
      { name: 'secret', scopes: ['orders:read'] });
    const bytes = readdirSync(house.store.dir)
      .filter((name) => !name.endsWith('.sock'))
      .map((name) => readFileSync(path.join(house.store.dir, name), 'latin1'));
    assert.ok(bytes.some((text) => text.includes(made.id) ||
      text.includes('secret')));
    for (const text of bytes)
      assert.ok(!text.includes(made.secret), 'the secret stands in the store');
  });
