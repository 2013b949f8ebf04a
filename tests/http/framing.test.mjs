// framing.test.mjs - attacks on HTTP framing, byte by byte, each refused by
// its own code with nothing stored (A15.05, issue "Limits and bad input").
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { checkProblem } from './lib/contract.mjs';
import { parseResponses, rawExchange } from './lib/raw.mjs';
import { openHouse } from './lib/server.mjs';
import { logged, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { stock: { 'FRAME-1': 100 } });
});
after(() => house?.stop());

const CRLF = '\r\n';
const body = () => JSON.stringify(shop.order([['FRAME-1', 1, 100]]));
function post(headers, text = body(), more = '') {
  return [`POST /v1/orders HTTP/1.1`, 'Host: x',
    `Authorization: Bearer ${house.root}`, 'Idempotency-Key: k-frame',
    'Content-Type: application/json', ...headers(text), '', text].join(CRLF) +
    more;
}
const length = (text) => `Content-Length: ${Buffer.byteLength(text)}`;

const attacks = [
  ['two different Content-Lengths', 400, 'content_length_conflict',
    () => post((t) => [length(t), 'Content-Length: 3'])],
  ['the same Content-Length twice', 400, 'content_length_conflict',
    () => post((t) => [length(t), length(t)])],
  ['a list as Content-Length', 400, 'content_length_conflict',
    () => post((t) => [`Content-Length: ${t.length}, ${t.length}`])],
  ['a signed Content-Length', 400, 'content_length_invalid',
    () => post((t) => [`Content-Length: +${t.length}`])],
  ['a negative Content-Length', 400, 'content_length_invalid',
    () => post(() => ['Content-Length: -1'])],
  ['a hexadecimal Content-Length', 400, 'content_length_invalid',
    () => post(() => ['Content-Length: 0x10'])],
  ['chunked beside Content-Length', 400, 'length_with_chunked',
    () => post((t) => [length(t), 'Transfer-Encoding: chunked'])],
  ['Content-Length beside chunked', 400, 'length_with_chunked',
    () => post((t) => ['Transfer-Encoding: chunked', length(t)])],
  ['chunked alone', 411, 'chunked_not_accepted',
    () => post(() => ['Transfer-Encoding: chunked'])],
  ['an encoding like chunked', 411, 'chunked_not_accepted',
    () => post(() => ['Transfer-Encoding: xchunked'])],
  ['no length at all', 411, 'length_required', () => post(() => [])],
  ['a bare LF after a header', 400, 'bare_lf',
    () => post((t) => [length(t)]).replace('Host: x\r\n', 'Host: x\n')],
  ['a bare CR in a header', 400, 'bare_cr',
    () => post((t) => [length(t)]).replace('Host: x', 'Host: x\rX: y')],
  ['a blank before the colon', 400, 'header_name_invalid',
    () => post((t) => [`Content-Length : ${t.length}`])],
  ['a folded header', 400, 'obsolete_folding',
    () => post((t) => ['X-A: b\r\n c', length(t)])],
  ['a control byte in a header', 400, 'control_byte',
    () => post((t) => ['X-A: b\x01c', length(t)])],
  ['a body over 1 MiB', 413, 'body_too_large',
    () => post(() => ['Content-Length: 1048577'], '')],
  ['a length over 64 bits', 400, 'content_length_invalid',
    () => post(() => ['Content-Length: 99999999999999999999'], '')],
  ['headers over 16 KiB', 431, 'header_too_large',
    () => post((t) => [`X-A: ${'a'.repeat(17000)}`, length(t)])],
  ['a target over 4 KiB', 414, 'target_too_long',
    () => `GET /v1/orders?x=${'a'.repeat(5000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['no Host', 400, 'host_missing',
    () => 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['two Hosts', 400, 'host_invalid',
    () => 'GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
  ['HTTP/2 without asking', 505, 'version_unsupported',
    () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a method of no one', 501, 'method_unknown',
    () => 'BREW /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a request line of two words', 400, 'request_line_invalid',
    () => 'GET /healthz\r\n\r\n'],
  ['an absolute target', 400, 'target_invalid',
    () => 'GET http://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a body on GET', 400, 'body_not_allowed',
    () => 'GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'],
];

for (const [name, status, code, make] of attacks) {
  test(`framing: ${name} is ${status} ${code}`, async () => {
    const { text, isClosed } = await rawExchange(house.port, make());
    const [reply, more] = parseResponses(text);
    assert.equal(reply?.status, status, text);
    checkProblem(reply.json);
    assert.equal(reply.json.code, code);
    assert.equal(more, undefined, 'nothing follows a refused frame');
    assert.ok(isClosed, 'the connection ends');
  });
}

test('framing: a smuggled second request is never seen', async () => {
  const inner = 'GET /v1/orders HTTP/1.1\r\nHost: x\r\n' +
    `Authorization: Bearer ${house.root}\r\n\r\n`;
  const { text } = await rawExchange(house.port,
    post((t) => [length(t), 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${inner}`));
  assert.equal(parseResponses(text).length, 1, text);
});

