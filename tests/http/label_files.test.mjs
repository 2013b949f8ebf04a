// label_files.test.mjs - labels of a job in one file, whoever drew them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Parcels, address } from './lib/parcels.mjs';
import { pdf } from './lib/pdf.mjs';
import { Receiver } from './lib/receiver.mjs';
import { eventually, fresh, orderBody } from './lib/shop.mjs';

const run = promisify(execFile);
let it, client, dir;
const sku = fresh('s');
before(async () => {
  it = await Parcels.open({ extra: ['--allow-private', '127.0.0.1'] });
  ({ client } = it);
  await it.shop.stock(sku, 1000, { weight_g: 400 });
  dir = mkdtempSync(path.join(tmpdir(), 'wharf-labels-'));
});
after(async () => {
  rmSync(dir, { recursive: true, force: true });
  await it?.house.stop();
});

// A service that sells labels; `draw` has the fields of the n-th beside them.
async function service(draw) {
  const made = { sold: new Map() };
  made.receiver = await Receiver.start(({ json: { operation, reference } }) => {
    const { sold } = made;
    if (operation === 'lookup' && !sold.has(reference))
      return { status: 200, body: '{"found": false}' };
    if (!sold.has(reference)) sold.set(reference, { n: sold.size,
      tracking: fresh('T') });
    const { n, tracking } = sold.get(reference);
    return { status: 200, body: JSON.stringify({ found: true, tracking,
      ...draw(n, tracking) }) };
  });
  made.account = await client.ok('POST', '/v1/carrier-accounts', {
    code: fresh('relay'), carrier: 'relay', secret: 'hush',
    settings: { url: made.receiver.url }, services: [{ code: 'std' }] });
  return made;
}

// Fulfillment orders of as many new orders.
async function opened(count) {
  const code = it.shop.channel.code;
  const reply = await client.ok('POST', '/v1/orders/bulk', { orders:
    Array.from({ length: count }, () => orderBody(code, [[sku, 1, 1000]],
      { shipping_address: address })) });
  const ids = reply.items.map((one) => one.order.id);
  return eventually(async () => {
    const mine = new Map();
    for (let next = ''; next !== null;) {
      const page = await client.ok('GET',
        `/v1/fulfillment-orders?limit=250${next && `&after=${next}`}`);
      for (const fo of page.items) mine.set(fo.order, fo.id);
      next = page.next;
    }
    return ids.every((id) => mine.has(id)) && ids.map((id) => mine.get(id));
  });
}

async function done(count, relay) {
  const { json: job } = await client.post('/v1/label-jobs', {
    account: relay.account.code, fulfillment_orders: await opened(count) });
  const url = `/v1/label-jobs/${job.id}`;
  const now = await eventually(async () => {
    const got = await client.ok('GET', url);
    return got.state === 'done' && got;
  }, { timeoutMs: 60000 });
  assert.deepEqual([now.bought, now.refused], [count, 0]);
  const { items } = await client.ok('GET', `${url}/items?limit=250`);
  return { url, items };
}

// The text of each page.
async function pages(url) {
  const reply = await client.get(url);
  assert.equal(reply.status, 200, reply.text);
  assert.match(reply.headers['content-type'], /^application\/pdf/);
  const file = path.join(dir, fresh('f'));
  writeFileSync(file, reply.bytes);
  const { stdout } = await run('pdftotext', ['-enc', 'UTF-8', file, '-']);
  return stdout.split('\f').slice(0, -1);
}

const number = async (item) => (await it.get({ id: item.package_id })).tracking;

test('100 labels in one job and one PDF, as their carrier drew them (A5.05)',
  async (t) => {
    const relay = await service((n, tracking) => ({ label_pdf:
      Buffer.from(pdf(`CARRIER ${tracking}`)).toString('base64') }));
    const begun = Date.now();
    const { url, items } = await done(100, relay);
    const bought = Date.now();
    const got = await pages(`${url}/labels`);
    t.diagnostic(`100 labels: ${bought - begun} ms from orders to the last, ` +
      `${Date.now() - bought} ms for one PDF of ${got.length} pages`);
    assert.equal(got.length, 100);
    const want = await Promise.all(items.map(number));
    assert.equal(new Set(want).size, 100);
    assert.deepEqual(got.map((text) => text.trim()),
      want.map((tracking) => `CARRIER ${tracking}`));
    const part = await pages(`${url}/labels?after=90&limit=4`);
    assert.deepEqual(part.map((text) => text.trim()), got.slice(90, 94)
      .map((text) => text.trim()));
    await relay.receiver.stop();
  });

