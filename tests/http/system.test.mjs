// system.test.mjs - what the store is, and the switch for outbound work
// (A15.13).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { engine, openHouse } from './lib/server.mjs';

let house;
before(async () => { house = await openHouse(); });
after(() => house?.stop());

test('a store tells its epoch, engine and schema (A15.13)', async () => {
  const system = await house.client.ok('GET', '/v1/system');
  assert.deepEqual(system.stopped_consumers, []);
  assert.equal(system.engine, engine);
  assert.match(system.epoch, /^[0-9a-f]{16}$/);
  assert.equal(system.restored_at, null);
  assert.equal(system.outbound.state, 'running');
  await house.restart();
  const again = await house.client.ok('GET', '/v1/system');
  assert.equal(again.epoch, system.epoch);
  assert.deepEqual(again.schema, system.schema);
});

test('outbound work is paused and resumed, with events (A15.13)', async () => {
  const { client } = house;
  const stale = await client.post('/v1/system/outbound/pause',
    { reason: 'x', version: 9 });
  assert.equal(stale.status, 409);
  assert.equal(stale.json.code, 'stale');
  const paused = await client.ok('POST', '/v1/system/outbound/pause',
    { reason: 'carrier is down' });
  assert.equal(paused.state, 'paused');
  assert.equal(paused.reason, 'carrier is down');
  const again = await client.ok('POST', '/v1/system/outbound/pause',
    { reason: 'another' });
  assert.deepEqual(again, paused);
  const resumed = await client.ok('POST', '/v1/system/outbound/resume',
    { version: paused.version });
  assert.equal(resumed.state, 'running');
  assert.equal(resumed.reason, null);
});

test('only system:write may switch (A15.13)', async () => {
  const made = await house.client.ok('POST', '/v1/api-keys',
    { name: 'reader', scopes: ['system:read'] });
  const reader = house.client.as(made.secret);
  assert.equal((await reader.get('/v1/system')).status, 200);
  assert.equal((await reader.post('/v1/system/outbound/pause',
    { reason: 'x' })).status, 403);
});
