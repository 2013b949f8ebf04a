// import.test.mjs - payloads of other shops become orders, to the cent, and
// nothing is dropped in silence. Small fixtures of our own always run; the
// real payloads run where the folder WHARF_PAYLOADS (../shared) exists.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { root, Server, Store } from './lib/server.mjs';
import { eventually } from './lib/shop.mjs';

const fixture = (vendor, name) =>
  path.join(root, 'src/connect/channel', vendor, 'testdata', name);
const payloads = process.env.WHARF_PAYLOADS ??
  [path.join(root, '../shared/data/payloads'),
    path.join(root, '../../shared/data/payloads')].find(existsSync);
const files = (...parts) => {
  const dir = path.join(payloads, ...parts);
  return readdirSync(dir).sort().map((name) => path.join(dir, name))
    .filter((name) => name.endsWith('.json'));
};

let store;
before(() => { store = new Store(); });
after(() => store?.drop());

async function run(format, names, more = []) {
  const done = await store.run(
    ['import', '--format', format, '--json', ...more, ...names]);
  assert.equal(done.code, 0, done.stderr + done.stdout);
  return JSON.parse(done.stdout);
}

// What must hold for every report.
function whole(report) {
  assert.equal(report.orders_seen, report.orders_placed +
    report.orders_already_there + report.orders_there_with_other_content +
    report.orders_refused, 'every order has an outcome');
  assert.equal(report.payloads_seen,
    report.payloads_skipped + report.orders_seen, 'every payload is counted');
  assert.equal(report.payloads_skipped,
    Object.values(report.skipped).reduce((a, b) => a + b, 0));
  assert.equal(report.totals_matched, report.totals_compared);
  assert.equal(report.totals_compared, report.orders_placed +
    report.orders_already_there + report.orders_there_with_other_content);
  assert.equal(report.not_placed.length,
    report.orders_refused + report.orders_there_with_other_content);
  for (const issue of report.not_placed)
    assert.ok(issue.file && issue.order && issue.code, JSON.stringify(issue));
  return report;
}

function nothingNew(first, second) {
  whole(second);
  assert.equal(second.orders_placed, 0);
  assert.equal(second.skus_created, 0);
  assert.equal(second.channels_created, 0);
  assert.equal(second.orders_cancelled, 0);
  assert.equal(second.orders_seen, first.orders_seen);
  assert.equal(second.orders_refused, first.orders_refused);
}

async function withServer(work) {
  const key = await store.key('all', 'import');
  const server = await Server.start(store);
  const client = new Client(server.port, key);
  try {
    return await work(client);
  } finally {
    client.close();
    await server.stop();
  }
}

async function order(client, channel, externalId) {
  const [found] = await eventually(async () => {
    const list = await client.ok('GET', `/v1/orders?channel=${channel}` +
      `&external_id=${encodeURIComponent(externalId)}`);
    return list.items.length === 1 && list.items;
  });
  return client.ok('GET', `/v1/orders/${found.id}`);
}

test('a dry run stores nothing', async () => {
  const report = whole(await run('shopify-orders',
    [fixture('shopify', 'pairs.json')], ['--dry-run']));
  assert.equal(report.dry_run, true);
  assert.equal(report.orders_placed, 1);
  const again = whole(await run('shopify-orders',
    [fixture('shopify', 'pairs.json')], ['--dry-run']));
  assert.equal(again.orders_placed, 1);
});

test('shopify orders of our own fixtures, twice', async () => {
  const names = ['pairs.json', 'odd.json'].map((n) => fixture('shopify', n));
  const first = whole(await run('shopify-orders', names));
  assert.equal(first.files, 2);
  assert.equal(first.orders_seen, 12);
  assert.equal(first.orders_placed, 8);
  assert.equal(first.orders_refused, 4);
  assert.equal(first.orders_cancelled, 1);
  assert.deepEqual(first.reasons, { lines_missing: 1, totals_mismatch: 1,
    missing_field: 1, wrong_type: 1 });
  assert.equal(first.skipped['draft order'], 2);
  assert.equal(first.skipped.checkout, 1);
  assert.deepEqual(first.kept_raw, { payments: 1, refunds: 2, shipments: 1 });
  assert.equal(first.channels_created, 1);
  nothingNew(first, await run('shopify-orders', names));
});

test('woocommerce orders of our own fixtures, twice', async () => {
  const names = [fixture('woocommerce', 'orders.json')];
  const first = whole(await run('woocommerce-orders', names));
  assert.equal(first.orders_placed, 3);
  assert.equal(first.orders_refused, 1);
  assert.equal(first.orders_cancelled, 1);
  assert.equal(first.notes.line_tax_rounded_to_total, 1);
  nothingNew(first, await run('woocommerce-orders', names));
});

