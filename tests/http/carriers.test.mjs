// carriers.test.mjs - carriers that answer over HTTP, and those that do not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Parcels } from './lib/parcels.mjs';
import { Receiver } from './lib/receiver.mjs';
import { eventually, fresh, uuid } from './lib/shop.mjs';

let it, client;
const sku = fresh('s');
before(async () => {
  it = await Parcels.open({ extra: ['--allow-private', '127.0.0.1'] });
  ({ client } = it);
  await it.shop.stock(sku, 1000, { weight_g: 400 });
});
after(() => it?.house.stop());

// A service that sells labels. Requests that it `holds` wait until the test
// answers them: held[0](status, body), or never.
async function service() {
  const made = { sold: new Map(), holds: () => false, held: [] };
  const answer = ({ operation, reference }) => {
    const { sold } = made;
    if (operation === 'void') return {};
    if (operation === 'lookup' && !sold.has(reference)) return { found: false };
    if (!sold.has(reference)) sold.set(reference, fresh('T'));
    return { found: true, tracking: sold.get(reference) };
  };
  made.receiver = await Receiver.start(({ json }) => {
    if (!made.holds(json))
      return { status: 200, body: JSON.stringify(answer(json)) };
    return { act: (socket) => made.held.push((status = 200, body = {}) =>
      socket.end(`HTTP/1.1 ${status} X\r\nConnection: close\r\n\r\n` +
        JSON.stringify(body))) };
  });
  made.account = await client.ok('POST', '/v1/carrier-accounts', {
    code: fresh('relay'), carrier: 'relay', secret: 'hush',
    settings: { url: made.receiver.url }, services: [{ code: 'std' }] });
  return made;
}

const packed = async () => (await it.packed([[sku, 1]])).packages[0];

test('a carrier that hangs holds up neither another nor the end', async () => {
  const dead = await service(), good = await service();
  dead.holds = () => true;
  const stuck = [];
  for (let i = 0; i < 6; i++) { // Each in a round of its own.
    stuck.push(await packed());
    await it.want(stuck[i], dead.account);
    await dead.receiver.until((got) => got.length === i + 1);
  }
  const p = await packed();
  await it.want(p, good.account);
  const done = await it.until(p, 'labelled', 10000); // A call may take 30 s.
  assert.equal(done.tracking, [...good.sold.values()][0]);
  for (const q of stuck)
    assert.equal((await it.get(q)).state, 'label_pending');

  // It ends while calls are under way, and asks what became of them.
  const begun = Date.now();
  dead.holds = () => false;
  await it.restart();
  client = it.client;
  assert.ok(Date.now() - begun < 10000, 'it waits for no answer to end');
  const asked = () => dead.receiver.got.slice(6).map((one) =>
    one.json.operation);
  await eventually(() => asked().length >= 6);
  assert.deepEqual(asked().slice(0, 6), Array(6).fill('lookup'));
  assert.equal(dead.sold.size, 0, 'nothing is bought before it is settled');
  await good.receiver.stop();
  await dead.receiver.stop();
});

// A labelled parcel that moves while its carrier still thinks of the void.
async function movedWhileVoiding(relay) {
  const p = await it.labelled(await packed(), relay.account);
  relay.holds = (json) => json.operation === 'void';
  const n = relay.held.length;
  await it.did(p, 'label/void');
  await eventually(() => relay.held.length > n);
  await it.say(p, { code: 'accepted' });
  assert.equal((await it.get(p)).state, 'in_transit');
  const tasks = async () => (await client.ok('GET',
    `/v1/tasks?order=${p.order_id}`)).items.map((t) => t.kind);
  await eventually(async () => (await tasks()).includes('void_moving'));
  return { p, tasks, answer: relay.held[n] };
}
const told = (p, type) => eventually(async () => (await client.ok('GET',
  `/v1/events?subject=${p.id}&type=${type}`)).items[0]);

