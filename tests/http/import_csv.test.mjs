// import_csv.test.mjs - any CSV comes in by a mapping of its columns, through
// the same checks and commands as the API (A16.04, A16.05, A13.18). The recipes
// of docs/import.md are run as they stand there.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { engine, root, Server, Store } from './lib/server.mjs';
import { eventually } from './lib/shop.mjs';

const recipe = (name) => path.join(root, 'docs/examples/import', name);
let store;
before(() => { store = new Store(); });
after(() => store?.drop());

const file = (name, data) => {
  const full = path.join(store.dir, name);
  writeFileSync(full, data);
  return full;
};
let maps = 0;
const mapping = (map) => file(`map-${++maps}.json`, JSON.stringify(map));
async function run(map, names, more = [], code = 0) {
  const done = await store.run(['import', '--format', 'csv', '--json',
    '--map', typeof map === 'string' ? map : mapping(map), ...more, ...names]);
  assert.equal(done.code, code, done.stderr + done.stdout);
  const report = done.stdout ? JSON.parse(done.stdout) : {};
  if (done.stdout) assert.equal(report.seen,
    report.imported + report.already_there + report.refused);
  return { ...report, stderr: done.stderr };
}
const counts = (r) => [r.imported, r.already_there, r.refused];
const rejects = (name) => readFileSync(name, 'utf8').trim().split('\r\n')
  .slice(1).map((row) => row.split(',').slice(1, 3).join(' '));
async function withServer(work) {
  const key = await store.key('all', 'csv');
  const server = await Server.start(store);
  const client = new Client(server.port, key);
  try {
    return await work(client);
  } finally {
    client.close();
    await server.stop();
  }
}

test(`recipe: SKUs from a German ERP (A13.18, ${engine})`, async () => {
  const out = path.join(store.dir, 'no.csv');
  const dry = await run(recipe('skus.map.json'), [recipe('skus.csv')],
    ['--dry-run']);
  assert.deepEqual(counts(dry), [3, 0, 2]);
  assert.deepEqual(dry.would.map((w) => [w.line, w.outcome, w.code]),
    [[2, 'imported', undefined], [3, 'imported', undefined],
      [4, 'imported', undefined], [5, 'refused', 'number_invalid'],
      [6, 'refused', 'value_unknown']]);
  const first = await run(recipe('skus.map.json'), [recipe('skus.csv')],
    ['--rejects', out]);
  assert.deepEqual(counts(first), [3, 0, 2]);
  assert.deepEqual(rejects(out), ['5 number_invalid', '6 value_unknown']);
  const again = await run(recipe('skus.map.json'), [recipe('skus.csv')]);
  assert.deepEqual(counts(again), [0, 3, 2]);
  const before = readFileSync(out, 'utf8');
  const self = await run(recipe('skus.map.json'), [out], ['--rejects', out], 1);
  assert.match(self.stderr, /--rejects.*file/s);
  assert.equal(readFileSync(out, 'utf8'), before, 'its own input is kept');
  await withServer(async (client) => {
    const [tee] = (await client.ok('GET', '/v1/skus?code=TEE-1')).items;
    assert.equal(tee.title, 'T-Shirt »Hafen«');
    assert.equal(tee.weight_g, 180);
    assert.equal(tee.origin, 'DE');
    assert.equal(tee.attrs.source, 'erp');
    const [mug] = (await client.ok('GET', '/v1/skus?code=MUG-1')).items;
    assert.equal(mug.weight_g, 1250500);
    assert.equal(mug.origin, 'AT');
    assert.equal(mug.is_tracked, true);
    const [gift] = (await client.ok('GET', '/v1/skus?code=SVC-1')).items;
    assert.equal(gift.is_tracked, false);
  });
});

test('channels, locations, products and customers', async () => {
  const channels = await run({ target: 'channels', fields: [
    { field: 'code', column: 'c' }, { field: 'name', column: 'n' },
    { field: 'type', value: 'web' }, { field: 'currency', value: 'USD' },
    { field: 'stock_policy', value: 'backorder' }] },
  [file('channels.csv', 'c,n\nlegacy,Legacy shop\n')]);
  assert.deepEqual(counts(channels), [1, 0, 0]);
  const places = await run({ target: 'locations', fields: [
    { field: 'code', column: 'code' }, { field: 'name', column: 'code' },
    { field: 'type', value: 'warehouse' },
    { field: 'address.city', column: 'city' }] },
  [file('places.csv', '\ufeffcode,city\nWH1,"New York, NY"\n')]);
  assert.deepEqual(counts(places), [1, 0, 0]);
  const products = await run({ target: 'products', fields: [
    { field: 'code', column: 'c' }, { field: 'title', column: 't' }] },
  [file('products.csv', 'c,t\nTEE,Shirts\nTEE,Again\n')]);
  assert.deepEqual(counts(products), [1, 1, 0]);
  const map = { target: 'customers', fields: [
    { field: 'name', column: 'name' }, { field: 'emails[]', column: 'mail' },
    { field: 'external_ids[].source', value: 'legacy' },
    { field: 'external_ids[].id', column: 'id' }] };
  const list = file('people.csv', 'id,name,mail\n1,Ada,ada@example.com\n' +
    '2,Grace,\n3,Bad,not an address\n');
  const people = await run(map, [list]);
  assert.deepEqual(counts(people), [2, 0, 1], JSON.stringify(people));
  assert.deepEqual(counts(await run(map, [list])), [0, 2, 1]);
});

