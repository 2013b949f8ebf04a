// gateways.test.mjs - payments on a gateway that answers, and on one that does
// not (A2.04, A2.05).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Gateway } from './lib/gateway.mjs';
import { Client } from './lib/client.mjs';
import { engine, openHouse, Server, Store } from './lib/server.mjs';
import { eventually, fresh, money, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse({ extra: ['--allow-private', '127.0.0.1'] });
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

async function account(gateway, more) {
  return house.client.ok('POST', '/v1/gateway-accounts', { code: fresh('gw'),
    gateway: 'relay', secret: 'hush', settings: { url: gateway.url }, ...more });
}
async function placed(total = 10000) {
  const sku = fresh('g');
  await shop.stock(sku, 2);
  return shop.placed([[sku, 1, total]]);
}
async function paid(order, at, amount, more) {
  const reply = await house.client.post(`/v1/orders/${order.id}/payments`,
    { tender: 'card', amount: money(amount), gateway: at.code, token: 'tok_1',
      method: 'visa', ...more });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}
const get = (p) => house.client.ok('GET', `/v1/payments/${p.id}`);
const until = (p, ready, timeoutMs) => eventually(async () => {
  const now = await get(p);
  return ready(now) && now;
}, { timeoutMs });
const quiet = (p) => p.calls.every((c) =>
  ['done', 'refused', 'cancelled'].includes(c.state));
const step = (p, name, body = {}) => house.client.post(
  `/v1/payments/${p.id}/${name}`, { version: p.version, ...body });
async function did(p, name, body) {
  const reply = await step(p, name, body);
  assert.equal(reply.status, 200, `${name}: ${reply.text}`);
  return until(reply.json, quiet);
}
const facts = async (order) =>
  (await house.client.ok('GET', `/v1/orders/${order.id}`)).payment;
// What the gateway has in its books is what Wharf says.
function same(gateway, p) {
  for (const [type, sum] of [['capture', p.captured], ['refund', p.refunded]])
    assert.equal(gateway.sum(p.id, type), sum.amount, type);
}

test('money is promised, taken and given back by asking', async () => {
  const gateway = await Gateway.start();
  const at = await account(gateway);
  assert.equal(at.has_secret, true);
  assert.equal(at.renew_hours, 24);
  const never = await house.client.ok('PATCH', `/v1/gateway-accounts/${at.id}`,
    { version: at.version, renew_hours: 0 });
  assert.equal(never.renew_hours, 0);
  assert.ok(!JSON.stringify(at).includes('hush'));
  const order = await placed();
  const asked = await paid(order, at, 10000, { done: 'authorized' });
  assert.equal(asked.state, 'created');
  assert.deepEqual(asked.calls.map((c) => [c.type, c.state]),
    [['authorize', 'wanted']]);
  assert.ok(!JSON.stringify(asked).includes('tok_1'));
  let p = await until(asked, quiet);
  assert.equal(p.state, 'authorized');
  assert.equal(p.gateway_ref, `gw-${p.id}`);
  const first = gateway.asked()[0];
  assert.deepEqual([first.operation, first.token, first.method, first.payment,
    first.order, first.amount.amount, first.reference],
  ['authorize', 'tok_1', 'visa', p.id, order.id, 10000, p.calls[0].id]);
  const { headers } = gateway.receiver.got[0];
  assert.deepEqual([headers.authorization, headers['idempotency-key']],
    ['Bearer hush', p.calls[0].id]);
  p = await did(p, 'capture', { amount: money(4000) });
  p = await did(p, 'refund', { amount: money(1000) });
  p = await did(p, 'void');
  assert.equal(p.state, 'captured');
  assert.deepEqual(p.transactions.map((t) => [t.type, t.amount.amount,
    t.event_id, t.origin]), p.calls.map((c) => [c.type, c.amount.amount, c.id,
    'command']));
  same(gateway, p);
  assert.equal(gateway.asked().filter((a) => a.token).length, 1,
    'the token is told once');
  assert.equal((await facts(order)).captured.amount, 4000);
  // A sale; and what is asked may be no more than there is.
  const sale = await until(await paid(await placed(), at, 500,
    { done: 'captured' }), quiet);
  assert.equal(sale.state, 'captured');
  const over = await step(sale, 'refund', { amount: money(501) });
  assert.equal(over.json.code, 'over_refunded');
  await gateway.stop();
});

test('what a gateway is asked to give back is not owed a second time', async () => {
  const gateway = await Gateway.start((ask) =>
    (ask.operation === 'refund' ? 'pending' : null));
  const at = await account(gateway);
  const sku = fresh('g');
  await shop.stock(sku, 2);
  const order = await shop.placed([[sku, 2, 5000]]);
  const p = await until(await paid(order, at, 10000, { done: 'captured' }),
    quiet);
  const now = await house.client.ok('GET', `/v1/orders/${order.id}`);
  const cancelled = await house.client.post(`/v1/orders/${order.id}/cancel`,
    { version: now.version, reason: 'one is enough',
      lines: [{ n: 1, quantity: 1 }] });
  assert.equal(cancelled.status, 200, cancelled.text);
  assert.equal(cancelled.json.payment.balance_due.amount, -5000);
  const asked = await step(p, 'refund', { amount: money(5000) });
  assert.equal(asked.status, 200, asked.text);
  const again = await house.client.post(`/v1/orders/${order.id}/refunds`,
    { version: cancelled.json.version });
  assert.equal(again.json.code, 'nothing_to_refund', again.text);
  await eventually(() => {
    const at = gateway.books.find((b) => b.type === 'refund');
    if (at) at.status = 'done';
    return at;
  });
  const done = await until(asked.json, quiet, 30000);
  assert.equal(done.refunded.amount, 5000);
  same(gateway, done);
  assert.equal((await facts(order)).balance_due.amount, 0);
  await gateway.stop();
});

test('whatever an answer is like, money moves once', async () => {
  for (const fault of ['drop', 'lose', 'garbage', 'error', 'busy', 'pending']) {
    let wrong = 2;
    const gateway = await Gateway.start(() => (wrong-- > 0 ? fault : null));
    const at = await account(gateway);
    const asked = await paid(await placed(), at, 700, { done: 'captured' });
    if (fault === 'pending') {
      await until(asked, (p) => p.calls[0].error?.includes('not decided'));
      gateway.books[0].status = 'done';
    }
    const p = await until(asked, quiet, 30000);
    assert.equal(p.state, 'captured', fault);
    assert.equal(p.transactions.length, 1, fault);
    same(gateway, p);
    await gateway.stop();
  }
});

test('what a gateway refuses fails, and says why', async () => {
  const gateway = await Gateway.start((ask) =>
    (ask.operation === 'authorize' || ask.amount?.amount === 13) && 'refuse');
  const at = await account(gateway);
  const no = await until(await paid(await placed(), at, 900,
    { done: 'authorized' }), quiet);
  assert.equal(no.state, 'failed');
  assert.deepEqual([no.calls[0].state, no.calls[0].error],
    ['refused', 'card declined']);
  const order = await placed();
  let p = await until(await paid(order, at, 900, { done: 'captured' }), quiet);
  p = await did(p, 'refund', { amount: money(13) });
  assert.equal(p.refunded.amount, 0);
  await eventually(async () => (await house.client.ok('GET',
    `/v1/tasks?order=${order.id}`)).items.some((t) =>
    t.kind === 'payment_refused'));
  p = await did(p, 'refund', { amount: money(12) });
  assert.equal(p.refunded.amount, 12);
  same(gateway, p);
  await gateway.stop();
});

test('what a gateway did though it had said no is there, and a task', async () => {
  const gateway = await Gateway.start((ask) => ask.operation === 'capture' &&
    gateway.held.length < 1 && 'hang');
  const at = await account(gateway);
  const order = await placed();
  const asked = await paid(order, at, 900, { done: 'captured' });
  await eventually(() => gateway.held.length === 1);
  await told(at, { ...gateway.books[0], status: 'refused', detail: 'no' });
  assert.equal((await until(asked, quiet)).state, 'failed');
  gateway.held[0]();
  const p = await until(asked, (now) => now.captured.amount === 900);
  assert.deepEqual([p.state, p.calls[0].state, p.transactions.map((t) =>
    [t.type, t.origin])], ['captured', 'refused', [['fail', 'command'],
    ['capture', 'outside']]]);
  same(gateway, p);
  assert.ok(await tasks(order, 'payment_outside'));
  await gateway.stop();
});

test('a refund is pending until its gateway says so', async () => {
  let no = true;
  const gateway = await Gateway.start((ask) => {
    if (ask.operation !== 'refund') return null;
    return no ? 'refuse' : gateway.held.length < 1 && 'hang';
  });
  const at = await account(gateway);
  const order = await placed(1000);
  const p = await until(await paid(order, at, 900, { done: 'captured' }), quiet);
  await house.client.ok('POST', `/v1/orders/${order.id}/payments`,
    { tender: 'cash', amount: money(100), done: 'captured' });
  const give = async () => {
    const { version } = await house.client.ok('GET', `/v1/orders/${order.id}`);
    const reply = await house.client.post(`/v1/orders/${order.id}/refunds`,
      { version, allowance: money(300), reason: 'sorry' });
    assert.equal(reply.status, 201, reply.text);
    return reply.json;
  };
  const refund = (r) => house.client.ok('GET', `/v1/refunds/${r.id}`);
  const parts = (r) => r.tenders.map((t) => [t.amount.amount, t.state]);
  const failed = await give();
  assert.deepEqual([failed.state, parts(failed)],
    ['pending', [[100, 'succeeded'], [200, 'pending']]]);
  await eventually(async () => parts(await refund(failed))[1][1] === 'failed');
  no = false;
  const again = await give();
  await eventually(() => gateway.held.length === 1);
  const { version } = await refund(again);
  const busy = await house.client.post(`/v1/refunds/${again.id}/fail`,
    { version });
  assert.equal(busy.json.code, 'payment_busy');
  gateway.held[0]();
  await eventually(async () => (await refund(again)).state === 'succeeded');
  const now = await get(p);
  same(gateway, now);
  assert.equal(now.calls.at(-1).reference, again.id);
  await gateway.stop();
});

test('a gateway that gives back another amount: the refund says so', async () => {
  let gives = money(150);
  const gateway = await Gateway.start((ask) => ask.operation === 'refund' &&
    gives);
  const at = await account(gateway);
  const order = await placed(1000);
  const p = await until(await paid(order, at, 1000, { done: 'captured' }), quiet);
  const give = async () => {
    const { version } = await house.client.ok('GET', `/v1/orders/${order.id}`);
    const { id } = await house.client.ok('POST', `/v1/orders/${order.id}/refunds`,
      { version, ...gives ? { allowance: money(200) } : {}, reason: 'sorry' });
    return eventually(async () => {
      const now = await house.client.ok('GET', `/v1/refunds/${id}`);
      return now.state === 'succeeded' && now;
    });
  };
  const first = await give();
  assert.deepEqual([first.amount.amount, first.tenders[0].amount.amount],
    [150, 150]);
  assert.equal((await facts(order)).balance_due.amount, -50, 'the rest is owed');
  gives = null;
  assert.equal((await give()).amount.amount, 50);
  assert.equal((await facts(order)).balance_due.amount, 0);
  same(gateway, await until(p, quiet));
  await gateway.stop();
});

test('a call is settled by a person only where it is stuck', async () => {
  const gateway = await Gateway.start((ask) => ask.operation !== 'lookup' &&
    'lose');
  const at = await account(gateway);
  const q = await paid(await placed(), at, 100, { done: 'captured' });
  const early = await house.client.post(`/v1/payments/${q.id}/settle`,
    { version: q.version, call: q.calls[0].id, truth: 'done' });
  assert.equal(early.json.code, 'call_not_stuck');
  const alien = await house.client.post(`/v1/payments/${q.id}/settle`,
    { version: q.version, call: 'gcl_0000000000001', truth: 'done' });
  assert.equal(alien.json.code, 'call_unknown');
  gateway.faults = () => null;
  same(gateway, await until(q, quiet));
  await gateway.stop();
});

test('what is asked already is not asked beside it', async () => {
  const gateway = await Gateway.start((ask) => ask.operation === 'capture' &&
    gateway.held.length < 1 && 'hang');
  const at = await account(gateway);
  const authorized = await until(await paid(await placed(), at, 1000,
    { done: 'authorized' }), quiet);
  const reply = await step(authorized, 'capture', { amount: money(600) });
  await eventually(() => gateway.held.length === 1);
  const stale = await step(authorized, 'capture', { amount: money(400) });
  assert.equal(stale.json.code, 'stale');
  const now = await get(reply.json);
  assert.equal((await step(now, 'void')).json.code, 'payment_busy');
  assert.equal((await step(now, 'capture')).json.code, 'payment_busy');
  const over = await step(now, 'capture',
    { amount: money(401), reference: 'second' });
  assert.equal(over.json.code, 'over_captured');
  const second = await step(now, 'capture',
    { amount: money(400), reference: 'second' });
  assert.equal(second.status, 200, second.text);
  assert.equal(gateway.asked('capture').length, 1, 'one after another');
  gateway.held[0]();
  const p = await until(second.json, quiet);
  assert.equal(p.captured.amount, 1000);
  same(gateway, p);
  await gateway.stop();
});

test('a gateway that hangs holds up neither another nor the end', async () => {
  const dead = await Gateway.start(() => 'hang'), good = await Gateway.start();
  const at = await account(dead), other = await account(good);
  const stuck = [];
  for (let i = 0; i < 6; i++)
    stuck.push(await paid(await placed(), at, 100, { done: 'captured' }));
  await dead.receiver.until((got) => got.length === 6);
  const p = await until(await paid(await placed(), other, 100,
    { done: 'captured' }), quiet, 10000);
  assert.equal(p.state, 'captured');
  // It ends while calls are under way, and asks what became of them.
  const begun = Date.now();
  dead.faults = () => null;
  await house.restart();
  shop.client = house.client;
  assert.ok(Date.now() - begun < 10000, 'it waits for no answer to end');
  for (const q of stuck) same(dead, await until(q, quiet));
  assert.equal(dead.books.length, 6);
  assert.deepEqual(dead.asked().slice(6).map((a) => a.operation),
    Array(6).fill('lookup'), 'nothing is asked twice');
  await dead.stop();
  await good.stop();
});

// On PostgreSQL another process may be at it: its lease of two minutes must
// have ended before.
test('kill -9 with calls under way: the gateway\'s books are ours',
  { skip: engine !== 'sqlite' }, async () => {
    const kinds = ['drop', 'hang', null, 'lose', 'garbage', 'error'];
    let turn = 0;
    const gateway = await Gateway.start(() => kinds[turn++ % kinds.length]);
    const at = await account(gateway), all = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 8; i++)
        all.push(await paid(await placed(), at, 100 + i, { done: 'captured' }));
      await gateway.receiver.until((got) => got.length >= 6 * (round + 1));
      house.client.close();
      house.server.child.kill('SIGKILL');
      await house.server.exited;
      house.server = await Server.start(house.store,
        ['--allow-private', '127.0.0.1']);
      house.client = new Client(house.server.port, house.root);
      shop.client = house.client;
    }
    gateway.faults = () => null;
    for (const p of all) {
      const now = await until(p, quiet, 60000);
      assert.equal(now.state, 'captured');
      same(gateway, now);
    }
    assert.equal(gateway.books.length, all.length);
    for (let i = 0; i < 8; i++) {
      const p = await get(all[i]);
      await step(p, 'refund');
    }
    for (let i = 0; i < 8; i++) same(gateway, await until(all[i], quiet));
    await gateway.stop();
  });