test('a parcel that moves while its label is being voided waits for a person',
  async () => {
    const relay = await service();
    // The carrier keeps the label: it was used, nothing is wrong.
    const kept = await movedWhileVoiding(relay);
    kept.answer(422, { detail: 'in use' });
    await told(kept.p, 'package.label_void_moot');
    await eventually(async () => (await kept.tasks()).length === 0);
    assert.equal((await it.get(kept.p)).label.state, 'bought');
    // It took the label back, and carries the parcel all the same.
    const late = await movedWhileVoiding(relay);
    late.answer(200);
    await told(late.p, 'package.label_voided_late');
    await eventually(async () =>
      (await late.tasks()).join() === 'label_duplicate');
    const now = await it.get(late.p);
    assert.deepEqual([now.state, now.label.state, now.tracking],
      ['in_transit', 'voided', late.p.tracking]);
    // One that stays where it is: no task but the refusal's.
    relay.holds = (json) => json.operation === 'void';
    const p = await it.labelled(await packed(), relay.account);
    const n = relay.held.length;
    await it.did(p, 'label/void');
    await eventually(() => relay.held.length > n);
    await it.say(p, { code: 'announced' });
    relay.held[n](422, { detail: 'no' });
    await told(p, 'package.label_void_refused');
    const { items } = await eventually(async () => {
      const page = await client.ok('GET', `/v1/tasks?order=${p.order_id}`);
      return page.items.length && page;
    });
    assert.deepEqual(items.map((t) => t.kind), ['void_refused']);
    await relay.receiver.stop();
  });

// Signed by the official library, whose secrets are base64.
function hook(account, items, { secret = 'hush', at = Date.now(), id = uuid(),
  change = (text) => text, more = {} } = {}) {
  const text = JSON.stringify({ events: items });
  const date = new Date(at);
  const signature = new Webhook(Buffer.from(secret).toString('base64'))
    .sign(id, date, text);
  return client.as(null).send('POST', `/v1/hooks/carriers/${account}`, {
    body: change(text), key: null, headers: { 'webhook-id': id,
      'webhook-timestamp': String(Math.floor(date / 1000)),
      'webhook-signature': signature, ...more } });
}

test('facts wait for their parcel; what one refuses harms no other (I22, I24)',
  async () => {
    const relay = await service(), { id } = relay.account;
    const at = (ms) => new Date(Date.now() + ms).toISOString();
    // Told before the label's answer came: by the number that it will have.
    let told;
    relay.holds = (json) => json.operation === 'label';
    const early = await packed();
    await it.want(early, relay.account);
    await eventually(() => relay.held.length === 1);
    const tracking = fresh('T');
    told = await hook(id, [
      { tracking, code: 'in_transit', occurred_at: at(-60000), id: '2' },
      { tracking, code: 'accepted', occurred_at: at(-90000), id: '1' }]);
    assert.deepEqual(told.json, { is_repeat: false });
    relay.held[0](200, { tracking });
    relay.holds = () => false;
    const moved = await it.until(early, 'in_transit');
    assert.equal(moved.tracking, tracking);
    const facts = (p) => client.ok('GET', `/v1/packages/${p.id}/tracking`);
    assert.deepEqual((await facts(early)).items.map((t) => t.code),
      ['accepted', 'in_transit']);

    // A parcel that has all that it may have stands between two others.
    const [a, full, b] = [await it.labelled(await packed(), relay.account),
      await it.labelled(await packed(), relay.account),
      await it.labelled(await packed(), relay.account)];
    for (let n = 0; n < 2000; n += 500)
      await it.say(full, ...Array.from({ length: 500 }, (_, i) =>
        ({ code: 'in_transit', occurred_at: at(-(n + i) * 1000),
          id: `n${n + i}` })));
    told = await hook(id, [a, full, b].map((p) => ({ tracking: p.tracking,
      code: 'delivered', occurred_at: at(0) })));
    assert.equal(told.status, 200, told.text);
    await it.until(a, 'delivered');
    await it.until(b, 'delivered');
    const refused = await eventually(async () => (await client.ok('GET',
      '/v1/events?type=carrier_hook.refused')).items[0]);
    assert.deepEqual(refused.data, { tracking: full.tracking,
      code: 'limit_reached' });
    assert.equal((await it.get(full)).state, 'in_transit');

    // What is no message of theirs is told, and holds nothing up.
    const text = 'no JSON', date = new Date(), name = uuid();
    const signed = await client.as(null).send('POST',
      `/v1/hooks/carriers/${id}`, { body: text, key: null,
        headers: { 'webhook-id': name, 'webhook-timestamp':
          String(Math.floor(date / 1000)), 'webhook-signature':
          new Webhook(Buffer.from('hush').toString('base64'))
            .sign(name, date, text) } });
    assert.equal(signed.status, 200, signed.text);
    await eventually(async () => (await client.ok('GET',
      '/v1/events?type=carrier_hook.unreadable')).items[0]);
    await relay.receiver.stop();
  });