test('stock is set and changed; expected receipts; twice is once',
  async () => {
    const set = { target: 'stock', fields: [
      { field: 'sku', column: 'sku' }, { field: 'location', value: 'WH1' },
      { field: 'on_hand', column: 'n', type: 'integer' }] };
    const counted = file('stock.csv', 'sku,n\nTEE-1,40\nMUG-1,7\nNONE,1\n' +
      'TEE-1,-2\n');
    assert.deepEqual(counts(await run(set, [counted], ['--dry-run'])),
      [2, 0, 2]);
    assert.deepEqual(counts(await run(set, [counted])), [2, 0, 2]);
    assert.deepEqual(counts(await run(set, [counted])), [0, 2, 2]);
    const change = { target: 'stock_changes', fields: [
      { field: 'sku', column: 'sku' }, { field: 'location', value: 'WH1' },
      { field: 'delta', column: 'n', type: 'integer' }] };
    const moves = file('moves.csv', 'sku,n\nTEE-1,5\nTEE-1,5\nMUG-1,-99\n');
    assert.deepEqual(counts(await run(change, [moves])), [2, 0, 1]);
    assert.deepEqual(counts(await run(change, [moves])), [0, 2, 1]);
    const coming = { target: 'expected_receipts', zone: 'Europe/Berlin',
      fields: [
        { field: 'sku', column: 'sku' }, { field: 'location', value: 'WH1' },
        { field: 'quantity', column: 'n', type: 'integer' },
        { field: 'expected_at', column: 'day', type: 'time',
          format: 'dd.MM.yyyy' }] };
    const due = file('due.csv', 'sku,n,day\nTEE-1,100,01.12.2026\n' +
      'TEE-1,5,31.02.2026\n');
    assert.deepEqual(counts(await run(coming, [due])), [1, 0, 1]);
    assert.deepEqual(counts(await run(coming, [due])), [0, 1, 1]);
    const places = { target: 'bins', fields: [
      { field: 'sku', column: 'sku' }, { field: 'location', value: 'WH1' },
      { field: 'bin', column: 'bin' }, { field: 'zone', value: 'dry' }] };
    const bins = file('bins.csv', 'sku,bin\nTEE-1,A-10\nNOBODY,A-2\n');
    assert.deepEqual(counts(await run(places, [bins])), [1, 0, 1]);
    assert.deepEqual(counts(await run(places, [bins])), [0, 1, 1]);
    await withServer(async (client) => {
      const levels = (await client.ok('GET', '/v1/inventory/levels')).items;
      assert.deepEqual(levels.map((l) => l.on_hand).sort((a, b) => a - b),
        [7, 50]);
      const open = (await client.ok('GET', '/v1/expected-receipts')).items;
      assert.equal(open.length, 1);
      assert.equal(open[0].expected_at, '2026-11-30T23:00:00.000Z');
    });
  });

test(`recipe: orders of an old shop, one order from many rows (A16.04, ` +
  `${engine})`, async () => {
  const out = path.join(store.dir, 'no.csv');
  const first = await run(recipe('orders.map.json'), [recipe('orders.csv')],
    ['--rejects', out]);
  assert.deepEqual(counts(first), [2, 0, 1]);
  assert.deepEqual(rejects(out), ['5 sku_unknown']);
  const again = await run(recipe('orders.map.json'), [recipe('orders.csv')]);
  assert.deepEqual(counts(again), [0, 2, 1]);
  await withServer(async (client) => {
    const list = await eventually(async () => {
      const page = await client.ok('GET', '/v1/orders?channel=legacy');
      return page.items.length === 2 && page.items;
    });
    const found = list.find((o) => o.external_id === 'A-1');
    const one = await client.ok('GET', `/v1/orders/${found.id}`);
    assert.equal(one.placed_at, '2025-07-04T13:30:00.000Z');
    assert.equal(one.customer.email, 'ada@example.com');
    assert.equal(one.lines.length, 2);
    assert.deepEqual(one.totals.total, { amount: 6430, currency: 'USD' });
    assert.equal(one.lines[0].allocated, 2);
  });
  const verified = await store.verify();
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});

