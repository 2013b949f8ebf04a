// site.test.mjs - how the dashboard's files are served (docs/dashboard.md).
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { openHouse } from './lib/server.mjs';

let house;
before(async () => { house = await openHouse(); });
after(() => house?.stop());

function ask(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const req = http.request({ host: '127.0.0.1', port: house.port, path,
      method, headers }, (res) => {
      const parts = [];
      res.on('data', (part) => parts.push(part));
      res.on('end', () => resolve({ status: res.statusCode,
        headers: res.headers, bytes: Buffer.concat(parts) }));
    });
    req.on('error', reject);
    req.end();
  });
}
const page = { accept: 'text/html,application/xhtml+xml' };

test('the page is told to take everything from here alone', async () => {
  const { status, headers, bytes } = await ask('/', page);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.match(headers['content-security-policy'], /^default-src 'self';/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe|nonce|data:/);
  assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['cache-control'], 'no-cache');
  assert.doesNotMatch(bytes.toString(), /<style|style=|<script>|https?:/);
});

test('each file has one content in three codings', async () => {
  const html = (await ask('/', page)).bytes.toString();
  const names = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1]);
  assert.ok(names.length >= 4, html);
  for (const name of names) {
    const plain = await ask(name);
    const br = await ask(name, { 'accept-encoding': 'gzip, deflate, br' });
    const gz = await ask(name, { 'accept-encoding': 'gzip;q=1.0, br;q=0' });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(br.headers['content-encoding'], 'br');
    assert.equal(gz.headers['content-encoding'], 'gzip');
    assert.ok(brotliDecompressSync(br.bytes).equals(plain.bytes), name);
    assert.ok(gunzipSync(gz.bytes).equals(plain.bytes), name);
    assert.match(plain.headers['cache-control'], /max-age=31536000, immutable/);
    assert.equal(Number(plain.headers['content-length']), plain.bytes.length);
  }
});

test('who has a file already is told so', async () => {
  const first = await ask('/', page);
  const again = await ask('/', { ...page, 'if-none-match': first.headers.etag });
  assert.equal(again.status, 304);
  assert.equal(again.bytes.length, 0);
  assert.equal(again.headers.etag, first.headers.etag);
  const other = await ask('/', { ...page, 'if-none-match': '"other"' });
  assert.equal(other.status, 200);
  const head = await ask('/', page, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.headers['content-length'], first.headers['content-length']);
  assert.equal(head.bytes.length, 0);
});

test('an address within the dashboard is a page, a wrong call is not', async () => {
  const first = await ask('/', page);
  const deep = await ask('/orders/ord_1?tab=money', page);
  assert.equal(deep.status, 200);
  assert.ok(deep.bytes.equals(first.bytes));
  for (const [path, headers] of [['/orders/ord_1', {}], ['/v1/nothing', page],
    ['/v1', page], ['/assets/nothing.js', page], ['/assets/../x', page]]) {
    const none = await ask(path, headers);
    assert.equal(none.status, 404, path);
    assert.equal(JSON.parse(none.bytes).code, 'not_found');
  }
  assert.equal((await ask('/', page, 'POST')).status, 404);
});

test('what the API says is kept by no cache and taken for nothing else', async () => {
  const reply = await house.client.get('/v1/orders');
  assert.equal(reply.headers['cache-control'], 'no-store');
  assert.equal(reply.headers['x-content-type-options'], 'nosniff');
});
