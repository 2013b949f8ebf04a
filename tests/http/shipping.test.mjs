// shipping.test.mjs - parcels, labels, carriers (A5, I23, I24).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, Shop, uuid } from './lib/shop.mjs';

let house, shop, client, account;
const address = { name: 'Ada Lovelace', line1: 'Unter den Linden 1',
  city: 'Berlin', postal_code: '10117', country: 'DE' };
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { location: { address: { name: 'Wharf',
    line1: 'Kai 1', city: 'Hamburg', postal_code: '20457', country: 'DE' } } });
  account = await client.ok('POST', '/v1/carrier-accounts', {
    code: fresh('own'), carrier: 'own', gs1_prefix: '4012345',
    services: [{ code: 'std', title: 'Standard' }] });
});
after(() => house?.stop());

// An order whose units may be packed: [sku, quantity] ...
async function sold(lines, more = {}) {
  const order = await shop.placed(lines.map(([s, q]) => [s, q, 1000]),
    { shipping_address: address, ...more });
  const fo = await eventually(async () => (await client.ok('GET',
    `/v1/fulfillment-orders?order=${order.id}`)).items[0]);
  return { order, fo };
}
async function packed(lines, more = {}) {
  const { order, fo } = await sold(lines, more);
  const { items } = await client.ok('POST', '/v1/packages', {
    fulfillment_order_id: fo.id, suggest: true, pick: true, close: true });
  return { order, fo, packages: items };
}
const get = (p) => client.ok('GET', `/v1/packages/${p.id}`);
const act = (p, name, body = {}) => client.post(`/v1/packages/${p.id}/${name}`,
  { version: p.version, ...body });
async function did(p, name, body) {
  const reply = await act(p, name, body);
  assert.ok(reply.status < 300, `${name}: ${reply.text}`);
  return reply.json;
}
const until = (p, state) => eventually(async () => {
  const now = await get(p);
  return now.state === state && now;
});
async function labelled(p, more = {}) {
  await did(p, 'label', { account: account.code, ...more });
  return until(p, 'labelled');
}
const thing = { weight_g: 400, length_mm: 100, width_mm: 100, height_mm: 100 };

test('boxes and accounts are kept with their versions', async () => {
  const box = await client.ok('POST', '/v1/boxes', { code: fresh('box'),
    length_mm: 200, width_mm: 100, height_mm: 100, weight_g: 80,
    is_active: false });
  const url = `/v1/boxes/${box.id}`;
  const now = await client.ok('PATCH', url, { version: 1, max_weight_g: 900 });
  assert.deepEqual([now.version, now.max_weight_g, now.length_mm],
    [2, 900, 200]);
  const stale = await client.patch(url, { version: 1, name: 'x' });
  assert.deepEqual([stale.status, stale.json.code], [409, 'stale']);
  const twice = await client.post('/v1/boxes', { code: box.code, length_mm: 1,
    width_mm: 1, height_mm: 1 });
  assert.equal(twice.json.code, 'code_taken');
  assert.equal(account.services[0].code, 'std');
  const bad = await client.post('/v1/carrier-accounts', { code: fresh('a'),
    carrier: 'own', gs1_prefix: '12' }, { isBad: true });
  assert.deepEqual([bad.status, bad.json.field], [422, 'gs1_prefix']);
  const none = await client.post('/v1/carrier-accounts', { code: fresh('a'),
    carrier: 'pigeon' });
  assert.equal(none.json.code, 'carrier_unknown');
  const bare = await client.post('/v1/carrier-accounts', { code: fresh('a'),
    carrier: 'relay', settings: { url: 'https://x.example.org' } });
  assert.deepEqual([bare.status, bare.json.field], [422, 'secret']);
  const relay = await client.ok('POST', '/v1/carrier-accounts', {
    code: fresh('a'), carrier: 'relay', secret: 'hush',
    settings: { url: 'https://x.example.org' }, is_active: false });
  assert.equal(relay.has_secret, true);
  assert.ok(!JSON.stringify(relay).includes('hush'));
  assert.deepEqual((await client.ok('GET', '/v1/carriers')).items
    .map((c) => c.name), ['own', 'relay']);
});