test('orders that nobody can be reached about are refused by row and field',
  async () => {
    const out = path.join(store.dir, 'no-reach.csv');
    const field = (name, column) => ({ field: name, column });
    const map = { target: 'orders', fields: [
      { field: 'channel', value: 'legacy' }, { field: 'currency', value: 'USD' },
      field('external_id', 'n'), field('customer.email', 'mail'),
      field('customer.phone', 'phone'), field('service', 'by'),
      { field: 'lines[].sku', value: 'TEE-1' },
      { field: 'lines[].quantity', value: 1 },
      { field: 'lines[].unit_price', value: { amount: 1, currency: 'USD' } }] };
    const list = file('reach.csv', 'n,mail,phone,by\nR-1,a@b.example,,\n' +
      'R-2,a@b,,\nR-3,,007,\nR-4,,,drone\nR-5,,+49 30 123456,\n');
    assert.deepEqual(counts(await run(map, [list], ['--rejects', out])),
      [2, 0, 3]);
    assert.deepEqual(rejects(out),
      ['3 email_invalid', '4 phone_invalid', '5 service_unknown']);
    const told = readFileSync(out, 'utf8');
    for (const name of ['customer.email', 'customer.phone', 'service'])
      assert.ok(told.includes(name), told);
  });

test('a mapping that is wrong is told by its path, and nothing is read',
  async () => {
    const good = { target: 'products', fields: [
      { field: 'code', column: 'c' }, { field: 'title', column: 't' }] };
    const list = file('good.csv', 'c,t\nX,y\n');
    const wrong = async (map, sentence) => {
      const told = await run(map, [list], [], 1);
      assert.match(told.stderr, sentence);
    };
    await wrong({ ...good, target: 'wishes' }, /target/);
    await wrong({ ...good, separator: '!' }, /separator/);
    await wrong({ ...good, zone: 'Mars/Base' }, /zone/);
    await wrong({ ...good, group: 'c' }, /group/);
    await wrong({ ...good, nonsense: 1 }, /nonsense/);
    await wrong({ ...good, fields: [] }, /fields/);
    await wrong({ ...good, fields: [{ field: 'a..b', column: 'c' }] },
      /fields\[0\]\.field/);
    await wrong({ ...good, fields: [{ field: 'a' }] }, /fields\[0\]\.column/);
    await wrong({ ...good,
      fields: [{ field: 'a', column: 'c', type: 'money' }] }, /currency/);
    await wrong({ ...good,
      fields: [{ field: 'a', column: 'c', factor: '-1' }] }, /factor/);
    await wrong(file('bad.json', '{"target":'), /unexpected token/);
    const column = await run({ ...good, fields: [
      { field: 'code', column: 'absent' }] }, [list], [], 1);
    assert.match(column.stderr, /no column absent/);
    const field = await run({ ...good, fields: [...good.fields,
      { field: 'color', column: 't' }] }, [list], ['--dry-run']);
    assert.equal(field.would[0].code, 'unknown_field');
  });

test('import files: faults of a generic CSV cost their rows alone',
  async () => {
    const map = { target: 'products', fields: [
      { field: 'code', column: 'c' }, { field: 'title', column: 't' }] };
    const out = path.join(store.dir, 'no.csv');
    const list = file('faults.csv', Buffer.concat([
      Buffer.from('c,t\nF1,fine\n"F2,never closed\nF3,fine\n' +
        'x,'.repeat(1e6) + '\n'), Buffer.from('F4,caf\xe9\n', 'latin1'),
      Buffer.from(`F5,${'y'.repeat(70000)}\nF6,fine,more\nF7,fine\n`)]));
    const report = await run(map, [list], ['--rejects', out]);
    assert.deepEqual(counts(report), [3, 0, 2]);
    assert.deepEqual(rejects(out), ['3 csv_record_too_long',
      '5 csv_too_many_columns', '6 csv_utf8_invalid', '7 cell_too_long',
      '8 row_columns']);
    const latin = await run(map, [list], ['--encoding', 'iso-8859-1']);
    assert.equal(latin.imported, 1);
    const cut = await run(map, [file('cut.csv', 'c,t\nG1,fine\nG2,"to')], [], 1);
    assert.equal(cut.imported, 1);
    assert.equal(cut.files_cut, 1);
  });