test('a changed order is told and not applied', async () => {
  const name = path.join(store.dir, 'changed.json');
  const text = readFileSync(fixture('woocommerce', 'orders.json'), 'utf8');
  const [first] = JSON.parse(text.slice(0, text.lastIndexOf(']{') + 1) ||
    text.split('\n{"create"')[0]);
  writeFileSync(name, JSON.stringify({ ...first, customer_note: 'new' }));
  const report = whole(await run('woocommerce-orders', [name]));
  assert.equal(report.orders_there_with_other_content, 1);
  assert.equal(report.not_placed[0].code, 'external_id_reused');
  assert.equal(report.not_placed[0].field, 'raw');
});

test('a file that is no JSON is told, and the run fails', async () => {
  const name = path.join(store.dir, 'broken.json');
  writeFileSync(name, '{"orders": [');
  const done = await store.run(
    ['import', '--format', 'shopify-orders', '--json', name]);
  assert.equal(done.code, 1);
  const report = JSON.parse(done.stdout);
  assert.equal(report.files_unreadable, 1);
  assert.equal(report.not_placed[0].code, 'json_syntax');
});

test('an unknown format names those that are known', async () => {
  const done = await store.run(['import', '--format', 'fax', 'x']);
  assert.equal(done.code, 2);
  assert.match(done.stderr, /shopify-orders woocommerce-orders/);
});

test('imported orders read like any other, and verify is clean', async () => {
  await withServer(async (client) => {
    const one = await order(client, 'shopify', '9001');
    assert.equal(one.origin, 'import');
    assert.deepEqual(one.totals.total, { amount: 11664, currency: 'USD' });
    assert.equal(one.placed_at, '2025-03-01T15:00:00.000Z');
    assert.equal(one.raw.refunds.length, 2);
    assert.equal(one.lines[0].is_tracked, false);
    assert.equal(one.lines[1].attrs.properties[0].value, 'Ada');
    const dinar = await order(client, 'shopify', '9105');
    assert.equal(dinar.status, 'cancelled');
    assert.deepEqual(dinar.totals.total, { amount: 1500, currency: 'KWD' });
    const woo = await order(client, 'woocommerce', '501');
    assert.deepEqual(woo.totals.tax, { amount: 225, currency: 'USD' });
    const sku = await client.ok('GET', '/v1/skus?code=shopify-variant-12');
    assert.equal(sku.items[0].is_tracked, false);
    assert.equal(sku.items[0].title, 'Plate');
  });
  const verified = await store.verify();
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});

// What a payload itself says an order comes to, in minor units of USD.
const cents = (text) => Math.round(Number(text) * 100);
function* ordersIn(value, key) {
  if (Array.isArray(value)) for (const v of value) yield* ordersIn(v, key);
  else if (value && typeof value === 'object') {
    if ((key === 'order' || key === 'orders' || value.order_key) &&
      value.line_items?.length)
      yield value;
    else for (const [k, v] of Object.entries(value))
      if (!['request_body', 'delete'].includes(k))
        yield* ordersIn(v, Array.isArray(value) ? key : k);
  }
}

for (const [format, channel, total, folders] of [
  ['shopify-orders', 'real-shopify', 'total_price',
    [['shopify', 'go_shopify_fixtures'], ['shopify', 'python_api_fixtures'],
      ['shopify', 'ruby_api_2025_01']]],
  ['woocommerce-orders', 'real-woo', 'total', [['woocommerce', 'samples']]]]) {
  test(`the real payloads of ${format}, twice, to the cent`,
    { skip: payloads ? false : 'no ../shared/data/payloads here' },
    async () => {
      const names = folders.flatMap((parts) => files(...parts));
      const first = whole(await run(format, names, ['--channel', channel]));
      assert.ok(first.orders_placed > 0);
      assert.equal(first.files, names.length);
      nothingNew(first, await run(format, names, ['--channel', channel]));
      const said = new Map();
      for (const name of names)
        for (const one of ordersIn(JSON.parse(readFileSync(name, 'utf8'))))
          said.set(String(one.id), (said.get(String(one.id)) ?? [])
            .concat(cents(one[total])));
      await withServer(async (client) => {
        const list = await eventually(async () => {
          const all = await client.all(`/v1/orders?channel=${channel}`);
          return all.length === first.orders_placed && all;
        });
        for (const one of list)
          assert.ok(said.get(one.external_id)?.includes(one.total.amount),
            `${one.external_id}: ${one.total.amount}, payload says ` +
            `${said.get(one.external_id)}`);
      });
      const sum = ['orders_seen', 'orders_placed', 'orders_already_there',
        'orders_there_with_other_content', 'orders_refused', 'lines_placed',
        'totals_matched'].map((k) => `${k}=${first[k]}`).join(' ');
      console.log(`${format}: ${sum}`);
    });
}