test('units are scanned into a package and leave with it (A4.06, A5.01)',
  async () => {
    const [a, b, other] = [fresh('a'), fresh('b'), fresh('c')];
    const code = fresh('ean');
    await shop.stock(a, 5, { ...thing, barcode: code });
    await shop.stock(b, 5, thing);
    await shop.stock(other, 5, thing);
    const { order, fo } = await sold([[a, 2], [b, 1]]);
    let { items: [p] } = await client.ok('POST', '/v1/packages',
      { fulfillment_order_id: fo.id, pick: true });
    const scan = (body) => client.post(`/v1/packages/${p.id}/scan`, body);
    const early = await scan({ barcode: code });
    assert.deepEqual([early.status, early.json.code], [422, 'over_packed'],
      'nothing is picked yet');
    const voided = await did(p, 'void');
    assert.equal(voided.state, 'voided');
    const all = await client.ok('POST', '/v1/packages', { pick: true,
      fulfillment_order_id: fo.id, items: [{ line: 1, quantity: 1 },
        { sku: b, quantity: 1 }] });
    [p] = all.items;
    assert.equal(p.weight_g, 800);
    // The second unit of a is picked by another package that is emptied again.
    const [q] = (await client.ok('POST', '/v1/packages', { pick: true,
      fulfillment_order_id: fo.id, items: [{ sku: code, quantity: 1 }] }))
      .items;
    await did(q, 'void');
    const wrong = await scan({ sku: other });
    assert.deepEqual([wrong.status, wrong.json.code, wrong.json.field],
      [422, 'wrong_item', 'sku']);
    const both = await scan({ sku: a, barcode: code });
    assert.deepEqual([both.status, both.json.code, both.json.detail],
      [422, 'one_of', 'goes without barcode']);
    const items = (...list) => client.post('/v1/packages',
      { fulfillment_order_id: fo.id, items: list });
    for (const [item, said, field] of [
      [{ line: 9, quantity: 1 }, 'line_unknown', 'items[1].line'],
      [{ sku: other, quantity: 1 }, 'wrong_item', 'items[1].sku'],
      [{ line: 2, quantity: 9 }, 'over_packed', 'items[1].quantity']]) {
      const bad = await items({ line: 1, quantity: 1 }, item);
      assert.deepEqual([bad.status, bad.json.code, bad.json.field],
        [422, said, field], bad.text);
    }
    const one = { barcode: code, scan_id: uuid() };
    const first = await scan(one);
    assert.equal(first.status, 200, first.text);
    const again = await scan(one);
    assert.equal(again.json.items[0].quantity, 2);
    assert.equal(again.json.version, first.json.version);
    const reused = await scan({ ...one, quantity: 2 });
    assert.equal(reused.json.code, 'scan_id_reused');
    const over = await scan({ sku: a });
    assert.deepEqual([over.status, over.json.code], [422, 'over_packed']);
    assert.match(over.json.detail, /at most 0 /);
    p = await did(first.json, 'close', { weight_g: 1500 });
    const open = await scan({ sku: a });
    assert.equal(open.json.code, 'package_closed');
    const unlabelled = await act(p, 'ship');
    assert.equal(unlabelled.status, 409);
    assert.match(unlabelled.json.detail, /^ship is refused in state draft; allowed: pack, label,/);
    p = await labelled(p);
    assert.match(p.tracking, /^\d{20}$/);
    assert.match(p.sscc, /^\d{18}$/);
    assert.equal(p.label.state, 'bought');
    assert.equal((await shop.level(a)).on_hand, 5);
    p = await did(p, 'ship');
    assert.equal(p.state, 'manifested');
    const level = await shop.level(a);
    assert.deepEqual([level.on_hand, level.committed], [3, 0]);
    const done = await client.ok('GET', `/v1/orders/${order.id}`);
    assert.equal(done.status, 'completed');
    assert.equal(done.fulfillment_status, 'fulfilled');
  });

test('where no box is known all units are one package', async () => {
  const [a, b] = [fresh('a'), fresh('b')];
  await shop.stock(a, 5, thing);
  await shop.stock(b, 5, thing);
  const { packages } = await packed([[a, 3], [b, 2]]);
  assert.deepEqual(packages.map((p) => [p.box, p.weight_g,
    p.items.map((i) => i.quantity)]), [[null, 2000, [3, 2]]]);
});

