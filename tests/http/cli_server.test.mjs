// cli_server.test.mjs - commands beside a running server, on the embedded
// store: they run in the server, through its socket.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync }
  from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { bin, engine, openHouse, root, Server, Store } from './lib/server.mjs';
import { eventually } from './lib/shop.mjs';

const skip = engine === 'sqlite' ? false : 'PostgreSQL has no socket';
const fixture = path.join(root,
  'src/connect/channel/shopify/testdata/orders.json');

let house, file, socket;
before(async () => {
  if (skip) return;
  house = await openHouse();
  file = path.join(house.store.dir, 'wharf.db');
  socket = `${file}.sock`;
});
after(() => house?.stop());

function wharf(words, options = {}) {
  return new Promise((resolve) => {
    const child = execFile(bin, words, { timeout: 60000, ...options },
      (error, out, err) =>
        resolve({ code: error ? error.code ?? error.signal : 0, out, err }));
    if (options.input !== undefined) child.stdin.end(options.input);
  });
}

// Until the server runs that many commands: each has a thread of its own.
function running(count) {
  const tasks = `/proc/${house.server.child.pid}/task`;
  return eventually(() => readdirSync(tasks).filter((task) =>
    readFileSync(`${tasks}/${task}/comm`, 'utf8') === 'control-command\n')
    .length === count);
}

// What a server says to those bytes, until it hangs up.
function say(bytes) {
  return new Promise((resolve, reject) => {
    const parts = [];
    const link = net.connect(socket, () => link.write(bytes));
    link.setTimeout(20000, () => reject(new Error('the server says nothing')));
    link.on('data', (part) => parts.push(part));
    link.on('close', () => resolve(Buffer.concat(parts)));
    link.on('error', () => {});
  });
}

// Shopify orders as a file of `count`.
function payloads(count, first = 1) {
  return Array.from({ length: count }, (_, i) => JSON.stringify({
    id: 990000000 + first + i, name: `#${first + i}`, currency: 'EUR',
    created_at: '2026-01-02T03:04:05Z', taxes_included: true,
    total_price: '10.00', subtotal_price: '10.00', total_tax: '0.00',
    total_discounts: '0.00', financial_status: 'paid', line_items: [{ id: i,
      sku: 'S-1', title: 'Thing', name: 'Thing', quantity: 1, price: '10.00',
      total_discount: '0.00', tax_lines: [], discount_allocations: [] }],
    tax_lines: [], shipping_lines: [], fulfillments: [], refunds: [] }))
    .join('\n');
}

test('the socket is the owner\'s alone (A15.13)', { skip }, () => {
  const found = lstatSync(socket);
  assert.ok(found.isSocket());
  assert.equal(found.mode & 0o777, 0o600);
});

test('a key made beside the server holds at once, and is revoked at once',
  { skip }, async () => {
    const key = await house.store.key('orders:read', 'beside');
    const client = house.client.as(key);
    assert.equal((await client.get('/v1/orders')).status, 200);
    const list = await house.store.must(['key', 'list']);
    const id = list.stdout.match(/^(key_\S+).* beside$/m)[1];
    await house.store.must(['key', 'revoke', id]);
    assert.equal((await client.get('/v1/orders')).status, 401);
  });

test('an import runs in the server: relative paths and standard input are the ' +
  'caller\'s', { skip }, async () => {
  const dir = house.store.dir;
  writeFileSync(path.join(dir, 'some.json'), payloads(20));
  const done = await wharf(['import', '--store', 'sqlite:wharf.db', '--format',
    'shopify-orders', '--json', 'some.json'], { cwd: dir });
  assert.equal(done.code, 0, done.err);
  const report = JSON.parse(done.out);
  assert.equal(report.orders_placed, 20, done.out);
  const piped = await wharf(['import', '--store', `sqlite:${file}`, '--format',
    'shopify-orders', '--json', '-'], { input: payloads(5, 101) });
  assert.equal(JSON.parse(piped.out).orders_placed, 5, piped.out + piped.err);
  const own = await wharf(['import', '--store', `sqlite:${file}`, '--format',
    'shopify-orders', '/dev/stdin'], { input: '' });
  assert.equal(own.code, 1);
  assert.match(own.out, /say - for standard input/);
});

test('exit codes and sentences come back', { skip }, async () => {
  const bad = await house.store.run(['key', 'revoke', 'nonsense']);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /must be an id as key_/);
  const usage = await house.store.run(['key', 'borrow']);
  assert.equal(usage.code, 2);
  const there = await house.store.run(['migrate']);
  assert.equal(there.code, 0, there.stderr);
});

test('two processes on one store: the second one is refused by name',
  { skip }, async () => {
    const second = await wharf(['serve', '--store', `sqlite:${file}`,
      '--listen', '127.0.0.1:0']);
    assert.equal(second.code, 1);
    assert.ok(second.err.includes(
      `is in use by process ${house.server.child.pid}:`), second.err);
    // It took nothing away.
    assert.ok(existsSync(socket));
    await house.store.key('orders:read', 'after');
  });

