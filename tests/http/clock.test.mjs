// clock.test.mjs - the clock is set back an hour, between two runs and during
// one (A15.13): ids and events keep their order, keys and holds their meaning.
// Needs Debian's package faketime.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './lib/client.mjs';
import { Parcels } from './lib/parcels.mjs';
import { Receiver } from './lib/receiver.mjs';
import { engine, Server, Store } from './lib/server.mjs';
import { eventually, logged, orderBody, Shop } from './lib/shop.mjs';

const lib = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  .map((dir) => `${dir}/faketime/libfaketimeMT.so.1`).find(existsSync);
const skip = lib ? false : 'no libfaketime: apt install faketime';

// A store whose server reads its clock's offset from a file; monotonic time
// goes on as it is.
function storeWithClock() {
  const store = new Store();
  const file = path.join(store.dir, 'clock');
  store.clock = (offset) => writeFileSync(file, `${offset}\n`);
  store.clock('+0');
  store.env = { ...store.env, LD_PRELOAD: lib, FAKETIME_NO_CACHE: '1',
    FAKETIME_TIMESTAMP_FILE: file, FAKETIME_DONT_FAKE_MONOTONIC: '1',
    ASAN_OPTIONS: 'verify_asan_link_order=0:detect_leaks=0' };
  return store;
}

// The list shows the orders by their ids, newest first; the log as they were
// placed.
async function checkOrder(client, placed) {
  // On PostgreSQL the consumers' lease lives through the jump, too.
  await eventually(async () => (await client.all('/v1/orders', 100)).length >=
    placed.length, { timeoutMs: 60000 });
  const listed = (await client.all('/v1/orders', 100)).map((o) => o.id);
  assert.deepEqual(listed, [...placed].sort().reverse());
  await logged(client);
  const events = (await client.all('/v1/events?type=order.placed', 100))
    .map((e) => e.subject.id);
  assert.deepEqual(events, placed);
}

async function run(step) {
  const store = storeWithClock();
  const key = await store.key('all', 'root');
  let server = await Server.start(store);
  let client = new Client(server.port, key);
  const placed = [];
  const shop = await Shop.open(client, { stock: { 'C-1': 1000 } });
  const place = async () => placed.push((await client.ok('POST', '/v1/orders',
    orderBody(shop.channel.code, [['C-1', 1, 500]]))).id);
  for (let i = 0; i < 20; i++) await place();
  const again = { body: orderBody(shop.channel.code, [['C-1', 1, 500]]),
    key: 'once-and-again' };
  const first = await client.send('POST', '/v1/orders', again);
  placed.push(first.json.id);
  store.clock('-3600');
  if (step === 'between') {
    client.close();
    await server.stop();
    server = await Server.start(store);
    client = new Client(server.port, key);
  }
  // The same key is the same answer; the API key is still good.
  const second = await client.send('POST', '/v1/orders', again);
  assert.equal(second.status, first.status);
  assert.equal(second.json.id, first.json.id);
  for (let i = 0; i < 20; i++) await place();
  // What is stored now is later than what was stored before. PostgreSQL has
  // several writers, each with ids of its own: they agree on a time, not within.
  if (engine === 'sqlite') assert.deepEqual(placed, [...placed].sort());
  await checkOrder(client, placed);
  // A hold runs from when it was made, by whichever clock that was.
  const hold = await client.ok('POST', '/v1/holds',
    { channel: shop.channel.code, items: [{ sku: 'C-1', quantity: 1 }] });
  assert.ok(Date.parse(hold.expires_at) > Date.parse(hold.created_at));
  assert.ok(Date.parse(hold.expires_at) < Date.now());
  assert.equal((await client.ok('GET', `/v1/holds/${hold.id}`)).state, 'open');
  // An hour later nothing is missing and nothing comes twice.
  store.clock('+0');
  for (let i = 0; i < 5; i++) await place();
  await checkOrder(client, placed);
  client.close();
  await server.stop();
  const verified = await store.verify();
  assert.equal(verified.code, 0, verified.stdout);
  store.drop();
}

test('the clock is set back an hour between two runs (A15.13)', { skip },
  () => run('between'));
test('the clock is set back an hour during a run (A15.13)', { skip },
  () => run('during'));

