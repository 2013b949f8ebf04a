// erase.test.mjs - a person is forgotten: afterwards nothing in the store says
// who they were, while what was bought stays (A19.07).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Parcels } from './lib/parcels.mjs';
import { pdf } from './lib/pdf.mjs';
import { Receiver } from './lib/receiver.mjs';
import { conninfo, engine } from './lib/server.mjs';
import { eventually, fresh } from './lib/shop.mjs';

// Words that occur nowhere else; of digits there are many, as what a store has
// most of are ids and times.
const person = { name: 'Zephyrine Quackenbush', street: 'Xylophonweg 77',
  email: 'Zephyrine.Q@quackenbush.example', phone: '+49 30 98712345678',
  note: 'allergic to wool', raw: 'gustave', drawn: 'zebrine',
  porch: 'violet porch' };
const needles = ['zephyrine', 'quackenbush', 'xylophonweg', '98712345678',
  '493098712345', '87654321789', 'allergic', 'gustave', 'zebrine',
  'violet porch'];
const drawing = Buffer.from(pdf(person.drawn)).toString('base64');
needles.push(drawing.slice(600, 660).toLowerCase());

let it, house, client, shop, ada, orders, sent, late, carrier, moved;
before(async () => {
  it = await Parcels.open({ extra: ['--allow-private', '127.0.0.1'] });
  ({ house, client, shop } = it);
  await shop.stock('ERA-1', 100000, { weight_g: 100 });
});
after(() => house?.stop());

const crowd = (n) => client.ok('POST', '/v1/orders/bulk', {
  orders: Array.from({ length: n }, (_, i) => shop.order([['ERA-1', 1, 100]],
    { customer: { name: `Crowd ${i}`, email: `${fresh('c')}@crowd.example` },
      shipping_address: { line1: `Platz ${i}`, country: 'DE' } })) });

const who = () => ({
  customer: { name: person.name, email: person.email, phone: person.phone },
  shipping_address: { name: person.name, line1: person.street, city: 'Berlin',
    postal_code: '10115', country: 'DE', phone: person.phone },
  billing_address: { name: person.name, line1: person.street, country: 'AT' },
  note: person.note, attrs: { partner: person.raw } });
const buy = () => shop.placed([['ERA-1', 2, 1500]], who());

// A service that refuses a label at first, and draws and says what it knows of
// the buyer; `hold` keeps its answers back.
async function busybody() {
  const service = { hold: null };
  let refused = false;
  service.receiver = await Receiver.start(({ json }) => {
    const { operation, to } = json;
    const answer = (status, body) => ({ status, body: JSON.stringify(body) });
    if (operation === 'label' && !refused && (refused = true))
      return answer(422, { field: 'to.line1',
        detail: `${to.name} of ${to.line1} is not known here` });
    if (operation === 'manifest' || operation === 'pickup')
      return answer(422, { detail: `${person.name} is not known here` });
    const label = answer(200, { found: true, tracking: fresh('RT'),
      label_pdf: drawing, label_zpl: `^XA^FD${person.drawn}^FS^XZ` });
    if (!service.hold) return label;
    return { act: (socket) => service.hold.push(() => socket.end(
      `HTTP/1.1 200 OK\r\nContent-Length: ${label.body.length}\r\n` +
      `Connection: close\r\n\r\n${label.body}`)) };
  });
  service.account = await client.ok('POST', '/v1/carrier-accounts', {
    code: fresh('relay'), carrier: 'relay', secret: 'hush',
    settings: { url: service.receiver.url }, services: [{ code: 'std' }] });
  return service;
}

// An order packed, refused a label, labelled, void, labelled and delivered.
async function sendOne() {
  const { order, packages: [p] } = await it.packed([['ERA-1', 1]], who());
  const { account } = carrier;
  const job = await client.post('/v1/label-jobs', { packages: [p.id],
    account: account.code });
  assert.equal(job.status, 202, job.text);
  const refused = await eventually(async () => {
    const now = await it.get(p);
    return now.label?.error && now;
  });
  assert.match(refused.label.error.detail, /Xylophonweg/);
  const voided = await it.labelled(refused, account);
  await it.did(voided, 'label/void');
  const ready = await it.labelled(await it.until(p, 'draft'), account);
  const at = { location: shop.location.code, account: account.code };
  const soon = (h) => new Date(Date.now() + h * 3600e3).toISOString();
  const handed = await client.ok('POST', '/v1/manifests', at);
  const { json: pickup } = await client.post('/v1/carrier-pickups', { ...at,
    ready_at: soon(1), until: soon(3), packages: 1 });
  for (const url of [`/v1/manifests/${handed.id}`,
    `/v1/carrier-pickups/${pickup.id}`])
    await eventually(async () => (await client.ok('GET', url)).error
      ?.includes(person.name));
  const now = await it.get(ready);
  await it.say(now, { code: 'delayed', text: `no ${person.name} here`,
    place: person.porch });
  const task = await eventually(async () => (await client.ok('GET',
    `/v1/tasks?order=${order.id}`)).items[0]);
  await client.ok('POST', `/v1/tasks/${task.id}/resolve`, {
    version: task.version, resolution: 'done', note: `called ${person.name}` });
  await it.say(now, { code: 'delivered', text: `given to ${person.name}` });
  await client.ok('POST', `/v1/orders/${order.id}/notes`,
    { text: `${person.name} called` });
  const back = await client.ok('POST', `/v1/orders/${order.id}/returns`, {
    note: `for ${person.name}`, items: [{ line: 1, quantity: 1,
      reason: 'damaged', note: `says ${person.name}`,
      photo: `https://example.org/${person.drawn}.jpg` }] });
  await client.ok('POST', `/v1/returns/${back.id}/cancel`,
    { version: back.version, reason: `${person.name} keeps it` });
  return { order, p: now };
}