test('a carrier that draws garbage spoils its own label alone', async () => {
  const garbage = ['no PDF at all', pdf('CUT').slice(0, 90),
    '%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n'];
  const drawings = [
    ...garbage.map((text) => Buffer.from(text).toString('base64')),
    '*** no base64 ***',
    null, // It leaves the drawing to us.
    Buffer.from(pdf('FIRST', 'SECOND')).toString('base64'),
  ];
  const of = new Map();
  const relay = await service((n, tracking) => {
    of.set(tracking, n);
    return drawings[n] === null ? {} : { label_pdf: drawings[n] };
  });
  const { url, items } = await done(drawings.length, relay);
  const want = [];
  for (const item of items) {
    const tracking = await number(item), n = of.get(tracking);
    const p = await it.get({ id: item.package_id });
    const isBad = n < 4;
    assert.equal(item.state, 'bought');
    assert.deepEqual([item.code, item.field], isBad
      ? ['label_unreadable', 'label_pdf'] : [null, null], `drawing ${n}`);
    assert.equal(p.label.error?.field ?? null, isBad ? 'label_pdf' : null);
    const own = await pages(`/v1/packages/${p.id}/label`);
    want.push(...own);
    assert.equal(own.length, n === 5 ? 2 : 1);
    assert.equal(n === 5 ? own[0].trim() : 'FIRST', 'FIRST');
    if (n < 5) assert.ok(own[0].replaceAll(' ', '').includes(tracking));
  }
  const all = await pages(`${url}/labels`);
  assert.deepEqual(all, want, 'one file, in the order of the items');
  assert.equal(all.length, drawings.length + 1);
  await relay.receiver.stop();
});

// What bar code readers see on the first page of a document.
async function codesOf(url) {
  const reply = await client.get(url);
  assert.equal(reply.status, 200, reply.text);
  const file = path.join(dir, fresh('codes'));
  writeFileSync(file, reply.bytes);
  await run('pdftoppm', ['-r', '203', '-mono', '-l', '1', '-singlefile', file, file]);
  const { stdout } = await run('zbarimg', ['-q', '--nodbus', `${file}.pbm`]);
  return stdout.trim().split('\n');
}

test('a label and a slip lead to the buyer\'s page, where a channel says its address',
  async () => {
    const { packages: [p] } = await it.packed([[sku, 1]],
      { shipping_address: address });
    const at = `/v1/packages/${p.id}`;
    const ready = await it.labelled(p);
    const qr = (codes) => codes.filter((code) => code.startsWith('QR-Code:'));
    assert.deepEqual(qr(await codesOf(`${at}/label`)), [], 'nobody said it');
    const url = `/v1/channels/${it.shop.channel.id}`;
    const { version, attrs } = await client.ok('GET', url);
    const pages = 'https://orders.shop.example';
    await client.ok('PATCH', url,
      { version, attrs: { ...attrs, shop_pages: pages } });
    const label = await codesOf(`${at}/label`);
    assert.ok(label.includes(`CODE-128:${ready.tracking}`), label.join());
    const [link, ...more] = qr(label);
    assert.deepEqual(more, []);
    assert.ok(link.startsWith(`QR-Code:${pages}/track/t1.`), link);
    const page = await client.get(`/v1/track/${link.split('/').pop()}`);
    assert.equal(page.status, 200, page.text);
    assert.equal(qr(await codesOf(`${at}/slip`)).length, 1);
    const { text } = await client.get(`${at}/label?format=zpl`);
    assert.match(text, /\^GFA?/, 'the code is a picture');
  });