test('while outbound work is paused nobody is asked', async () => {
  const gateway = await Gateway.start();
  const at = await account(gateway);
  const set = async (name, body) => {
    const { outbound } = await house.client.ok('GET', '/v1/system');
    return house.client.ok('POST', `/v1/system/outbound/${name}`,
      { version: outbound.version, ...body });
  };
  await set('pause', { reason: 'test' });
  const p = await paid(await placed(), at, 100, { done: 'captured' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(gateway.asked().length, 0);
  await set('resume');
  assert.equal((await until(p, quiet)).state, 'captured');
  await gateway.stop();
});

test('a manual account answers itself; settings are looked at', async () => {
  const hand = await account({ url: '' }, { gateway: 'manual', settings: {},
    secret: undefined });
  const order = await placed(300);
  const p = await until(await paid(order, hand, 300, { done: 'authorized',
    token: undefined }), quiet);
  assert.equal(p.state, 'authorized');
  assert.equal((await did(p, 'capture')).state, 'captured');
  const create = (body) => house.client.post('/v1/gateway-accounts',
    { code: fresh('gw'), gateway: 'relay', ...body });
  for (const [body, field] of [[{ settings: {} }, 'secret'],
    [{ secret: 'x', settings: { url: 'ftp://x' } }, 'settings.url'],
    [{ gateway: 'nobody' }, 'gateway']]) {
    const reply = await create(body);
    assert.deepEqual([reply.status, reply.json.field], [422, field]);
  }
  const bad = (body) => house.client.post(`/v1/orders/${order.id}/payments`,
    { tender: 'card', amount: money(1), ...body });
  assert.equal((await bad({ gateway: 'nobody' })).json.code,
    'account_unknown');
  assert.equal((await bad({ token: 'x' })).json.field, 'gateway');
  const { items } = await house.client.ok('GET', '/v1/gateways');
  assert.deepEqual(items.map((g) => g.name), ['manual', 'relay']);
});

test('a restored backup takes and gives back nothing twice', async () => {
  const gateway = await Gateway.start();
  const at = await account(gateway);
  const p = await until(await paid(await placed(), at, 1000,
    { done: 'authorized' }), quiet);
  const q = await until(await paid(await placed(), at, 500,
    { done: 'captured' }), quiet);
  const backup = path.join(house.store.dir, 'gateways.bak');
  await house.store.must(['backup', backup]);
  await did(p, 'capture'); // What the backup does not know.
  await did(q, 'refund', { amount: money(200) });
  const there = new Store(), was = house.client;
  const many = gateway.asked().length;
  there.env.WHARF_KEY_FILE = house.store.env.WHARF_KEY_FILE ??
    path.join(house.store.dir, 'wharf.db.key');
  await there.must(['restore', backup]);
  const server = await Server.start(there, ['--allow-private', '127.0.0.1']);
  try {
    house.client = new Client(server.port, house.root);
    const capture = await step(p, 'capture');
    const refund = await step(q, 'refund', { amount: money(200) });
    assert.deepEqual([capture.status, refund.status], [200, 200]);
    assert.equal(gateway.asked().length, many, 'nobody is asked while paused');
    await house.client.ok('POST', '/v1/system/outbound/resume', {});
    const [now, then] = [await until(p, quiet), await until(q, quiet)];
    assert.deepEqual([now.captured.amount, then.refunded.amount], [1000, 200]);
    for (const pay of [now, then]) {
      same(gateway, pay);
      assert.equal(pay.calls.at(-1).state, 'cancelled');
      assert.equal(pay.transactions.at(-1).origin, 'outside');
    }
    assert.deepEqual(gateway.asked().slice(many).map((a) => a.operation),
      ['lookup', 'lookup']);
    // What is left is asked for anew: a minute after the restore, when nothing
    // that was asked before it can be under way.
    there.sql(`UPDATE meta SET value = CAST(CAST(value AS BIGINT) - 60000 AS
      TEXT) WHERE name = 'epoch.made_at'`);
    same(gateway, await did(then, 'refund'));
    assert.equal(gateway.sum(q.id, 'refund'), 500);
  } finally {
    house.client.close();
    house.client = was;
    await server.stop();
    there.drop();
    await gateway.stop();
  }
});

// Signed by the official library, whose secrets are base64.
function tell(at, event, { secret = 'hush', id = randomUUID(), date = new Date(),
  text = JSON.stringify({ event }), sent = text } = {}) {
  const signature = new Webhook(Buffer.from(secret).toString('base64'))
    .sign(id, date, text);
  return house.client.as(null).send('POST', `/v1/hooks/gateways/${at}`, {
    body: sent, key: null, headers: { 'webhook-id': id,
      'webhook-timestamp': String(Math.floor(date / 1000)),
      'webhook-signature': signature } });
}
async function told(at, event, more) {
  const reply = await tell(at.id, event, more);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}
const events = async (at, state) => (await house.client.ok('GET',
  `/v1/gateway-accounts/${at.id}/events${state ? `?state=${state}` : ''}`)).items;
const over = (at, count) => eventually(async () => {
  const all = await events(at);
  return all.length === count && all.every((e) => e.ended_at) && all;
});
const tasks = (order, ...kinds) => eventually(async () => {
  const { items } = await house.client.ok('GET', `/v1/tasks?order=${order.id}`);
  return kinds.every((kind) => items.some((t) => t.kind === kind));
});

test('a gateway tells of payments without a key, each thing once (A2.09, I22)',
  async () => {
    const gateway = await Gateway.start();
    const at = await account(gateway), other = await account(gateway);
    const hand = await account(gateway, { gateway: 'manual', settings: {},
      secret: undefined });
    const order = await placed(1000);
    const p = await until(await paid(order, at, 1000, { done: 'captured' }),
      quiet);
    const back = gateway.outside(p.id, 'refund', money(300));
    // Whatever is wrong, strangers are told the same, and nothing is kept.
    const wrong = [
      await tell(at.id, back, { secret: 'hash' }),
      await tell(at.id, back, { date: new Date(Date.now() - 400000) }),
      await tell(at.id, back, { sent: JSON.stringify({ event: back }) + ' ' }),
      await tell('gwa_0000000000001', back), await tell('nobody', back),
      await tell(hand.id, back)];
    const said = wrong.map(({ status, json: { request_id, ...rest } }) =>
      JSON.stringify([status, rest]));
    assert.equal(new Set(said).size, 1, said.join());
    assert.deepEqual([wrong[0].status, wrong[0].json.code],
      [404, 'hook_unknown']);
    assert.equal((await tell(at.id, back, { text: '\0' })).status, 400);
    assert.deepEqual(await events(at), []);
    // It soon stands in the order's status.
    const id = randomUUID();
    assert.deepEqual(await told(at, back, { id }), { known: false });
    await eventually(async () => (await facts(order)).refunded.amount === 300);
    assert.equal((await house.client.ok('GET', `/v1/orders/${order.id}`))
      .payment_status, 'partially_refunded');
    await tasks(order, 'payment_outside');
    // The same event, also with other words; the same thing as another event;
    // what our own step did; what is not decided.
    assert.deepEqual(await told(at, back, { id }), { known: true });
    assert.deepEqual(await told(at, { ...back, amount: money(900) }, { id }),
      { known: true });
    await told(at, back);
    await told(at, gateway.books[0]);
    await told(at, { ...back, id: 'wait', status: 'pending' });
    let all = await over(at, 4);
    assert.deepEqual(all.map((e) => e.state),
      ['duplicate', 'duplicate', 'duplicate', 'applied']);
    assert.deepEqual([all[3].event_id, all[3].payment], [id, p.id]);
    // An account speaks of its own payments alone; garbage is kept, and told.
    await told(other, back);
    await told(at, { ...back, id: 'usd', amount: { amount: 1, currency: 'USD' } });
    await told(at, null, { text: 'no JSON' });
    await told(at, { ...back, id: undefined });
    all = await over(at, 7);
    assert.deepEqual(all.slice(0, 3).map((e) => e.state),
      ['dead', 'dead', 'dead']);
    assert.match(all[2].error, /currency/);
    const dead = await events(at, 'dead');
    assert.equal(dead.length, 3);
    const retry = (e) => house.client.post(
      `/v1/gateway-accounts/${at.id}/events/${e.id}/retry`, {});
    assert.equal((await retry(dead[0])).json.state, 'received');
    assert.equal((await retry(all.find((e) => e.state === 'applied'))).json.code,
      'event_state');
    assert.equal((await retry({ id: 'gev_0000000000001' })).status, 404);
    assert.deepEqual((await over(at, 7)).map((e) => e.state).slice(0, 3),
      ['dead', 'dead', 'dead'], 'it makes no more sense than before');
    assert.deepEqual((await events(other)).map((e) => [e.state, e.payment]),
      [['parked', null]]);
    await eventually(async () => (await house.client.ok('GET',
      '/v1/tasks')).items.some((t) => t.kind === 'gateway_event_dead'));
    const now = await get(p);
    assert.equal(now.transactions.length, 2);
    same(gateway, now);
    await gateway.stop();
  });

test('what is told late, twice, out of order or too early ends the same',
  async () => {
    const gateway = await Gateway.start((ask) => ask.operation !== 'lookup' &&
      gateway.held.length < 1 && 'hang');
    const at = await account(gateway);
    const order = await placed(1000);
    const asked = await paid(order, at, 1000, { done: 'captured' });
    await eventually(() => gateway.held.length === 1);
    // Before the answer: what says nothing of ours waits for it, and so does
    // what names a payment in words that only the answer tells.
    const { reference, ...mine } = gateway.books[0];
    const refund = gateway.outside(asked.id, 'refund', money(250));
    const back = { ...refund, payment: undefined };
    await told(at, back);
    await told(at, mine);
    await eventually(async () =>
      (await events(at, 'parked')).length === 2 && events);
    assert.equal((await get(asked)).transactions.length, 0);
    gateway.held[0]();
    await over(at, 2);
    let p = await until(asked, quiet);
    assert.deepEqual((await events(at)).map((e) => e.state),
      ['duplicate', 'applied']);
    assert.deepEqual(p.transactions.map((t) => [t.type, t.origin]),
      [['capture', 'command'], ['refund', 'outside']]);
    // The webhook comes before the answer and is the answer: the call is done.
    gateway.held.length = 0;
    const second = await paid(await placed(500), at, 500, { done: 'captured' });
    await eventually(() => gateway.held.length === 1);
    await told(at, gateway.books.at(-1));
    const done = await until(second, quiet);
    assert.equal(done.state, 'captured');
    gateway.held[0]();
    // A dispute whose end is told before its beginning.
    const chargeback = gateway.outside(p.id, 'chargeback', money(750));
    const reversed = gateway.outside(p.id, 'chargeback_reversed', money(750));
    await told(at, reversed);
    await told(at, chargeback);
    await over(at, 5);
    p = await get(p);
    assert.equal(p.disputed.amount, 0);
    assert.equal(p.transactions.length, 4);
    assert.equal((await get(second)).transactions.length, 1);
    same(gateway, p);
    same(gateway, await get(second));
    await gateway.stop();
  });