test('boxes are suggested by size and weight (A5.13)', async () => {
  const s = fresh('s'), small = fresh('small'), large = fresh('large');
  await client.ok('POST', '/v1/boxes', { code: small, length_mm: 210,
    width_mm: 110, height_mm: 110, weight_g: 50,
    location_id: shop.location.id });
  await client.ok('POST', '/v1/boxes', { code: large, length_mm: 200,
    width_mm: 200, height_mm: 200, weight_g: 150, max_weight_g: 4000,
    location_id: shop.location.id });
  await shop.stock(s, 20, thing);
  const { packages } = await packed([[s, 10]]);
  assert.deepEqual(packages.map((p) => [p.box, p.items[0].quantity,
    p.weight_g]), [[large, 8, 3350], [small, 2, 850]]);
});

test('a label is void, and another bought; addresses are seen to first',
  async () => {
    const s = fresh('s');
    await shop.stock(s, 20, thing);
    let { packages: [p] } = await packed([[s, 1]]);
    p = await labelled(p);
    assert.deepEqual(p.choice.offers.map((o) => [o.account, o.service,
      o.verdict, o.why]), [[account.code, 'std', 'only', 'not_priced']],
    'no table prices it, and nothing else was there');
    const stale = await act({ ...p, version: 1 }, 'label/void');
    assert.equal(stale.json.code, 'stale');
    const first = p.tracking;
    await did(p, 'label/void');
    p = await until(p, 'draft');
    assert.equal(p.tracking, null);
    p = await labelled(p);
    assert.notEqual(p.tracking, first);
    await did(p, 'void');
    p = await until(p, 'voided');
    const { packages: [q] } = await packed([[s, 1]], { shipping_address:
      { name: 'Ada', city: 'Berlin', country: 'DE', postal_code: '10117' } });
    const bad = await act(q, 'label', { account: account.code });
    assert.deepEqual([bad.status, bad.json.code, bad.json.field],
      [422, 'address_incomplete', 'shipping_address.line1']);
    const odd = await act(q, 'label', { account: account.code, service: 'x' });
    assert.equal(odd.json.code, 'service_unknown');
    const own = await did(q, 'label/record', { carrier: 'post',
      tracking: fresh('T') });
    assert.equal(own.state, 'labelled');
    const list = await client.ok('GET', `/v1/packages?tracking=${own.tracking}`);
    assert.deepEqual(list.items.map((x) => x.id), [q.id]);
  });

test('nothing is bought while outbound work is paused', async () => {
  const s = fresh('s');
  await shop.stock(s, 5, thing);
  let { packages: [p] } = await packed([[s, 1]]);
  await client.ok('POST', '/v1/system/outbound/pause', { reason: 'test' });
  await did(p, 'label', { account: account.code });
  await new Promise((r) => setTimeout(r, 300));
  p = await get(p);
  assert.equal(p.state, 'label_pending');
  p = await did(p, 'label/void'); // Withdrawn: no carrier was asked.
  assert.equal(p.state, 'draft');
  await did(p, 'label', { account: account.code });
  await client.ok('POST', '/v1/system/outbound/resume', {});
  await until(p, 'labelled');
});

