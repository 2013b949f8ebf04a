// invoices.test.mjs - gap-free numbers, documents on paper, two writers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { Shop, eventually, fresh, money } from './lib/shop.mjs';

let house, client, shop, sku;
const seller = { company: 'Wharf Handels GmbH', line1: 'Am Kai 1',
  city: 'Hamburg', postal_code: '20457', country: 'DE', tax_id: 'DE123456789',
  note: 'IBAN DE00 1234\nPayable in 14 days' };

before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { channel: { tax_mode: 'exclusive',
    taxes: 'computed' } });
  sku = fresh('inv');
  await shop.stock(sku, 1000, { title: 'Lámpara 灯 مصباح' });
  await client.ok('POST', '/v1/tax-rates', { country: 'DE', name: 'VAT',
    rate_ppm: 190000 });
  await client.ok('POST', '/v1/invoice-series', { code: 'main', name: 'Main',
    prefix: 'INV', credit_prefix: 'CN', seller });
});
after(() => house?.stop());

const rule = (issue_on, version) => client.ok('PUT',
  `/v1/channels/${shop.channel.id}/invoicing`,
  { version, series: 'main', issue_on });
const address = { name: '山田 Łukasz', line1: 'Straße 5', city: 'Berlin',
  postal_code: '10115', country: 'DE' };
const order = (quantity = 3) => shop.placed([[sku, quantity, 1999]],
  { shipping_address: address, customer: { tax_id: 'DE999' },
    shipping_lines: [{ title: 'Post', price: money(490) }] });
const invoices = async (o) => (await client.ok('GET',
  `/v1/invoices?order=${o.id}`)).items;
const notes = async (o) => (await client.ok('GET',
  `/v1/credit-notes?order=${o.id}`)).items;

function textOf(bytes) {
  const dir = mkdtempSync(join(tmpdir(), 'bill-'));
  writeFileSync(join(dir, 'a.pdf'), bytes);
  const text = execFileSync('pdftotext', ['-layout', join(dir, 'a.pdf'), '-'],
    { encoding: 'utf8' });
  rmSync(dir, { recursive: true });
  return text;
}

test('a channel that has no rule says so, and one that is not there is refused',
  async () => {
    const at = (id) => `/v1/channels/${id}/invoicing`;
    const { id } = shop.channel;
    assert.deepEqual(await client.ok('GET', at(id)),
      { channel_id: id, series: null, issue_on: null, version: 0 });
    const none = await client.get(at('chn_0000000000001'));
    assert.equal(none.status, 404, none.text);
  });

test('twenty orders invoiced by hand at once have numbers without a gap (A10.03)',
  async () => {
    await rule('hand', 0);
    const orders = [];
    for (let i = 0; i < 20; i++) orders.push(await order(1));
    const replies = await Promise.all(orders.map((o) =>
      client.post(`/v1/orders/${o.id}/invoices`, {})));
    const numbers = replies.map((r) => {
      assert.equal(r.status, 201, r.text);
      return Number(r.json.number.split('-')[1]);
    }).sort((a, b) => a - b);
    assert.deepEqual(numbers, Array.from({ length: 20 }, (_, i) => i + 1));
  });

test('an order is invoiced as it is confirmed, and credited as it shrinks',
  async () => {
    await rule('confirm', 1);
    const placed = await order();
    const [invoice] = await eventually(async () => {
      const list = await invoices(placed);
      return list.length > 0 && list;
    });
    assert.equal(invoice.state, 'issued');
    assert.deepEqual(invoice.total, placed.total);
    assert.deepEqual(invoice.bill.taxes.map((t) => [t.rate_ppm,
      t.net.amount + t.tax.amount]), [[190000, placed.total.amount]]);
    assert.equal(invoice.bill.lines.length, 2);
    const now = await client.ok('GET', `/v1/orders/${placed.id}`);
    const cancelled = await client.post(`/v1/orders/${placed.id}/cancel`,
      { version: now.version, reason: 'less',
        lines: [{ n: 1, quantity: 1 }] });
    assert.equal(cancelled.status, 200, cancelled.text);
    const [note] = await eventually(async () => {
      const list = await notes(placed);
      return list.length > 0 && list;
    });
    assert.equal(note.number, 'CN-1');
    assert.equal(note.total.amount, note.bill.net.amount + note.bill.tax.amount);
    const after = await client.ok('GET', `/v1/orders/${placed.id}`);
    assert.equal(invoice.total.amount - note.total.amount,
      after.payment.total_now.amount);
    assert.deepEqual((await invoices(placed)).map((i) => i.bill),
      [invoice.bill]);
    // On paper.
    const paper = await client.get(`/v1/invoices/${invoice.id}/pdf`);
    assert.equal(paper.headers['content-type'], 'application/pdf');
    const text = textOf(paper.bytes);
    for (const part of [invoice.number, 'Wharf Handels GmbH', 'DE123456789',
      'Straße 5', 'VAT 19 %', '59.97 EUR', '77.19 EUR', 'Payable in 14 days', sku])
      assert.ok(text.includes(part), `${part} in ${text}`);
    const back = await client.get(`/v1/credit-notes/${note.id}/pdf`);
    assert.ok(textOf(back.bytes).includes('CN-1'));
  });

