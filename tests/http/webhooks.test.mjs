// webhooks.test.mjs - events sent to real receivers that behave badly; the
// signatures are judged by the official package (A13.15, A13.16, C20).
import assert from 'node:assert/strict';
import { readFileSync, statSync, existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { freePort, Receiver } from './lib/receiver.mjs';
import { engine, isLong, openHouse, Server } from './lib/server.mjs';
import { eventually, fresh, Shop, skuBody } from './lib/shop.mjs';

const options = ['--allow-private', '127.0.0.1,[::1]', '--webhook-retry', '20',
  '--webhook-timeout', '2000'];
let house, shop, client;
before(async () => {
  house = await openHouse({ extra: options });
  client = house.client;
  shop = await Shop.open(client, { stock: { 'WH-1': 100000 } });
});
after(() => house?.stop());

const make = (url, more = {}) =>
  client.ok('POST', '/v1/webhooks', { url, ...more });
const get = (hook) => client.ok('GET', `/v1/webhooks/${hook.id}`);
const deliveries = (hook, query = '') =>
  client.all(`/v1/webhooks/${hook.id}/deliveries${query}`);
const drop = async (hook, receiver) => {
  await client.ok('DELETE', `/v1/webhooks/${hook.id}`);
  await receiver?.stop();
};

test('an event arrives signed as Standard Webhooks has it (A13.16)',
  async () => {
    const receiver = await Receiver.start();
    const hook = await make(receiver.url, { types: ['order.placed'] });
    assert.match(hook.secret, /^whsec_/);
    const order = await shop.placed([['WH-1', 1, 100]]);
    await receiver.until((got) => got.length === 1);
    const [one] = receiver.got;
    const judge = new Webhook(hook.secret);
    const body = judge.verify(one.text, one.headers);
    assert.equal(body.type, 'order.placed');
    assert.equal(body.data.subject.id, order.id);
    assert.equal(body.timestamp, body.data.at);
    assert.equal(one.headers['webhook-id'], body.data.id);
    assert.equal(one.method, 'POST');
    assert.equal(one.headers['content-type'], 'application/json');
    assert.throws(() => judge.verify(one.text + ' ', one.headers));
    assert.throws(() => new Webhook(hook.secret.slice(0, -5) + 'AAAA=')
      .verify(one.text, one.headers));
    await eventually(async () => (await get(hook)).health.state === 'working');
    const [sent] = await deliveries(hook);
    assert.equal(sent.state, 'delivered');
    assert.equal(sent.attempts, 1);
    assert.equal(sent.last_status, 204);
    assert.equal((await get(hook)).secret, undefined);
    await drop(hook, receiver);
  });

test('events arrive in the order of the log, one call at a time', async () => {
  const receiver = await Receiver.start(() => ({ status: 200, hangMs: 2 }));
  const hook = await make(receiver.url, { types: ['order.placed', 'sku.*'] });
  await Promise.all(Array.from({ length: 60 }, () =>
    shop.placed([['WH-1', 1, 100]])));
  await client.ok('POST', '/v1/skus', skuBody({ code: fresh('wh') }));
  await receiver.until((got) => got.length >= 61);
  const log = (await client.all('/v1/events?type=order.placed,sku.*'))
    .map((e) => e.id).slice(-61);
  assert.deepEqual(receiver.got.map((g) => g.headers['webhook-id']), log);
  assert.equal(receiver.mostOpen, 1);
  await drop(hook, receiver);
});

test('500, then 200: tried again with the same id, later ones go on (C20)',
  async () => {
    let bad = 3;
    const receiver = await Receiver.start((one) =>
      one.json.data.subject.id === shop.first && bad-- > 0
        ? { status: 500, body: 'no' } : { status: 200 });
    const hook = await make(receiver.url, { types: ['order.placed'] });
    shop.first = null;
    const orders = [];
    shop.first = (await shop.placed([['WH-1', 1, 100]])).id;
    for (let i = 0; i < 5; i++)
      orders.push((await shop.placed([['WH-1', 1, 100]])).id);
    const of = (id) => receiver.got.filter((g) => g.json.data.subject.id === id);
    await receiver.until(() => of(shop.first).length === 4 &&
      orders.every((id) => of(id).length === 1));
    const tries = of(shop.first);
    assert.equal(new Set(tries.map((g) => g.headers['webhook-id'])).size, 1);
    const judge = new Webhook(hook.secret);
    for (const g of receiver.got) judge.verify(g.text, g.headers);
    await eventually(async () =>
      (await deliveries(hook, '?state=delivered')).length === 6);
    assert.equal((await deliveries(hook)).at(-1).attempts, 4);
    await drop(hook, receiver);
  });

// What a receiver does, and what the delivery says of it.
const faults = [
  ['hangs', () => ({ status: 200, hangMs: 6000 }), 'timeout', null],
  ['redirects', () => ({ status: 302,
    headers: { location: 'http://169.254.169.254/' } }), 'status_302', 302],
  ['answers garbage', () => ({ act: (s) => s.end('ceci n\'est pas HTTP\r\n\r\n') }),
    'broken_answer', null],
  ['closes at once', () => ({ act: (s) => s.destroy() }), 'broken_answer', null],
  ['closes in mid-body', () => ({ act: (s) =>
    s.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort') }),
    'broken_answer', null],
  ['answers 404', () => ({ status: 404 }), 'status_404', 404],
  ['answers 503', () => ({ status: 503 }), 'status_503', 503],
];
for (const [name, answer, error, status] of faults) {
  test(`a receiver that ${name} is tried again and told (${error})`,
    async () => {
      const receiver = await Receiver.start(answer);
      const hook = await make(receiver.url, { types: ['order.placed'] });
      await shop.placed([['WH-1', 1, 100]]);
      await eventually(async () =>
        (await deliveries(hook)).some((d) => d.attempts >= 2));
      const [one] = await deliveries(hook);
      assert.equal(one.state, 'retrying');
      assert.equal(one.last_error, error);
      assert.equal(one.last_status, status);
      const { health } = await get(hook);
      assert.equal(health.state, 'failing');
      assert.equal(health.last_error, error);
      assert.notEqual(health.failing_since, null);
      await drop(hook, receiver);
    });
}

test('nobody listens, or the name is not there: told and tried again',
  async () => {
    const nobody = await make(`http://127.0.0.1:${await freePort()}/`,
      { types: ['order.placed'] });
    const nowhere = await make('http://no-such-host.invalid/',
      { types: ['order.placed'] });
    await shop.placed([['WH-1', 1, 100]]);
    for (const [hook, errors] of [[nobody, ['not_connected']],
      [nowhere, ['name_not_found', 'timeout']]]) {
      await eventually(async () => (await deliveries(hook))[0]?.attempts >= 1);
      const [one] = await deliveries(hook);
      assert.ok(errors.includes(one.last_error), one.last_error);
      await drop(hook);
    }
  });

test('private addresses are not called unless allowed by name', async () => {
  const receiver = await Receiver.start();
  const hooks = [];
  for (const host of [`localhost:${receiver.port}`, '10.0.0.1:8080',
    '169.254.169.254', '[::ffff:127.0.0.1]:' + receiver.port, '[fd00::1]',
    '2130706433:' + receiver.port, '0x7f.1:' + receiver.port,
    '0.0.0.0:' + receiver.port, '127.1:' + receiver.port])
    hooks.push([host, await make(`http://${host}/`,
      { types: ['order.placed'] })]);
  await shop.placed([['WH-1', 1, 100]]);
  for (const [host, hook] of hooks) {
    await eventually(async () => (await deliveries(hook))[0]?.attempts >= 1);
    const [one] = await deliveries(hook);
    assert.equal(one.last_error, 'address_not_allowed', host);
    await drop(hook);
  }
  assert.deepEqual(receiver.got, []);
  const port = await make('http://example.com:25/', { types: ['order.placed'] });
  await client.ok('POST', `/v1/webhooks/${port.id}/ping`, {}, { status: 202 });
  await eventually(async () =>
    (await deliveries(port))[0]?.last_error === 'url_not_allowed');
  await drop(port);
  await receiver.stop();
});

test('an answer without end is not read to its end', async () => {
  const big = 'x'.repeat(1 << 20);
  const receiver = await Receiver.start(() => ({ act: (s) => {
    s.on('error', () => {});
    s.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const more = () => {
      if (!s.destroyed && s.write(`100000\r\n${big}\r\n`)) setImmediate(more);
    };
    s.on('drain', more);
    more();
  } }));
  const hook = await make(receiver.url, { types: ['order.placed'] });
  await shop.placed([['WH-1', 1, 100]]);
  await eventually(async () =>
    (await deliveries(hook))[0]?.state === 'delivered');
  await drop(hook, receiver);
});

test('a head without end is not read to its end', async () => {
  let sent = 0;
  const line = `X-More: ${'x'.repeat(1000)}\r\n`.repeat(64);
  const receiver = await Receiver.start(() => ({ act: (s) => {
    s.on('error', () => {});
    s.write('HTTP/1.1 200 OK\r\n');
    const more = () => {
      while (!s.destroyed && sent < 1 << 28) {
        sent += line.length;
        if (!s.write(line)) return;
      }
    };
    s.on('drain', more);
    more();
  } }));
  const hook = await make(receiver.url, { types: ['order.placed'] });
  await shop.placed([['WH-1', 1, 100]]);
  await eventually(async () => (await deliveries(hook))[0]?.attempts >= 1);
  assert.equal((await deliveries(hook))[0].last_error, 'broken_answer');
  assert.ok(sent < 1 << 24, `${sent} bytes of a head were taken`);
  await drop(hook, receiver);
});

test('Retry-After is honoured; 410 switches the webhook off', async () => {
  const receiver = await Receiver.start((one, n) => n === 1
    ? { status: 503, headers: { 'retry-after': '2' } } : { status: 410 });
  const hook = await make(receiver.url, { types: ['order.placed'] });
  await shop.placed([['WH-1', 1, 100]]);
  await receiver.until((got) => got.length === 2);
  assert.ok(receiver.got[1].at - receiver.got[0].at >= 1900);
  await eventually(async () => !(await get(hook)).is_active);
  const now = await get(hook);
  assert.equal(now.disabled_reason, 'gone');
  assert.equal(now.health.state, 'disabled');
  // On PostgreSQL the log waits for every transaction that still runs there.
  await eventually(async () =>
    (await client.all(`/v1/events?subject=${hook.id}`)).some((e) =>
      e.type === 'webhook.disabled' && e.data.reason === 'gone'));
  const refused = await client.post(`/v1/webhooks/${hook.id}/ping`, {});
  assert.equal(refused.status, 409);
  assert.equal(refused.json.code, 'webhook_disabled');
  const stale = await client.patch(`/v1/webhooks/${hook.id}`,
    { version: now.version + 7, is_active: true });
  assert.equal(stale.json.code, 'stale');
  receiver.answer = () => ({ status: 200 });
  const woken = await client.ok('PATCH', `/v1/webhooks/${hook.id}`,
    { version: now.version, is_active: true });
  assert.equal(woken.is_active, true);
  await eventually(async () =>
    (await deliveries(hook))[0].state === 'delivered');
  await drop(hook, receiver);
});

test('both secrets sign after a rotation (A13.16)', async () => {
  const receiver = await Receiver.start();
  const hook = await make(receiver.url, { types: ['order.placed'] });
  const next = await client.ok('POST', `/v1/webhooks/${hook.id}/rotate-secret`,
    { version: hook.version });
  assert.notEqual(next.secret, hook.secret);
  assert.notEqual(next.old_secret_until, null);
  await shop.placed([['WH-1', 1, 100]]);
  await receiver.until((got) => got.length === 1);
  const [one] = receiver.got;
  for (const secret of [hook.secret, next.secret])
    new Webhook(secret).verify(one.text, one.headers);
  assert.equal(one.headers['webhook-signature'].split(' ').length, 2);
  const again = await client.post(`/v1/webhooks/${hook.id}/rotate-secret`,
    { version: hook.version });
  assert.equal(again.json.code, 'stale');
  await drop(hook, receiver);
});

test('a ping reaches its webhook alone, whatever its types', async () => {
  const [a, b] = [await Receiver.start(), await Receiver.start()];
  const one = await make(a.url, { types: ['order.placed'] });
  const all = await make(b.url);
  await client.ok('POST', `/v1/webhooks/${one.id}/ping`, {}, { status: 202 });
  await a.until((got) => got.length === 1);
  assert.equal(a.got[0].json.type, 'webhook.ping');
  new Webhook(one.secret).verify(a.got[0].text, a.got[0].headers);
  await shop.placed([['WH-1', 1, 100]]);
  await b.until(() => b.types().includes('order.placed'));
  assert.ok(!b.types().includes('webhook.ping'));
  await drop(one, a);
  await drop(all, b);
});

const slow = { skip: engine === 'postgres' && !isLong &&
  'ten attempts take half a minute; on PostgreSQL in the long mode' };
test('dead letters are listed and can be replayed (A13.16)', slow, async () => {
  await house.restart([...options.slice(0, 2), '--webhook-retry', '1',
    '--webhook-timeout', '2000']);
  client = house.client;
  shop.client = client;
  const receiver = await Receiver.start(() => ({ status: 500 }));
  const hook = await make(receiver.url, { types: ['order.placed'] });
  const since = new Date().toISOString();
  const orders = [];
  for (let i = 0; i < 3; i++)
    orders.push((await shop.placed([['WH-1', 1, 100]])).id);
  await eventually(async () =>
    (await deliveries(hook, '?state=dead')).length === 3, { timeoutMs: 90000 });
  assert.equal(receiver.got.length, 30);
  receiver.answer = () => ({ status: 200 });
  receiver.got.length = 0;
  const [dead] = await deliveries(hook, '?state=dead');
  await client.ok('POST',
    `/v1/webhooks/${hook.id}/deliveries/${dead.event_id}/replay`, {},
    { status: 202 });
  await receiver.until((got) => got.length === 1);
  assert.equal(receiver.got[0].headers['webhook-id'], dead.event_id);
  await eventually(async () =>
    (await deliveries(hook, '?state=dead')).length === 2);
  const replay = await client.ok('POST', `/v1/webhooks/${hook.id}/replay`,
    { what: 'dead', since }, { status: 202 });
  assert.equal(replay.count, 2);
  await receiver.until((got) => got.length === 3);
  await eventually(async () =>
    (await deliveries(hook, '?state=delivered')).length === 3);
  receiver.got.length = 0;
  await client.ok('POST', `/v1/webhooks/${hook.id}/replay`,
    { what: 'all', since }, { status: 202 });
  await receiver.until((got) => got.length === 3);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.deepEqual(receiver.got.map((g) => g.json.data.subject.id), orders);
  await drop(hook, receiver);
});

test('an endpoint that was down for long gets everything, in bounded memory',
  async () => {
    const port = await freePort();
    const hook = await make(`http://127.0.0.1:${port}/hook`,
      { types: ['order.placed'] });
    await Promise.all(Array.from({ length: 450 }, () =>
      shop.placed([['WH-1', 1, 100]])));
    await eventually(async () =>
      (await deliveries(hook)).filter((d) => d.attempts > 0).length > 100);
    assert.ok((await deliveries(hook)).length <= 200);
    const receiver = await Receiver.start(() => ({ status: 200 }), port);
    // Those that died while it was down are asked for again.
    await eventually(async () => {
      await client.ok('POST', `/v1/webhooks/${hook.id}/replay`,
        { what: 'dead', since: new Date(0).toISOString() }, { status: 202 });
      return new Set(receiver.got.map((g) => g.headers['webhook-id'])).size ===
        450;
    }, { timeoutMs: 60000 });
    await drop(hook, receiver);
  });

test('kill -9 between a call and its record: repeated, never lost (C20)',
  async () => {
    const receiver = await Receiver.start(() => ({ status: 200, hangMs: 10 }));
    const hook = await make(receiver.url, { types: ['order.placed'] });
    const orders = [];
    const rounds = engine === 'postgres' && !isLong ? 1 : 3;
    for (let round = 0; round < rounds; round++) {
      orders.push(...await Promise.all(Array.from({ length: 20 }, () =>
        shop.placed([['WH-1', 1, 100]]))));
      // On PostgreSQL the lease of the killed node must end first.
      await receiver.until((got) => got.length > 5 * (round + 1), 60000);
      house.server.child.kill('SIGKILL');
      await house.server.exited;
      house.client.close();
      house.server = await Server.start(house.store, options);
      house.port = house.server.port;
      house.client = client = Object.assign(house.client,
        { port: house.port });
      client.agent = new (await import('node:http')).Agent(
        { keepAlive: true, maxSockets: 64 });
    }
    const wanted = new Set(orders.map((o) => o.id));
    await receiver.until((got) => {
      const seen = new Set(got.map((g) => g.json.data.subject.id));
      return [...wanted].every((id) => seen.has(id));
    }, 90000);
    const judge = new Webhook(hook.secret);
    for (const g of receiver.got) judge.verify(g.text, g.headers);
    await drop(hook, receiver);
  });

test('nothing is sent while outbound work is paused, and nothing is lost',
  async () => {
    const receiver = await Receiver.start();
    const hook = await make(receiver.url, { types: ['order.placed'] });
    await client.ok('POST', '/v1/system/outbound/pause', { reason: 'test' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const order = await shop.placed([['WH-1', 1, 100]]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(receiver.got, []);
    await client.ok('POST', '/v1/system/outbound/resume', {});
    await receiver.until((got) => got.length === 1);
    assert.equal(receiver.got[0].json.data.subject.id, order.id);
    await drop(hook, receiver);
  });

test('bad webhooks are refused with the field', async () => {
  for (const [body, field, code] of [
    [{}, 'url'],
    [{ url: 'ftp://a/' }, 'url', 'url_invalid'],
    [{ url: 'https://u:p@a/' }, 'url', 'url_invalid'],
    [{ url: 'https://a/#x' }, 'url', 'url_invalid'],
    [{ url: 'https://a:0/' }, 'url', 'url_invalid'],
    [{ url: `https://a/${'x'.repeat(2048)}` }, 'url'],
    [{ url: 'https://a/', types: ['Order'] }, 'types', 'event_type_invalid'],
    [{ url: 'https://a/', types: ['a,b'] }, 'types', 'event_type_invalid'],
    [{ url: 'https://a/', types: Array(51).fill('*') }, 'types'],
    [{ url: 'https://a/', secret: 'mine' }, 'secret', 'unknown_field'],
    [{ url: 'https://a/', description: 7 }, 'description'],
  ]) {
    const reply = await client.post('/v1/webhooks', body, { isBad: true });
    assert.equal(reply.status, 422, JSON.stringify(body) + reply.text);
    assert.equal(reply.json.field, field);
    if (code) assert.equal(reply.json.code, code);
  }
});

test('secrets are sealed in the store; the key file is the owner\'s alone',
  async () => {
    const hook = await make('http://127.0.0.1:9/', { types: ['order.placed'] });
    const file = house.store.env.WHARF_KEY_FILE ??
      path.join(house.store.dir, 'wharf.db.key');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    if (engine === 'sqlite') {
      await house.restart(options);
      client = house.client;
      shop.client = client;
      const secret = Buffer.from(hook.secret.slice(6));
      for (const name of ['wharf.db', 'wharf.db-wal']) {
        const store = path.join(house.store.dir, name);
        if (existsSync(store))
          assert.ok(!readFileSync(store).includes(secret), name);
      }
    }
    await drop(hook);
  });

test('a store whose key file is gone says so, and a new secret helps',
  async () => {
    const receiver = await Receiver.start();
    const hook = await make(receiver.url, { types: ['order.placed'] });
    const other = path.join(house.store.dir, 'other.key');
    await house.restart([...options, '--key-file', other]);
    client = house.client;
    shop.client = client;
    await shop.placed([['WH-1', 1, 100]]);
    await eventually(async () =>
      (await get(hook)).health.last_error === 'secret_key_missing');
    assert.deepEqual(receiver.got, []);
    const next = await client.ok('POST',
      `/v1/webhooks/${hook.id}/rotate-secret`,
      { version: (await get(hook)).version });
    await receiver.until((got) => got.length === 1);
    new Webhook(next.secret).verify(receiver.got[0].text,
      receiver.got[0].headers);
    await drop(hook, receiver);
  });