test('a manifest ships what waits; facts never go back (A5.14, I24)',
  async () => {
    const s = fresh('s');
    await shop.stock(s, 20, thing);
    const [one, two] = [await packed([[s, 1]]), await packed([[s, 2]])];
    let p = await labelled(one.packages[0]);
    const q = await labelled(two.packages[0]);
    const body = { location: shop.location.code, account: account.code,
      packages: [p.id, q.id] };
    const strange = await client.post('/v1/manifests',
      { ...body, packages: [p.id, `pkg_${'0'.repeat(12)}1`] });
    assert.deepEqual([strange.status, strange.json.field],
      [404, 'packages[1].id']);
    const { packages: [loose] } = await packed([[s, 1]]);
    const other = await client.post('/v1/manifests',
      { ...body, packages: [p.id, loose.id] });
    assert.deepEqual([other.json.code, other.json.field],
      ['other_manifest', 'packages[1]']);
    const manifest = await client.ok('POST', '/v1/manifests', body);
    assert.equal(manifest.packages, 2);
    assert.equal((await client.ok('GET', '/v1/manifests?limit=1')).items[0].id,
      manifest.id);
    const again = await client.post('/v1/manifests', body);
    assert.deepEqual([again.status, again.json.code], [409, 'state']);
    const told = await eventually(async () => {
      const now = await client.ok('GET', `/v1/manifests/${manifest.id}`);
      return now.state === 'confirmed' && now;
    });
    assert.ok(told.confirmation);
    assert.equal((await shop.level(s)).on_hand, 17);
    p = await get(p);
    assert.deepEqual([p.state, p.manifest_id], ['manifested', manifest.id]);
    const say = (...items) => client.ok('POST',
      `/v1/packages/${p.id}/tracking`, { items });
    const at = (h) => `2026-11-20T${String(h).padStart(2, '0')}:00:00Z`;
    await say({ code: 'out_for_delivery', occurred_at: at(9) });
    const late = { code: 'in_transit', occurred_at: at(5), text: 'Hub' };
    let now = await say(late, late);
    assert.deepEqual(now.items.map((t) => [t.code, t.is_applied]),
      [['in_transit', false], ['out_for_delivery', true]]);
    assert.equal(now.state, 'out_for_delivery');
    now = await say({ code: 'delivered', occurred_at: at(11) },
      { code: 'delayed', occurred_at: at(12) });
    assert.equal(now.state, 'delivered');
    assert.equal((await get(p)).delivered_at, '2026-11-20T11:00:00.000Z');
  });

test('what its carrier has is shipped; accounts hear of many',
  async () => {
    const s = fresh('s');
    await shop.stock(s, 5, thing);
    const { packages: [draft], order } = await packed([[s, 2]]);
    const p = await labelled(draft);
    const taken = await client.ok('POST',
      `/v1/carrier-accounts/${account.id}/tracking`, { items: [
        { tracking: p.tracking, code: 'accepted', id: 'e1' },
        { tracking: p.tracking, code: 'accepted', id: 'e1' },
        { tracking: 'nobody', code: 'delivered' }] });
    assert.deepEqual(taken, { received: 3, known: 2 });
    assert.equal((await get(p)).state, 'in_transit');
    assert.equal((await shop.level(s)).on_hand, 3);
    const done = await client.ok('GET', `/v1/orders/${order.id}`);
    assert.equal(done.status, 'completed');
    const list = await client.ok('GET', `/v1/packages/${p.id}/tracking`);
    assert.equal(list.items.length, 1);
  });

test('a carrier is asked to come (A5.15)', async () => {
  const soon = new Date(Date.now() + 3600e3).toISOString();
  const later = new Date(Date.now() + 7200e3).toISOString();
  const want = (more) => client.post('/v1/carrier-pickups', {
    location: shop.location.code, account: account.code, ready_at: soon,
    until: later, packages: 3, ...more });
  assert.equal((await want({ until: soon })).json.code, 'window_invalid');
  const { json } = await want();
  const now = await eventually(async () => {
    const got = await client.ok('GET', `/v1/carrier-pickups/${json.id}`);
    return got.state === 'confirmed' && got;
  });
  assert.ok(now.confirmation);
  const { json: next } = await want();
  const listed = await client.all('/v1/carrier-pickups', 1);
  assert.deepEqual(listed.slice(0, 2).map((one) => one.id), [next.id, json.id]);
  const gone = await client.ok('POST', `/v1/carrier-pickups/${now.id}/cancel`,
    { version: now.version });
  assert.equal(gone.state, 'cancelled');
});