test('a link to ask goods back with ends (A7.08)', { skip }, async () => {
  const store = storeWithClock();
  const key = await store.key('all', 'root');
  const server = await Server.start(store);
  const client = new Client(server.port, key);
  const shop = await Shop.open(client, { stock: { 'C-1': 1 } });
  const { id } = await client.ok('POST', '/v1/orders',
    orderBody(shop.channel.code, [['C-1', 1, 500]]));
  const link = await client.ok('GET', `/v1/orders/${id}/return-token?days=1`);
  const stranger = client.as(null);
  assert.equal((await stranger.get(link.path)).status, 200);
  store.clock('+172800');
  const items = [{ line: 1, quantity: 1, reason: 'unwanted' }];
  for (const late of [await stranger.get(link.path),
    await stranger.post(link.path, { items })]) {
    assert.equal(late.status, 410, late.text);
    assert.equal(late.json.code, 'token_expired');
  }
  client.close();
  stranger.close();
  await server.stop();
  store.drop();
});

// A carrier that quotes prices and tells nothing by itself. Each restart takes
// the worker to a later hour.
test('carriers are asked for prices and for parcels over HTTP (A5.11)', { skip },
  async () => {
    const store = storeWithClock();
    const it = await Parcels.open(
      { store, extra: ['--allow-private', '127.0.0.1'] });
    const at = (offset) => { store.clock(offset); return it.restart(); };
    await it.shop.stock('C-1', 10, { weight_g: 400 });
    const says = { track: () => '<html>' };
    const quote = (service, amount, days) =>
      ({ service, price: { amount, currency: 'EUR' }, days });
    says.rate = () => ({ rates: [quote('std', 700, 3), quote('fast', 650, 1)] });
    says.label = says.lookup = ({ reference }) =>
      ({ found: true, tracking: `T${reference}` });
    const receiver = await Receiver.start(({ json }) => {
      const body = says[json.operation](json);
      if (!body) return { act: () => {} }; // Never answered.
      return { status: 200, body: body.rates || body.found || body.events
        ? JSON.stringify(body) : body };
    });
    await it.client.ok('POST', '/v1/carrier-accounts', { code: 'live',
      carrier: 'relay', secret: 'hush',
      services: [{ code: 'std', routing_service: 'slow' }, { code: 'fast' }],
      settings: { url: receiver.url, rates: true, track_minutes: 15 } });
    const set = (table, body) => it.client.ok('PUT', `/v1/routing/${table}`,
      { version: 0, ...body });
    await set('zones', { items: [{ code: 'home', tz: 'Europe/Berlin',
      places: [{ country: 'DE' }] }] });
    await set('services', { items: [{ code: 'slow', days: ['mon'],
      deliver_by: '18:00' }] });
    await set('rates', { items: [{ to: 'home', service: 'slow', up_to_g: 2000,
      amount: { amount: 900, currency: 'EUR' } }] });
    const asked = (operation) => receiver.got.filter((one) =>
      one.json.operation === operation).length;
    const want = async () => {
      const [p] = (await it.packed([['C-1', 1]])).packages;
      return it.did(p, 'label');
    };
    const offers = (p) => p.choice.offers.map((o) =>
      [o.service, o.source, o.verdict]).sort();

    const told = await it.until(await want(), 'labelled');
    assert.deepEqual([told.service, told.price.amount], ['fast', 650]);
    assert.deepEqual(offers(told).filter(([, source]) => source === 'carrier')
      .map(([service]) => service), ['fast', 'std']);
    assert.equal(offers(told).filter(([, , v]) => v === 'chosen').length, 1);

    says.rate = () => null;
    const silent = await want();
    await receiver.until(() => asked('rate') === 2);
    assert.equal((await it.get(silent)).state, 'label_pending');
    await at('+11s');
    const card = await it.until(silent, 'labelled');
    assert.deepEqual([card.service, card.price.amount], ['std', 900]);
    assert.ok(offers(card).some(([service, source, verdict]) => service === 'std' &&
      source === 'card_no_answer' && verdict === 'chosen'));

    assert.equal(asked('track'), 0);
    says.rate = () => '<html>'; // Too late, and no answer.
    await at('+16m'); // Garbage ends nothing here, either.
    await eventually(() => asked('track') > 0);
    assert.equal((await it.get(told)).state, 'labelled');
    const occurred_at = new Date(Date.now() + 60000).toISOString();
    says.track = () => ({ events: [{ code: 'delivered', occurred_at }] });
    await at('+32m');
    await it.until(told, 'delivered');
    await receiver.stop();
    await it.house.stop();
  });