// Everything the store has on disk, as one lower-case text.
function everything() {
  if (engine === 'postgres') {
    const { database } = house.store;
    return execFileSync('pg_dump', ['-d', `${conninfo} dbname=${database}`],
      { maxBuffer: 256 << 20 }).toString('utf8').toLowerCase();
  }
  return readdirSync(house.store.dir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(path.join(house.store.dir, name))
      .toString('latin1').toLowerCase()).join('\n');
}

test('a person buys among others, changes, and is written about', async () => {
  await crowd(600);
  orders = [];
  for (let i = 0; i < 5; i++) orders.push(await buy());
  carrier = await busybody();
  sent = await sendOne();
  await crowd(600);
  const list = await eventually(async () => {
    const { items } = await client.ok('GET',
      `/v1/customers?email=${encodeURIComponent(person.email)}`);
    const found = items[0] && await client.ok('GET',
      `/v1/customers/${items[0].id}`);
    return found?.values[0]?.orders === 6 && found;
  });
  ada = list;
  await client.ok('POST', `/v1/customers/${ada.id}/notes`,
    { text: `${person.name} is ${person.note}` });
  await client.ok('POST', `/v1/customers/${ada.id}/consents`,
    { purpose: 'mail', channel: 'email', state: 'given',
      source: `said by ${person.name}` });
  const twin = await client.ok('POST', '/v1/customers',
    { name: `${person.name} jr`, emails: [`2.${person.email}`] });
  const now = await client.ok('GET', `/v1/customers/${ada.id}`);
  const merged = await client.ok('POST', `/v1/customers/${ada.id}/merge`,
    { version: now.version, from: twin.id, from_version: twin.version });
  await client.ok('PUT', `/v1/customers/${ada.id}/addresses`, {
    version: merged.version, addresses: [{ address: { line1: person.street,
      country: 'DE' } }] });
  await eventually(async () => (await client.ok('GET',
    `/v1/orders/search?q=${person.name.split(' ')[0]}`)).items.length === 6);
  const order = await client.ok('GET', `/v1/orders/${orders[3].id}`);
  const change = await client.ok('POST', `/v1/orders/${order.id}/changes`, {
    version: order.version, reason: 'moved', actions: [
      { type: 'set_address', shipping_address: { ...who().shipping_address,
        city: 'Bonn' } },
      { type: 'add_line', add: { sku: 'ERA-1', quantity: 1,
        unit_price: { amount: 1, currency: 'EUR' },
        attrs: { partner: person.raw } } }] });
  moved = `/v1/order-changes/${change.id}`;
  await client.ok('POST', `${moved}/request`, { version: 1 });
  const { change: done } = await client.ok('POST', `${moved}/confirm`,
    { version: 2 });
  assert.equal(done.was.shipping_address.line1, person.street);
});

test('all that is held about them can be had (A19.07)', async () => {
  const held = await client.ok('GET', `/v1/customers/${ada.id}/export`);
  assert.equal(held.customer.id, ada.id);
  assert.equal(held.merged.length, 1);
  assert.equal(held.notes.items.length, 1);
  assert.equal(held.consents.items.length, 1);
  assert.equal(held.orders.length, 6);
  assert.equal(held.orders[0].shipping_address.line1, person.street);
});

test('open orders are named first', async () => {
  const reply = await client.post(`/v1/customers/${ada.id}/erase`, {});
  assert.equal(reply.status, 409);
  assert.equal(reply.json.code, 'open_orders');
  assert.equal((await client.ok('GET', `/v1/customers/${ada.id}`)).erased_at,
    null);
});