test('labels in bulk: each item for itself (A5.05)', async () => {
  const s = fresh('s');
  await shop.stock(s, 100, thing);
  const sales = await Promise.all(Array.from({ length: 12 }, (_, i) =>
    sold([[s, 1]], i === 5 ? { shipping_address:
      { name: 'A', city: 'B', country: 'DE' } } : {})));
  const { json: job } = await client.post('/v1/label-jobs', {
    account: account.code, fulfillment_orders: sales.map((x) => x.fo.id) });
  assert.equal(job.total, 12);
  const done = await eventually(async () => {
    const now = await client.ok('GET', `/v1/label-jobs/${job.id}`);
    return now.state === 'done' && now;
  });
  assert.deepEqual([done.bought, done.refused], [11, 1]);
  const { items } = await client.ok('GET', `/v1/label-jobs/${job.id}/items`);
  assert.deepEqual([items[5].state, items[5].code, items[5].field],
    ['refused', 'address_incomplete', 'shipping_address.line1']);
  const numbers = new Set();
  for (const item of items.filter((i) => i.state === 'bought'))
    numbers.add((await get({ id: item.package_id })).tracking);
  assert.equal(numbers.size, 11);
  const merged = await client.get(`/v1/label-jobs/${job.id}/labels`);
  assert.match(merged.text, /^%PDF/);
  const zpl = await client.get(`/v1/label-jobs/${job.id}/labels?format=zpl`);
  assert.equal(zpl.text.match(/\^XA/g).length, 11);
  const over = await client.post(`/v1/label-jobs/${job.id}/cancel`,
    { version: done.version });
  assert.equal(over.json.code, 'job_over');
});

test('lots come out of a package and leave with it (A19.01)', async () => {
  const s = fresh('s');
  const sku = await shop.stock(s, 0, thing);
  await client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
    { version: 0, is_lot_tracked: true });
  await client.ok('POST', '/v1/receipts', { location: shop.location.code,
    lines: [{ sku: s, quantity: 4, lot: 'L1' }, { sku: s, quantity: 4,
      lot: 'L2' }] });
  const { fo } = await sold([[s, 3]]);
  const { items: [p] } = await client.ok('POST', '/v1/packages', {
    fulfillment_order_id: fo.id, pick: true, close: true, items: [
      { sku: s, quantity: 2, lot: 'L1' }, { sku: s, quantity: 1, lot: 'L2' }] });
  assert.deepEqual(p.items[0].lots, [{ lot: 'L1', quantity: 2 },
    { lot: 'L2', quantity: 1 }]);
  for (const [item, code, field] of [
    [{ line: 1, quantity: 1 }, 'names_required', 'lot'],
    [{ line: 1, quantity: 4 }, 'over_unpacked', 'quantity'],
    [{ line: 2, quantity: 1 }, 'not_packed', 'line'],
    [{ sku: s, quantity: 2, lot: 'L2' }, 'not_packed', 'lot'],
    [{ sku: s, quantity: 1, serials: ['N1'] }, 'not_packed', 'serials']]) {
    const bad = await act(p, 'unpack', { items: [item] });
    assert.deepEqual([bad.status, bad.json.code, bad.json.field],
      [422, code, `items[0].${field}`], bad.text);
  }
  const open = await did(p, 'unpack',
    { items: [{ line: 1, quantity: 1, lot: 'L2' }] });
  assert.deepEqual([open.items[0].quantity, open.items[0].lots, open.is_closed,
    p.weight_g - open.weight_g], [2, [{ lot: 'L1', quantity: 2 }], false,
    thing.weight_g]);
  const stale = await act(p, 'unpack', { items: [{ line: 1, quantity: 1 }] });
  assert.deepEqual([stale.status, stale.json.code], [409, 'stale']);
  const left = await client.ok('GET', `/v1/fulfillment-orders/${fo.id}`);
  assert.deepEqual([left.lines[0].picked, left.lines[0].packed], [3, 2]);
  const back = await client.ok('POST', `/v1/packages/${p.id}/scan`,
    { sku: s, lot: 'L2' });
  const now = await labelled(await did(back, 'close'));
  const shipped = await did(now, 'ship');
  assert.equal(shipped.state, 'manifested');
  assert.equal((await shop.level(s)).on_hand, 5);
  const { items } = await client.ok('GET', `/v1/recalls?sku=${s}&lot=L1`);
  assert.deepEqual(items.map((i) => [i.package_id, i.quantity, i.buyer.name]),
    [[p.id, 2, 'Ada Lovelace']]);
  const both = await client.get(`/v1/recalls?sku=${s}`);
  assert.equal(both.json.code, 'one_filter');
});