test('garbage on the socket is refused and harms nothing', { skip },
  async () => {
    const head = Buffer.from('WHARFCM1\x00\x00\x00\x05', 'latin1');
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', 'x'.repeat(1 << 20),
      Buffer.from('WHARFCM1\xff\xff\xff\xff', 'latin1'), head,
      Buffer.concat([head, Buffer.from('hello')])]) {
      const reply = (await say(bytes)).toString('latin1');
      // Some are cut off while they still send.
      if (reply) assert.match(reply, /^WHARFRE1.*not understood/s);
    }
    await house.store.key('orders:read', 'garbage');
  });

test('who goes away in the middle stops the command; what was done stays',
  { skip }, async () => {
    const many = path.join(house.store.dir, 'many.json');
    writeFileSync(many, payloads(3000, 5001));
    const count = async () =>
      (await house.client.all('/v1/events?type=order.placed')).length;
    const before = await count();
    const child = spawn(bin, ['import', '--store', `sqlite:${file}`,
      '--format', 'shopify-orders', many], { stdio: 'ignore' });
    await eventually(async () => await count() > before);
    child.kill('SIGKILL');
    await running(0); // Nothing goes on.
    const stopped = await count();
    assert.ok(stopped > before && stopped < before + 3000, `${stopped}`);
    const again = await wharf(['import', '--store', `sqlite:${file}`,
      '--format', 'shopify-orders', '--json', many]);
    const report = JSON.parse(again.out);
    assert.equal(report.orders_refused, 0, again.out);
    assert.equal(report.orders_already_there, stopped - before);
  });

test('a fifth command is told to come again', { skip }, async () => {
  // They wait for standard input that does not come.
  const waiting = Array.from({ length: 4 }, () => spawn(bin, ['import',
    '--store', `sqlite:${file}`, '--format', 'shopify-orders', '-'],
  { stdio: ['pipe', 'ignore', 'ignore'] }));
  await running(4);
  const fifth = await house.store.run(['key', 'list']);
  assert.equal(fifth.code, 1);
  assert.match(fifth.stderr, /as many commands as it may/);
  for (const child of waiting) child.stdin.end();
  await Promise.all(waiting.map((child) =>
    new Promise((resolve) => child.on('exit', resolve))));
  assert.equal((await house.store.run(['key', 'list'])).code, 0);
});

test('another user is refused', { skip: skip || process.getuid() !== 0 },
  async () => {
    const nobody = { uid: 65534, gid: 65534 };
    const words = ['key', 'list', '--store', `sqlite:${file}`];
    execFileSync('chmod', ['755', house.store.dir]);
    execFileSync('chmod', ['666', socket]);
    const done = await wharf(words, nobody);
    execFileSync('chmod', ['600', socket]);
    if (done.code === 'EACCES') return; // The binary itself is out of reach.
    assert.equal(done.code, 1);
    assert.match(done.err, /only the user that runs the server/);
  });

test('a server that is told to end does not wait for a caller that hangs',
  { skip }, async () => {
    const child = spawn(bin, ['import', '--store', `sqlite:${file}`,
      '--format', 'shopify-orders', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (part) => { said += part; });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await running(1);
    await house.restart();
    assert.equal(await ended, 1, said);
  });

test('a socket left behind by a killed server stops nobody', { skip },
  async () => {
    const store = new Store();
    const first = await Server.start(store);
    first.child.kill('SIGKILL');
    await first.exited;
    assert.ok(existsSync(path.join(store.dir, 'wharf.db.sock')));
    await store.key('all', 'alone');
    const second = await Server.start(store);
    await store.key('all', 'beside');
    await second.stop();
    assert.ok(!existsSync(path.join(store.dir, 'wharf.db.sock')));
    store.drop();
  });

test('a command names its tenant, beside the server and without it (A15.13)',
  { skip }, async () => {
    const tenants = await openHouse({ extra: ['--tenants'] });
    for (const code of ['alpha', 'beta'])
      await tenants.client.ok('POST', '/v1/tenants', { code, name: code });
    const made = async (code) => JSON.parse((await tenants.store.must(['key',
      'create', '--tenant', code, '--name', 'x', '--scopes', 'all',
      '--json'])).stdout).key;
    const alpha = await made('alpha');
    await tenants.client.as(alpha).ok('POST', '/v1/skus',
      { code: 'A-1', title: 'Alpha thing' });
    const nobody = await tenants.store.run(['key', 'list', '--tenant', 'nobody']);
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /there is no tenant 'nobody'/);
    const beta = await made('beta');
    await tenants.server.stop();
    const gone = await tenants.store.run(['key', 'list', '--tenant', 'nobody']);
    assert.match(gone.stderr, /there is no tenant 'nobody'/);
    const verified = await tenants.store.run(['verify', '--tenant', 'alpha']);
    assert.equal(verified.code, 0, verified.stderr);
    tenants.server = await Server.start(tenants.store, ['--tenants']);
    tenants.client.close();
    const client = new Client(tenants.server.port, beta);
    assert.deepEqual((await client.all('/v1/skus')), []);
    assert.equal((await client.as(alpha).all('/v1/skus')).length, 1);
    client.close();
    await tenants.stop();
  });
