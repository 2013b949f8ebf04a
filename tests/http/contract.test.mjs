// contract.test.mjs - routes and contract are the same thing (B2, B12).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { contract, operations, contractText } from './lib/contract.mjs';
import { Client } from './lib/client.mjs';
import { bin, engine, openHouse, root } from './lib/server.mjs';

let house;
before(async () => { house = await openHouse({ extra: ['--tenants'] }); });
after(() => house?.stop());

// The schema behind a reference.
const resolve = (schema) => (schema?.$ref
  ? schema.$ref.split('/').slice(1).reduce((at, key) => at[key], contract)
  : schema);

// The operation's path with ids of the right form that nobody has.
function fill(op) {
  return op.path.replace(/\{([^}]+)\}/g, (all, name) => {
    const parameter = op.operation.parameters.map(resolve)
      .find((at) => at.in === 'path' && at.name === name);
    const prefix = resolve(parameter?.schema)?.pattern?.match(/^\^([a-z]+)_/);
    return prefix ? `${prefix[1]}_0000000000001` : 'nobody';
  });
}
const isServer = (op) => op.operation.tags?.includes('server');
const closed = operations.filter((op) => !op.isPublic);
const body = (op) => (op.method === 'GET' ? undefined : {});

test(`the checked-in contract is joined from the rooms' parts (B12, ${engine})`,
  () => {
    const done = spawnSync(path.join(root, 'tools/openapi'), ['--check'],
      { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
  });

test('every route is in the contract and every operation has a route (B12)',
  () => {
    const listed = JSON.parse(execFileSync(bin, ['routes', '--json']));
    const line = (o) => `${o.method} ${o.path} ${o.operationId} ${o.scope}`;
    const have = listed.filter((r) => r.path.startsWith('/v1/')).map(line);
    const want = operations.filter((op) => !isServer(op)).map((op) => line({
      ...op, operationId: op.id, scope: op.permission ?? '' }));
    assert.deepEqual(have.sort(), want.sort());
    assert.ok(have.length > 20, 'there are routes at all');
  });

test('the server gives out the contract it was built with (B12)', async () => {
  const reply = await house.client.get('/openapi.yaml');
  assert.equal(reply.status, 200);
  assert.equal(reply.text, contractText);
});

test('health, readiness and metrics need no key (A11.08)', async () => {
  const nobody = house.client.as(null);
  assert.deepEqual((await nobody.get('/healthz')).json, { status: 'ok' });
  assert.deepEqual((await nobody.get('/readyz')).json, { status: 'ready' });
  const metrics = await nobody.get('/metrics');
  assert.equal(metrics.status, 200);
  for (const line of metrics.text.trim().split('\n'))
    assert.match(line, /^(# (HELP|TYPE) \S+ .+|[a-z_:]+(\{[^}]*\})? [-+.\dA-Za-z]+)$/);
  assert.match(metrics.text, /queue/);
});

for (const op of closed) {
  test(`${op.id} without a key, with a wrong one: 401 (A15.05)`, async () => {
    for (const key of [null, 'wk_nonsense', 'wk_' + 'a'.repeat(52)]) {
      const reply = await house.client.as(key).send(op.method, fill(op),
        { body: body(op), isBad: true });
      assert.equal(reply.status, 401, reply.text);
      assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer/);
    }
  });
}

test('each operation with a key of all other scopes: 403 (A15.05)',
  async () => {
    // "self" is held by whoever is known.
    const scopes = [...new Set(closed.map((op) => op.permission))]
      .filter((scope) => scope !== 'self');
    for (const scope of scopes) {
      const rest = scopes.filter((s) => s !== scope);
      const made = await house.client.ok('POST', '/v1/api-keys',
        { name: `all but ${scope}`, scopes: rest });
      const client = house.client.as(made.secret);
      for (const op of closed.filter((o) => o.permission === scope)) {
        const reply = await client.send(op.method, fill(op),
          { body: body(op), isBad: true });
        assert.equal(reply.status, 403, `${op.id}: ${reply.text}`);
        assert.match(reply.json.detail, new RegExp(scope), op.id);
      }
    }
  });

test('each changing operation without Idempotency-Key: 400 by its own code',
  async () => {
    for (const op of closed.filter((o) => o.method !== 'GET')) {
      const reply = await house.client.send(op.method, fill(op),
        { body: {}, key: null, isBad: true });
      assert.equal(reply.status, 400, `${op.id}: ${reply.text}`);
      assert.equal(reply.json.code, 'idempotency_key_missing');
    }
  });

test('each changing operation refuses a field nobody knows', async () => {
  for (const op of closed.filter((o) => o.operation.requestBody)) {
    const reply = await house.client.send(op.method, fill(op),
      { body: { nonsense: 1 }, isBad: true });
    assert.ok([422, 404].includes(reply.status), `${op.id}: ${reply.text}`);
    if (reply.status === 422)
      assert.ok(['unknown_field', 'missing_field'].includes(reply.json.code),
        `${op.id}: ${reply.text}`);
  }
});

test('each read refuses a parameter nobody knows', async () => {
  for (const op of closed.filter((o) => o.method === 'GET')) {
    const reply = await house.client.get(`${fill(op)}?nonsense=1`,
      { isBad: true });
    assert.equal(reply.status, 422, `${op.id}: ${reply.text}`);
    assert.equal(reply.json.code, 'unknown_parameter', op.id);
    assert.equal(reply.json.field, 'nonsense', op.id);
  }
});

test('ids that are none and ids of another kind are refused', async () => {
  for (const op of closed.filter((o) => o.path.includes('{id}'))) {
    for (const id of ['x', 'zzz_0000000000001', 'ord_0000000000001_', '1']) {
      const reply = await house.client.send(op.method,
        op.path.replace(/\{[^}]+\}/g, id), { body: body(op), isBad: true });
      assert.ok([404, 422].includes(reply.status),
        `${op.id} ${id}: ${reply.text}`);
    }
  }
});

test('each read of an id nobody has: 404', async () => {
  const ops = closed.filter((o) => o.method === 'GET' && o.path.includes('{'));
  assert.ok(ops.length > 3);
  for (const op of ops) {
    const reply = await house.client.get(fill(op), { isBad: true });
    assert.equal(reply.status, 404, `${op.id}: ${reply.text}`);
  }
});

test('a path nobody has is 404, a method it lacks is 405', async () => {
  const lost = await house.client.get('/v1/nowhere', { isBad: true });
  assert.equal(lost.status, 404);
  const wrong = await house.client.exchange('DELETE', '/v1/orders',
    { authorization: `Bearer ${house.root}`, 'content-length': '0' });
  assert.equal(wrong.status, 405);
  assert.match(wrong.headers.allow ?? '', /GET/);
  assert.match(wrong.headers.allow ?? '', /POST/);
});

test('every reply names its request, and problems repeat the name', async () => {
  const reply = await house.client.get('/v1/orders/ord_0000000000001');
  assert.equal(reply.status, 404);
  assert.ok(reply.json.request_id.length > 0);
  const again = await new Client(house.port, house.root)
    .get('/v1/orders/ord_0000000000001');
  assert.notEqual(again.json.request_id, reply.json.request_id);
});