test('a scan of another number is another scan (I21)', async () => {
  const s = fresh('s');
  const sku = await shop.stock(s, 0, thing);
  await client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
    { version: 0, is_serial_tracked: true });
  await client.ok('POST', '/v1/receipts', { location: shop.location.code,
    lines: [{ sku: s, quantity: 2, serials: ['N1', 'N2'] }] });
  const { fo } = await sold([[s, 2]]);
  const make = async (more) => (await client.ok('POST', '/v1/packages',
    { fulfillment_order_id: fo.id, ...more })).items[0];
  await did(await make({ pick: true, items: [{ line: 1, quantity: 2,
    serials: ['N1', 'N2'] }] }), 'void');
  const p = await make({});
  const scan = (serial, scanId) => client.post(`/v1/packages/${p.id}/scan`,
    { sku: s, serials: [serial], scan_id: scanId });
  assert.equal((await scan('N1', 'one')).status, 200);
  assert.equal((await scan('N1', 'one')).json.items[0].quantity, 1);
  const other = await scan('N2', 'one');
  assert.deepEqual([other.status, other.json.code], [409, 'scan_id_reused']);
  const both = await scan('N2', 'two');
  assert.deepEqual(both.json.items[0].serials, ['N1', 'N2']);
  // One comes out again, by its number.
  for (const [serials, quantity, code] of [[['N3'], 1, 'not_packed'],
    [['N1'], 2, 'serials_count'], [['N1', 'N1'], 2, 'not_packed']]) {
    const bad = await act(both.json, 'unpack',
      { items: [{ sku: s, quantity, serials }] });
    assert.deepEqual([bad.status, bad.json.code, bad.json.field],
      [422, code, 'items[0].serials'], bad.text);
  }
  const one = await did(both.json, 'unpack',
    { items: [{ sku: s, quantity: 1, serials: ['N1'] }] });
  assert.deepEqual([one.items[0].quantity, one.items[0].serials], [1, ['N2']]);
  assert.equal((await scan('N1', 'three')).json.items[0].quantity, 2);
});

test('a kit comes out of a package whole, or its components (A5.02)',
  async () => {
    const [kit, a, b] = ['k', 'a', 'b'].map(fresh);
    await shop.stock(a, 9, thing);
    await shop.stock(b, 9, thing);
    const set = await shop.stock(kit, 0, { ...thing, is_tracked: false });
    await client.ok('PUT', `/v1/skus/${set.id}/components`, {
      version: set.version, components: [
      { sku: a, quantity: 1 }, { sku: b, quantity: 2 }] });
    const { fo, packages: [p] } = await packed([[kit, 2]]);
    const units = (q) => Object.fromEntries(
      q.items.map((item) => [item.sku, item.quantity]));
    assert.deepEqual(units(p), { [a]: 2, [b]: 4 });
    const counted = async () => (await client.ok('GET',
      `/v1/fulfillment-orders/${fo.id}`)).lines[0].packed;
    // A component alone: the kit that lacks it is not packed.
    let now = await did(p, 'unpack', { items: [{ sku: b, quantity: 1 }] });
    assert.deepEqual([units(now), await counted()], [{ [a]: 2, [b]: 3 }, 1]);
    const half = await act(now, 'close');
    assert.deepEqual([half.status, half.json.code], [409, 'kit_incomplete'],
      half.text);
    now = await client.ok('POST', `/v1/packages/${now.id}/scan`, { sku: b });
    assert.equal(await counted(), 2);
    now = await did(now, 'unpack', { items: [{ sku: kit, quantity: 1 }] });
    assert.deepEqual([units(now), await counted()], [{ [a]: 1, [b]: 2 }, 1]);
    const over = await act(now, 'unpack', { items: [{ line: 1, quantity: 2 }] });
    assert.equal(over.json.code, 'over_unpacked', over.text);
    const done = await did(await labelled(await did(now, 'close')), 'ship');
    assert.equal(done.state, 'manifested');
    assert.deepEqual([(await shop.level(a)).on_hand,
      (await shop.level(b)).on_hand], [8, 7]);
  });