test('a carrier tells of parcels without a key, by its signature',
  async () => {
    const relay = await service(), other = await service();
    const p = await it.labelled(await packed(), relay.account);
    const q = await it.labelled(await packed(), other.account);
    const now = new Date().toISOString();
    const facts = [{ tracking: p.tracking, code: 'accepted', occurred_at: now,
      id: '1' }, { tracking: q.tracking, code: 'delivered', occurred_at: now },
    { tracking: 'nobody', code: 'delivered', occurred_at: now },
    { tracking: p.tracking, code: 'delivered',
      occurred_at: '2099-01-01T00:00:00Z' }];
    const state = async () => [(await it.get(p)).state,
      (await it.get(q)).state].join();

    // Whatever is wrong, strangers are told the same, and nothing moves.
    const { id } = relay.account;
    const wrong = [
      await hook(id, facts, { secret: 'hash' }),
      await hook(id, facts, { at: Date.now() - 400000 }),
      await hook(id, facts, { at: Date.now() + 400000 }),
      await hook(id, facts, { change: (text) => text.replace('7', '8') + ' ' }),
      await hook(id, facts, { more: { 'webhook-id': 'another' } }),
      await hook(id, facts, { more: { 'webhook-signature': null } }),
      await hook('car_0000000000001', facts),
      await hook('nobody', facts),
      await hook(it.account.id, facts), // `own` takes none.
    ];
    const said = wrong.map(({ status, json: { request_id, ...rest } }) =>
      JSON.stringify([status, rest]));
    assert.equal(new Set(said).size, 1, said.join('\n'));
    assert.deepEqual([wrong[0].status, wrong[0].json.code],
      [404, 'hook_unknown']);
    assert.equal(await state(), 'labelled,labelled');

    const name = { id: uuid() };
    const taken = await hook(id, facts, name);
    assert.equal(taken.status, 200, taken.text);
    assert.deepEqual(taken.json, { is_repeat: false });
    await it.until(p, 'in_transit');
    assert.equal(await state(), 'in_transit,labelled',
      'an account speaks of its own parcels alone');
    assert.deepEqual((await hook(id, facts, name)).json, { is_repeat: true });
    assert.equal((await hook(id, facts)).status, 200, 'told again');
    const { items } = await client.ok('GET', `/v1/packages/${p.id}/tracking`);
    assert.deepEqual(items.map((t) => [t.code, t.by_hand]),
      [['accepted', false]]);
    // Two signatures while a secret changes; a body that is no JSON; too large.
    const both = await hook(id, [], { more: { 'webhook-signature':
      `v1,AAAA ${new Webhook(Buffer.from('hush').toString('base64'))
        .sign('x', new Date(now), '{"events":[]}')}`, 'webhook-id': 'x',
    'webhook-timestamp': String(Math.floor(Date.parse(now) / 1000)) } });
    assert.deepEqual(both.json, { is_repeat: false });
    const huge = await hook(id, Array(2000).fill(facts[0]));
    assert.equal(huge.status, 413, huge.text);
    const off = await client.ok('PATCH', `/v1/carrier-accounts/${id}`,
      { version: relay.account.version, is_active: false });
    assert.equal(off.is_active, false);
    assert.equal((await hook(id, facts)).status, 404);
    for (let i = 0; i < 30; i++) await hook('nobody', []);
    const slow = await hook('nobody', []);
    assert.deepEqual([slow.status, slow.json.code],
      [429, 'too_many_attempts']);
    const many = await Promise.all(Array.from({ length: 300 }, () =>
      hook('nobody', [])));
    const fast = many.filter(({ json }) => json.code === 'rate_limited');
    assert.ok(fast.length > 0 && fast.every((reply) => reply.status === 429 &&
      Number(reply.headers['retry-after']) >= 1));
    for (const { receiver } of [relay, other]) await receiver.stop();
  });