test('an invoice is paid with its order', async () => {
  const placed = await order(1);
  await eventually(async () => (await invoices(placed)).length === 1);
  const paid = await client.post(`/v1/orders/${placed.id}/payments`,
    { tender: 'cash', amount: placed.total, done: 'captured' });
  assert.equal(paid.status, 201, paid.text);
  await eventually(async () =>
    (await invoices(placed))[0].state === 'paid');
});

test('the journal comes as CSV, a row for each line, and its balances even out',
  async () => {
    const placed = await order(1);
    const total = placed.total.amount;
    const rows = async () => (await client.get(
      `/v1/journal?order=${placed.id}&format=csv`)).text.trim().split(/\r?\n/);
    await eventually(async () => (await rows()).length === 4);
    const [names, ...lines] = await rows();
    assert.equal(names, 'id,at,about,source,source_n,order_id,currency,' +
      'account,debit.amount,credit.amount');
    const cells = lines.map((l) => l.split(','));
    assert.deepEqual(cells.map((c) => c[7]), ['receivables', 'sales', 'taxes']);
    assert.deepEqual(cells.map((c) => c[8]), [`${total}`, '', '']);
    assert.equal(Number(cells[1][9]) + Number(cells[2][9]), total);
    const sums = await client.ok('GET', '/v1/journal/balances?currency=EUR');
    assert.ok(sums.items.length >= 3);
    assert.deepEqual(sums.totals[0].debit, sums.totals[0].credit);
    // Newest first, of all and of an order, in pages without gaps or repeats.
    await client.ok('POST', `/v1/orders/${placed.id}/payments`,
      { tender: 'cash', amount: placed.total, done: 'captured' });
    const own = await eventually(async () => {
      const all = await client.all(`/v1/journal?order=${placed.id}`);
      return all.length === 2 && all;
    });
    assert.deepEqual(own.map((e) => e.about), ['capture', 'invoice']);
    assert.deepEqual(await client.all(`/v1/journal?order=${placed.id}`, 1), own);
    const whole = await client.all('/v1/journal');
    const stamp = (e) => `${e.at} ${e.id}`;
    assert.deepEqual(whole.map(stamp), whole.map(stamp).sort().reverse());
    assert.deepEqual(await client.all('/v1/journal', 1), whole);
    const [from, to] = [whole.at(-1).at, own[0].at];
    const before = await client.all(`/v1/journal?from=${from}&to=${to}`, 2);
    assert.deepEqual(before, whole.filter((e) => e.at < to && e.at >= from));
    assert.ok(before.length > 1 && before.length < whole.length);
    assert.deepEqual((await client.ok('GET',
      `/v1/journal?to=${to}&after=${whole[0].id}&limit=1`)).items, [before[0]]);
    const lost = await client.get('/v1/journal?after=jrn_0000000000001',
      { isBad: true });
    assert.equal(lost.json.field, 'after', lost.text);
    const soon = new Date(Date.now() + 60000).toISOString();
    const page = await client.ok('GET', `/v1/journal?from=${soon}`);
    assert.deepEqual(page.items, []);
    const bad = await client.get('/v1/journal/balances?currency=X',
      { isBad: true });
    assert.equal(bad.json.field, 'currency');
  });