test('lots named at the shelf are found by a recall (A19.02)', async () => {
  const s = fresh('s');
  const sku = await shop.stock(s, 0, thing);
  await client.ok('PUT', `/v1/inventory/unit-policies/${sku.id}`,
    { version: 0, is_lot_tracked: true });
  await client.ok('POST', '/v1/receipts', { location: shop.location.code,
    lines: [{ sku: s, quantity: 4, lot: 'P1' }] });
  const { fo } = await sold([[s, 2]]);
  const url = '/v1/pick-tasks';
  const { tasks: [made] } = await client.ok('POST', url,
    { mode: 'single', fulfillment_orders: [fo.id] });
  await client.ok('POST', `${url}/${made.id}/start`,
    { version: made.version });
  const scanned = await client.ok('POST', `${url}/${made.id}/scan`,
    { sku: s, quantity: 2, lot: 'P1' });
  await client.ok('POST', `${url}/${made.id}/complete`,
    { version: scanned.task.version });
  const { items: [p] } = await client.ok('POST', '/v1/packages',
    { fulfillment_order_id: fo.id, suggest: true, close: true });
  const where = async (query) => (await client.ok('GET',
    `/v1/packages?limit=250&${query}`)).items.map((i) => i.id);
  const there = `location=${shop.location.code}`;
  assert.ok((await where(`state=draft&${there}`)).includes(p.id));
  assert.ok((await where('state=draft')).includes(p.id));
  assert.ok(!(await where(`state=labelled&${there}`)).includes(p.id));
  const alone = await client.get(`/v1/packages?${there}`);
  assert.deepEqual([alone.status, alone.json.code, alone.json.field],
    [422, 'filter_unsupported', 'location']);
  await did(await labelled(p), 'ship');
  const { items } = await client.ok('GET', `/v1/recalls?sku=${s}&lot=P1`);
  assert.deepEqual(items.map((i) => [i.package_id, i.quantity]), [[p.id, 2]]);
});

test('labels, slips, customs forms and manifests are files (A5.03, A5.04, A19.05)',
  async () => {
    const s = fresh('s');
    await shop.stock(s, 5, { ...thing, hs_code: '640399', origin: 'DE' });
    const fee = (kind, amount) =>
      ({ title: kind, kind, amount: { amount, currency: 'EUR' } });
    const { order, packages: [draft] } = await packed([[s, 2]], {
      shipping_address: { ...address, name: 'علي حسن', country: 'CH' },
      incoterm: 'DDP', fees: [fee('duty', 310), fee('import_tax', 155),
        { title: 'Gift box', amount: { amount: 200, currency: 'EUR' } }] });
    const { incoterm, landed_cost: landed } = await client.ok('GET', `/v1/orders/${order.id}`);
    assert.deepEqual([incoterm, landed.is_prepaid, landed.duties.amount,
      landed.import_tax.amount], ['DDP', true, 310, 155]);
    const none = await client.get(`/v1/packages/${draft.id}/label`);
    assert.equal(none.json.code, 'label_missing');
    const p = await labelled(draft);
    const file = async (url, type) => {
      const reply = await client.get(url);
      assert.equal(reply.status, 200, reply.text.slice(0, 200));
      assert.equal(reply.contentType, type);
      return reply.text;
    };
    const pdf = 'application/pdf', url = `/v1/packages/${p.id}`;
    assert.match(await file(`${url}/label`, pdf), /^%PDF/);
    const zpl = await file(`${url}/label?format=zpl`, 'application/zpl');
    assert.match(zpl, /^\^XA/);
    // In words, and with the sender's country where the other is another one;
    // the buyer's address is drawn, as is all beside a name in Arabic.
    for (const words of ['Own delivery', 'Standard', 'GERMANY'])
      assert.ok(zpl.includes(`^FD${words}^FS`), `${words}: ${zpl}`);
    const { packages: [home] } = await packed([[s, 1]]);
    const named = await client.ok('POST', '/v1/carrier-accounts', {
      code: fresh('own'), name: 'Harbour Post', carrier: 'own',
      services: [{ code: 'eco' }] });
    const near = await labelled(home, { account: named.code });
    const other = await file(`/v1/packages/${near.id}/label?format=zpl`,
      'application/zpl');
    for (const words of ['Harbour Post', 'eco'])
      assert.ok(other.includes(`^FD${words}^FS`), `${words}: ${other}`);
    assert.doesNotMatch(other, /GERMANY/);
    assert.match(await file(`${url}/slip?prices=true`, pdf), /^%PDF/);
    for (const form of ['invoice', 'cn22', 'cn23']) {
      const { bytes } = await client.get(`${url}/customs?form=${form}`);
      const words = execFileSync('pdftotext', ['-', '-'], { input: bytes,
        encoding: 'utf8' });
      assert.match(words, /640399/);
      if (form !== 'cn22') assert.match(words, /DDP/); // It has no room for it.
    }
    const manifest = await client.ok('POST', '/v1/manifests', {
      location: shop.location.code, account: account.code, packages: [p.id] });
    assert.match(await file(`/v1/manifests/${manifest.id}/file`, pdf), /^%PDF/);
  });