test('framing: requests in a row on one connection are each answered',
  async () => {
    const one = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const last = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const { text, isClosed } = await rawExchange(house.port, one + one + last);
    assert.deepEqual(parseResponses(text).map((r) => r.status),
      [200, 200, 200]);
    assert.ok(isClosed);
  });

test('framing: each attack on the frame has a code that names it', () => {
  assert.ok(new Set(attacks.map(([, , code]) => code)).size >= 17);
});

test('framing: after all that nothing is stored', async () => {
  assert.equal((await shop.level('FRAME-1')).committed, 0);
  await logged(house.client);
  assert.deepEqual(await house.client.all('/v1/events?type=order.*'), []);
});

test('a client that says nothing is dropped, others are served meanwhile',
  async () => {
    const silent = Array.from({ length: 5 }, () =>
      rawExchange(house.port, 'GET /healthz HTTP/1.1\r\nHos',
        { idleMs: 20000 }));
    let dropped = 0;
    for (const one of silent) one.then(() => { dropped++; });
    for (let i = 0; i < 20; i++)
      assert.equal((await house.client.get('/healthz')).status, 200);
    assert.equal(dropped, 0, 'meanwhile');
    for (const { text, isClosed } of await Promise.all(silent)) {
      assert.ok(isClosed, 'dropped within 20 s');
      const [reply] = parseResponses(text);
      if (reply) {
        assert.equal(reply.status, 408);
        checkProblem(reply.json);
      }
    }
  });

test('a thousand idle connections do not stop service', async () => {
  const idle = await Promise.all(Array.from({ length: 1000 }, () =>
    new Promise((resolve, reject) => {
      const socket = net.connect(house.port, '127.0.0.1',
        () => resolve(socket));
      socket.on('error', reject);
    })));
  try {
    const level = await shop.level('FRAME-1');
    const placed = await shop.placed([['FRAME-1', 1, 100]]);
    assert.ok(placed.id);
    assert.equal((await shop.level('FRAME-1')).committed, level.committed + 1);
  } finally {
    for (const socket of idle) socket.destroy();
  }
});

test('a client that leaves before its reply does no harm (A15.05)',
  async () => {
    const leave = () => new Promise((resolve) => {
      const socket = net.connect(house.port, '127.0.0.1', () => {
        const text = JSON.stringify(shop.order([['FRAME-1', 1, 100]]));
        socket.write([`POST /v1/orders HTTP/1.1`, 'Host: x',
          `Authorization: Bearer ${house.root}`,
          `Idempotency-Key: leave-${Math.random()}`,
          'Content-Type: application/json', length(text), '', text].join(CRLF),
          () => { socket.resetAndDestroy(); });
      });
      socket.on('error', () => {});
      socket.on('close', resolve);
    });
    await Promise.all(Array.from({ length: 40 }, leave));
    assert.equal((await house.client.get('/healthz')).status, 200);
    const level = await shop.level('FRAME-1');
    assert.ok(level.committed >= 0 && level.committed <= 50);
  });