test('they are erased; what was bought stays (A19.07)', async () => {
  const all = everything();
  assert.deepEqual(needles.filter((needle) => !all.includes(needle)), []);
  const key = fresh('cancel');
  const body = { version: 1, reason: 'no' };
  const cancelled = await client.ok('POST',
    `/v1/orders/${orders[0].id}/cancel`, body, { key });
  assert.equal(cancelled.customer.name, person.name);
  // One whose carrier is still drawing its label.
  late = await it.packed([['ERA-1', 1]], who());
  carrier.hold = [];
  await it.want(late.packages[0], carrier.account);
  await eventually(() => carrier.hold.length === 1);
  const last = await buy(); // Perhaps not matched yet.
  orders.push(last);
  const fo = await eventually(async () => (await client.ok('GET',
    `/v1/fulfillment-orders?order=${orders[1].id}`)).items[0]);
  const url = `/v1/fulfillment-orders/${fo.id}`;
  await client.ok('POST', `${url}/hold`, { version: fo.version,
    reason: `${person.name} does not answer` });
  const done = await client.ok('POST', `/v1/customers/${ada.id}/erase`,
    { even_open: true });
  const kept = await client.ok('GET', url);
  assert.deepEqual([kept.status, kept.hold_reason], ['on_hold', 'erased']);
  assert.equal(done.orders, 8);
  assert.equal(done.open_orders, 6);
  assert.ok(done.replies > 0);
  const again = await client.ok('POST', `/v1/customers/${ada.id}/erase`, {});
  assert.deepEqual(again, { ...done, orders: 0, open_orders: 0, replies: 0 });

  const change = await client.ok('GET', moved);
  assert.deepEqual(change.was.shipping_address, { country: 'DE' });
  assert.deepEqual(change.actions[0].shipping_address, { country: 'DE' });
  const gone = await client.ok('GET', `/v1/customers/${ada.id}`);
  assert.deepEqual([gone.name, gone.emails, gone.phones, gone.addresses,
    gone.consents], ['', [], [], [], []]);
  assert.equal(gone.erased_at, done.erased_at);
  carrier.hold[0]();
  const drawn = await it.until(late.packages[0], 'labelled');
  await it.say(drawn, { code: 'accepted', text: `from ${person.name}` });
  for (const p of [sent.p, drawn]) {
    const { items } = await client.ok('GET', `/v1/packages/${p.id}/tracking`);
    assert.deepEqual(items.filter((t) => t.text || t.place), []);
    const label = await client.get(`/v1/packages/${p.id}/label`);
    assert.equal(label.status, 422, 'it cannot be drawn any more');
  }
  assert.equal((await it.order(sent.order)).delivery_status, 'delivered');
  const order = await client.ok('GET', `/v1/orders/${orders[1].id}`);
  assert.equal(order.customer, null);
  assert.deepEqual(order.shipping_address, { country: 'DE' });
  assert.deepEqual(order.billing_address, { country: 'AT' });
  assert.equal(order.note, null);
  assert.deepEqual(order.attrs, {});
  assert.equal(order.totals.total.amount, 3000);
  assert.equal(order.lines[0].ordered ?? order.lines[0].quantity, 2);
  for (const q of ['zephyrine', person.email, person.phone])
    assert.deepEqual((await client.ok('GET',
      `/v1/orders/search?q=${encodeURIComponent(q)}`)).items, [], q);
  const replay = await client.post(`/v1/orders/${orders[0].id}/cancel`, body,
    { key });
  assert.equal(replay.status, 409);
  assert.equal(replay.json.code, 'reply_erased');
  const changed = await client.patch(`/v1/customers/${ada.id}`,
    { version: gone.version, name: 'x' });
  assert.equal(changed.json.code, 'customer_erased');
});

test('their neighbours are still found', async () => {
  await eventually(async () => (await client.ok('GET',
    '/v1/orders/search?q=crowd%20599')).items.length >= 2);
});

test('nothing on disk tells of them (A19.07)', async () => {
  await carrier.receiver.stop();
  await house.server.stop();
  const all = everything();
  assert.ok(all.includes('crowd.example'), 'the dump has what it should have');
  const found = needles.filter((needle) => all.includes(needle));
  assert.deepEqual(found, []);
  const verified = await house.store.verify();
  assert.equal(verified.code, 0, verified.stdout);
  await house.restart();
  client = house.client;
});

test('a person is erased by the command, while a server runs and without',
  async () => {
    for (const isRunning of [true, false]) {
      const email = `${fresh('cli')}@gone.example`;
      const made = await client.ok('POST', '/v1/customers', { emails: [email] });
      if (!isRunning) await house.server.stop();
      const done = await house.store.run(['erase', '--email', email, '--json']);
      assert.equal(done.code, 0, done.stderr);
      assert.equal(JSON.parse(done.stdout).customer_id, made.id);
      const twice = await house.store.run(['erase', made.id]);
      assert.equal(twice.code, 0, twice.stderr);
      const none = await house.store.run(['erase', '--email', email]);
      assert.equal(none.code, 1);
      if (!isRunning) {
        await house.restart();
        client = house.client;
      }
    }
    assert.equal((await house.store.run(['erase'])).code, 2);
  });