test('rates are shopped by price, speed and promise (A5.11, A5.12)',
  async () => {
    const set = async (name, body) => {
      const now = await client.ok('GET', `/v1/routing/${name}`);
      return client.ok('PUT', `/v1/routing/${name}`,
        { version: now.version, ...body });
    };
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    await set('zones', { items: [{ code: 'home', tz: 'Europe/Berlin',
      places: [{ country: 'DE' }] }] });
    await set('services', { items: ['slow', 'quick'].map((code) =>
      ({ code, days, deliver_by: '18:00' })) });
    await set('transit', { csv: 'from,to,service,days\n' +
      ',home,slow,4\n,home,quick,1\n' });
    await set('rates', { csv: 'from,to,service,up_to_g,amount,currency\n' +
      ',home,slow,2000,500,EUR\n,home,quick,1000,900,EUR\n' });
    const services = [{ code: 'a', routing_service: 'slow' },
      { code: 'b', routing_service: 'quick', discount_ppm: 300000,
        volume_divisor: 5000 }];
    const shopped = await client.ok('POST', '/v1/carrier-accounts',
      { code: fresh('own'), carrier: 'own', services });
    const s = fresh('s');
    await shop.stock(s, 9, thing);
    const pack = async (more) => (await client.ok('POST', '/v1/packages', {
      pick: true, close: true, fulfillment_order_id: (await sold([[s, 1]])).fo
        .id, items: [{ line: 1, quantity: 1 }], ...more })).items[0];
    const p = await pack({ weight_g: 1500 });
    const url = `/v1/packages/${p.id}/rates?account=${shopped.code}`;
    const rates = await client.ok('GET', url);
    assert.equal(rates.zone, 'home');
    assert.deepEqual(rates.offers.map((o) => [o.service, o.verdict,
      o.list_price?.amount, o.price?.amount, o.savings?.amount]),
    [['a', 'chosen', 500, 500, 0], ['b', 'refused', undefined, undefined,
      undefined]]);
    const q = await pack({});
    const fast = await client.ok('GET',
      `/v1/packages/${q.id}/rates?account=${shopped.code}&mode=fastest`);
    assert.deepEqual(fast.offers.map((o) => [o.verdict, o.price.amount,
      o.days]), [['slower', 500, 4], ['chosen', 630, 1]]);
    const done = await labelled(q, { account: shopped.code, mode: 'fastest' });
    assert.deepEqual([done.service, done.list_price.amount, done.price.amount,
      done.savings.amount], ['b', 900, 630, 270]);
    assert.equal(done.choice.offers.length, 2);
    // What comes back was promised to nobody: it need not hurry.
    const { fo } = await sold([[s, 1]], { service: 'quick' });
    const { items: [hasty] } = await client.ok('POST', '/v1/packages',
      { fulfillment_order_id: fo.id, pick: true, suggest: true, close: true });
    const sent = await labelled(hasty, { account: shopped.code });
    assert.equal(sent.service, 'b');
    await did(sent, 'ship');
    const back = await client.post(`/v1/packages/${sent.id}/return-label`,
      { account: shopped.code });
    assert.equal(back.status, 202, back.text);
    assert.equal(back.json.service, 'a');
    assert.equal(back.json.choice.promise_at, undefined);
  });
