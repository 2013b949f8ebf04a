// delivery.test.mjs - an order learns from its parcels what arrived (A6.02).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Parcels } from './lib/parcels.mjs';
import { fresh, logged, skuBody } from './lib/shop.mjs';

let it, shop, client;
before(async () => {
  it = await Parcels.open();
  ({ shop, client } = it);
});
after(() => it?.house.stop());

const thing = { weight_g: 400 };
const at = (minute) =>
  `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const events = async ({ id }, types) => (await client.ok('GET',
  `/v1/events?subject=${id}&type=${types}`)).items;

test('what arrived is counted by line, and never taken back (I24)',
  async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    await shop.stock(a, 9, thing);
    await shop.stock(b, 9, thing);
    const { order, packages: [p, q] } = await it.packed([[a, 3], [b, 1]],
      { items: [[{ line: 1, quantity: 2 }],
        [{ line: 1, quantity: 1 }, { line: 2, quantity: 1 }]] });
    const seen = [];
    const see = async (status, ...delivered) => {
      const now = await it.order(order);
      assert.equal(now.delivery_status, status);
      assert.deepEqual(now.lines.map((l) => l.delivered), delivered);
      seen.push(now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return now;
    };
    await see('none', 0, 0);
    await it.shipped(p);
    await see('partially_in_transit', 0, 0);
    await it.say(p, { code: 'delivered', occurred_at: at(30), id: 'd1' });
    await see('partially_delivered', 2, 0);
    await it.shipped(q);
    const whole = await see('partially_delivered', 2, 0);
    assert.equal(whole.status, 'completed');
    await it.say(q, { code: 'delayed', occurred_at: at(31) });
    await see('exception', 2, 0);
    await it.say(q, { code: 'in_transit', occurred_at: at(32) });
    await see('partially_delivered', 2, 0);
    await it.say(q, { code: 'delivered', occurred_at: at(40), id: 'd2' });
    const last = await see('delivered', 3, 1);
    // Told again, late, or out of turn: nothing changes, nothing goes back.
    await it.say(p, { code: 'delivered', occurred_at: at(30), id: 'd1' });
    await it.say(p, { code: 'delivered', occurred_at: at(35), id: 'd3' },
      { code: 'out_for_delivery', occurred_at: at(10) },
      { code: 'returning', occurred_at: at(50) },
      { code: 'lost', occurred_at: at(51) });
    await it.say(q, { code: 'attempt_failed', occurred_at: at(33) });
    const end = await it.order(order);
    assert.deepEqual([end.version, end.delivery_status],
      [last.version, 'delivered']);

    await logged(client);
    const told = await events(order, 'order.delivered,order.delivery_changed');
    assert.deepEqual(told.map((e) => [e.type, e.data.package_id]), [
      ['order.delivered', p.id], ['order.delivery_changed', q.id],
      ['order.delivery_changed', q.id], ['order.delivered', q.id]]);
    assert.ok(!JSON.stringify(told).includes('Lovelace'));
    for (const was of seen) { // As it was known then.
      const then = await it.order(order, `?at=${was.updated_at}`);
      assert.deepEqual([then.version, then.delivery_status, then.lines],
        [was.version, was.delivery_status, was.lines]);
    }
  });

test('an order is in trouble until none of its parcels is', async () => {
  const s = fresh('s');
  await shop.stock(s, 9, thing);
  const { order, packages: [p, q] } = await it.packed([[s, 2]],
    { items: [[{ line: 1, quantity: 1 }], [{ line: 1, quantity: 1 }]] });
  // Facts out of turn: the parcel is shipped by the first.
  for (const x of [p, q]) await it.labelled(x);
  await it.say(p, { code: 'lost', occurred_at: at(5) });
  await it.say(q, { code: 'address_wrong', occurred_at: at(5) });
  const status = async () => (await it.order(order)).delivery_status;
  assert.equal(await status(), 'exception');
  await it.say(q, { code: 'delivered', occurred_at: at(9) });
  assert.equal(await status(), 'exception');
  await it.say(p, { code: 'delivered', occurred_at: at(9) });
  assert.equal(await status(), 'delivered');
});

test('many parcels are told of by number; a kit arrives as one', async () => {
  const [s, part, kit] = [fresh('s'), fresh('p'), fresh('k')];
  await shop.stock(s, 9, thing);
  await shop.stock(part, 9, thing);
  const { id } = await client.ok('POST', '/v1/skus',
    skuBody({ code: kit, is_tracked: false }));
  await client.ok('PUT', `/v1/skus/${id}/components`, { version: 1,
    components: [{ sku: s, quantity: 1 }, { sku: part, quantity: 2 }] });
  const boxes = [];
  for (let i = 0; i < 3; i++) {
    const { order, packages: [p] } = await it.packed([[i ? s : kit, 1]]);
    boxes.push({ order, p: await it.labelled(p) });
  }
  const items = boxes.flatMap(({ p }) => ['accepted', 'delivered'].map(
    (code, i) => ({ tracking: p.tracking, code, occurred_at: at(i) })));
  await client.ok('POST', `/v1/carrier-accounts/${it.account.id}/tracking`,
    { items: items.reverse() });
  for (const { order } of boxes) {
    const now = await it.order(order);
    assert.deepEqual([now.delivery_status, now.lines[0].delivered,
      now.fulfillment_status], ['delivered', 1, 'fulfilled']);
  }
});

test('goods come back with a label of their own', async () => {
  const s = fresh('s');
  await shop.stock(s, 9, thing);
  const { order, packages: [p] } = await it.packed([[s, 3]]);
  const { code: account } = it.account;
  const back = (of, body = {}) => client.post(
    `/v1/packages/${of.id}/return-label`, { account, ...body });
  const early = await back(p);
  assert.deepEqual([early.status, early.json.code], [409, 'not_shipped']);
  await it.shipped(p);
  await it.say(p, { code: 'delivered' });
  const before = await it.order(order), stock = await shop.level(s);

  const stale = await back(p, { version: p.version });
  assert.deepEqual([stale.status, stale.json.code], [409, 'stale']);
  const { version } = await it.get(p);
  const part = await back(p, { version, items: [{ line: 1, quantity: 1 }] });
  assert.equal(part.status, 202, part.text);
  const r = await it.until(part.json, 'labelled');
  assert.deepEqual([r.kind, r.returns_package_id, r.order_id, r.weight_g,
    r.items.map((i) => [i.line, i.quantity])],
  ['return', p.id, order.id, 400, [[1, 1]]]);
  assert.equal((await it.get(p)).kind, 'outbound');
  assert.notEqual(r.tracking, p.tracking);
  const zpl = (await client.get(`/v1/packages/${r.id}/label?format=zpl`)).text;
  const words = [...zpl.matchAll(/\^FD([^^]*)\^FS/g)].map(([, text]) => text);
  assert.ok(words.includes('RETURN TO'), words.join());
  assert.ok(words.indexOf('Ada Lovelace') < words.indexOf('RETURN TO'));
  assert.ok(words.indexOf('RETURN TO') < words.indexOf('Wharf'));
  const sheet = await client.get(`/v1/packages/${r.id}/return-sheet`);
  assert.match(sheet.text, /^%PDF/);
  const none = await client.get(`/v1/packages/${p.id}/return-sheet`);
  assert.deepEqual([none.status, none.json.code], [409, 'not_a_return']);

  // No more than was sent; the buyer hands it over, not we.
  const over = await back(p, { items: [{ line: 1, quantity: 3 }] });
  assert.deepEqual([over.status, over.json.code, over.json.field],
    [422, 'over_returned', 'items[0]']);
  assert.match(over.json.detail, /at most 2/);
  const rest = await back(p);
  assert.deepEqual(rest.json.items.map((i) => i.quantity), [2]);
  assert.equal((await back(p)).json.code, 'over_returned');
  for (const [name, body] of [['return-label', { account }], ['ship', {
    version: r.version }]]) {
    const no = await client.post(`/v1/packages/${r.id}/${name}`, body);
    assert.equal(no.status, 409, no.text);
  }
  const manifest = await client.post('/v1/manifests', { account,
    location: shop.location.code, packages: [r.id] });
  assert.deepEqual([manifest.status, manifest.json.code], [409, 'is_return']);
  const q = await it.until(rest.json, 'labelled');
  await it.did(q, 'void');
  await it.until(q, 'voided');
  assert.equal((await back(p, { items: [{ line: 1, quantity: 2 }] })).status,
    202, 'a void one brings nothing back');

  // What its carrier says moves it alone.
  await it.say(r, { code: 'lost' });
  await it.say(r, { code: 'accepted' }, { code: 'delivered' });
  assert.equal((await it.get(r)).state, 'delivered');
  const { updated_at, ...after } = await it.order(order);
  const { updated_at: _, ...was } = before;
  assert.deepEqual(after, was);
  assert.deepEqual(await shop.level(s), stock);
});
