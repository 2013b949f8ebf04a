// kits.test.mjs - SKUs that are sold as others (A3.15, C3, I8).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { fresh, money, Shop, skuBody } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

// A kit of fresh components: {prefix: [quantity, units on hand]}.
async function kitOf(parts) {
  const components = [];
  for (const [prefix, [quantity, units]] of Object.entries(parts)) {
    const sku = fresh(prefix);
    await shop.stock(sku, units);
    components.push({ sku, quantity });
  }
  const kit = await house.client.ok('POST', '/v1/skus',
    skuBody({ is_tracked: false }));
  const set = await house.client.ok('PUT', `/v1/skus/${kit.id}/components`,
    { version: 1, components });
  return { ...set, parts: components.map((c) => c.sku) };
}

test('a kit is shown with its components, versioned (A3.15)', async () => {
  const kit = await kitOf({ cup: [2, 10], plate: [1, 10] });
  assert.equal(kit.is_kit, true);
  assert.equal(kit.is_tracked, false);
  assert.equal(kit.version, 2);
  assert.deepEqual(kit.components.map((c) => c.quantity), [2, 1]);
  const page = await house.client.ok('GET', `/v1/skus?code=${kit.code}`);
  assert.deepEqual(page.items[0].components, kit.components);
  const stale = await house.client.put(`/v1/skus/${kit.id}/components`,
    { version: 1, components: [] });
  assert.equal(stale.status, 409, stale.text);
  assert.equal(stale.json.code, 'stale');
  const deep = await house.client.post('/v1/skus', skuBody());
  const nested = await house.client.put(
    `/v1/skus/${deep.json.id}/components`,
    { version: 1, components: [{ sku: kit.code, quantity: 1 }] });
  assert.equal(nested.status, 422, nested.text);
  assert.equal(nested.json.code, 'component_is_kit');
  assert.equal(nested.json.field, 'components[0].sku');
  const none = await house.client.put('/v1/skus/sku_0000000000001/components',
    { version: 1, components: [] });
  assert.equal(none.status, 404, none.text);
});

test('a drop binds its SKU in kits, too (A17.03)', async () => {
  const kit = await kitOf({ cup: [2, 60], plate: [1, 60] });
  const [cup] = kit.parts;
  await house.client.ok('POST', '/v1/drops', { sku: cup, name: 'Cups',
    customer_cap: 4, ends_at: new Date(Date.now() + 3600e3).toISOString() });
  const buy = (lines, name) => shop.place(lines,
    name ? { customer: { external_id: name } } : {});
  const code = async (lines, name) => (await buy(lines, name)).json.code;
  assert.equal(await code([[kit.code, 1, 100]]), 'customer_missing');
  assert.equal(await code([[kit.code, 3, 100]], 'ann'), 'customer_cap');
  assert.equal(await code([[kit.code, 1, 100], [cup, 3, 100]], 'ann'),
    'customer_cap');
  const fits = await buy([[kit.code, 1, 100], [cup, 1, 100]], 'ann');
  assert.equal(fits.status, 201, fits.text);
  assert.equal(await code([[kit.code, 1, 100]], 'ann'), 'customer_cap');
  assert.equal((await buy([[cup, 1, 100]], 'ann')).status, 201);
  assert.equal((await buy([[kit.code, 2, 100]], 'bea')).status, 201);
});

test('200 buyers of kits and of a component: never a unit twice (C3, I6, I8, B8)',
  async () => {
    const kit = await kitOf({ cup: [2, 60], plate: [1, 25] });
    const [cup, plate] = kit.parts;
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) =>
      shop.place([[i % 2 ? kit.code : cup, 1, 100]])));
    const kits = replies.filter((r, i) => i % 2 && r.status === 201).length;
    const cups = replies.filter((r, i) => i % 2 === 0 &&
      r.status === 201).length;
    for (const r of replies.filter((r) => r.status !== 201))
      assert.equal(r.json.code, 'out_of_stock', r.text);
    assert.equal(kits * 2 + cups, (await shop.level(cup)).committed);
    assert.equal(kits, (await shop.level(plate)).committed);
    assert.ok(kits <= 25 && kits * 2 + cups <= 60);
    assert.ok(kits === 25 || 60 - (kits * 2 + cups) < 2, 'nothing is stranded');
  });

test('an order keeps the components it was sold with; cancelling gives them ' +
  'back (A3.15)', async () => {
  const kit = await kitOf({ cup: [2, 10], plate: [1, 10] });
  const [cup, plate] = kit.parts;
  const receipt = await shop.placed([[kit.code, 3, 100]]);
  await house.client.ok('PUT', `/v1/skus/${kit.id}/components`,
    { version: 2, components: [{ sku: plate, quantity: 5 }] });
  const url = `/v1/orders/${receipt.id}`;
  const order = await house.client.ok('GET', url);
  assert.deepEqual(order.lines[0].components.map((c) => [c.sku, c.quantity]),
    [[cup, 2], [plate, 1]]);
  assert.deepEqual(order.lines[0].allocations.map((a) => a.quantity), [3]);
  const left = await house.client.ok('POST', `${url}/cancel`,
    { version: 1, reason: 'fewer', lines: [{ n: 1, quantity: 2 }] });
  assert.equal(left.lines[0].allocated, 1);
  assert.equal((await shop.level(cup)).committed, 2);
  assert.equal((await shop.level(plate)).committed, 1);
});

test('a configured line carries its attributes (A3.15)', async () => {
  const sku = fresh('mug');
  await shop.stock(sku, 5);
  const attrs = { size: 'L', material: 'oak', engraving: { text: 'für Ada' } };
  const sent = shop.order([]);
  sent.lines = [{ sku, quantity: 1, unit_price: money(100), attrs }];
  const receipt = await house.client.ok('POST', '/v1/orders', sent);
  const order = await house.client.ok('GET', `/v1/orders/${receipt.id}`);
  assert.deepEqual(order.lines[0].attrs, attrs);
});
