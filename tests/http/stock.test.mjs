// stock.test.mjs - units are never sold twice and never lost (A1.05, A3.02,
// A3.03, A3.04, C1, C2, C4, I1-I6).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { fresh, locationBody, Shop, uuid } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client);
});
after(() => house?.stop());

test('200 buyers of 50 units at once: exactly 50 succeed (C1, A3.02)',
  async () => {
    const sku = fresh('hot');
    await shop.stock(sku, 50);
    const replies = await Promise.all(Array.from({ length: 200 },
      () => shop.place([[sku, 1, 100]])));
    const won = replies.filter((r) => r.status === 201);
    const lost = replies.filter((r) => r.status !== 201);
    assert.equal(won.length, 50);
    for (const reply of lost) {
      assert.equal(reply.status, 409, reply.text);
      assert.equal(reply.json.code, 'out_of_stock');
    }
    const level = await shop.level(sku);
    assert.equal(level.committed, 50);
    assert.equal(level.available, 0);
    assert.equal(level.on_hand, 50);
  });

test('buyers of many units leave none stranded that fits (C1, I2)',
  async () => {
    const sku = fresh('mixed');
    await shop.stock(sku, 100);
    const wants = Array.from({ length: 120 }, (_, i) => 1 + i % 3);
    const replies = await Promise.all(wants.map((n) =>
      shop.place([[sku, n, 100]])));
    const sold = replies.reduce((n, r, i) =>
      n + (r.status === 201 ? wants[i] : 0), 0);
    assert.equal((await shop.level(sku)).committed, sold);
    assert.equal(sold, 100, 'single units fill the rest');
  });

test('orders over the same SKUs in opposite order do not block (I8, C2)',
  async () => {
    const [a, b, c] = ['x', 'y', 'z'].map(fresh);
    for (const sku of [a, b, c]) await shop.stock(sku, 60);
    const turns = [[a, b, c], [c, b, a], [b, a, c], [c, a, b]];
    const replies = await Promise.all(Array.from({ length: 120 }, (_, i) =>
      shop.place(turns[i % 4].map((sku) => [sku, 1, 100]))));
    assert.equal(replies.filter((r) => r.status === 201).length, 60);
    for (const sku of [a, b, c])
      assert.equal((await shop.level(sku)).committed, 60);
  });

test('an order that does not fit takes nothing of what would fit (I2)',
  async () => {
    const [have, lack] = [fresh('have'), fresh('lack')];
    await shop.stock(have, 10);
    await shop.stock(lack, 1);
    const reply = await shop.place([[have, 1, 100], [lack, 2, 100]]);
    assert.equal(reply.status, 409, reply.text);
    assert.equal(reply.json.code, 'out_of_stock');
    assert.match(reply.json.field, /lines\[1\]/);
    assert.equal((await shop.level(have)).committed, 0);
    assert.equal((await shop.level(lack)).committed, 0);
  });

test('one SKU on two lines is checked on the sum (C3, I6)', async () => {
  const sku = fresh('sum');
  await shop.stock(sku, 5);
  const over = await shop.place([[sku, 3, 100], [sku, 3, 100]]);
  assert.equal(over.status, 409, over.text);
  const fits = await shop.place([[sku, 3, 100], [sku, 2, 100]]);
  assert.equal(fits.status, 201, fits.text);
  assert.equal((await shop.level(sku)).available, 0);
});

test('a channel that backorders takes what is there and owes the rest (A3.03)',
  async () => {
    const own = await Shop.open(house.client,
      { channel: { stock_policy: 'backorder' } });
    const sku = fresh('owe');
    await own.stock(sku, 3);
    const placed = await own.placed([[sku, 5, 100]]);
    const [line] = placed.lines;
    assert.deepEqual([line.allocated, line.backordered], [3, 2]);
    const level = await own.level(sku);
    assert.equal(level.committed, 3);
    assert.equal(level.available, 0);
  });

test('safety stock is not sold (A3.04)', async () => {
  const sku = fresh('safe');
  await shop.stock(sku, 0);
  await house.client.ok('POST', '/v1/inventory/set', { sku,
    location: shop.location.code, on_hand: 10, safety_stock: 4,
    expected_on_hand: 0, reason: 'count' });
  assert.equal((await shop.level(sku)).available, 6);
  assert.equal((await shop.place([[sku, 7, 100]])).status, 409);
  assert.equal((await shop.place([[sku, 6, 100]])).status, 201);
});

test('setting stock is compare-and-set (A3.04, C4)', async () => {
  const sku = fresh('set');
  await shop.stock(sku, 5);
  const level = await shop.level(sku);
  const set = (more) => house.client.post('/v1/inventory/set', { sku,
    location: shop.location.code, on_hand: 9, reason: 'count', ...more });
  const stale = await set({ expected_version: level.version + 7 });
  assert.equal(stale.status, 409, stale.text);
  assert.equal(stale.json.code, 'stale');
  assert.equal(stale.json.current_version, level.version);
  const wrong = await set({ expected_on_hand: 4 });
  assert.equal(wrong.status, 409, wrong.text);
  const done = await set({ expected_version: level.version });
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.on_hand, 9);
  const racers = await Promise.all(Array.from({ length: 20 }, () =>
    set({ expected_version: done.json.version, on_hand: 11 })));
  assert.equal(racers.filter((r) => r.status === 200).length, 1);
});

test('stock cannot fall below what is promised (I1, I2)', async () => {
  const sku = fresh('floor');
  await shop.stock(sku, 5);
  await shop.placed([[sku, 4, 100]]);
  const json = await house.client.ok('POST', '/v1/inventory/adjust',
    { reason: 'lost', items: [
      { sku, location: shop.location.code, delta: -2 }] });
  assert.notEqual(json.items[0].status, 200);
  assert.equal(json.items[0].error.code, 'not_enough_stock');
  assert.equal((await shop.level(sku)).on_hand, 5);
});

test('damaged units leave what can be sold, and the ledger says so (I3)',
  async () => {
    const sku = fresh('ledger');
    await shop.stock(sku, 10);
    const json = await house.client.ok('POST', '/v1/inventory/adjust',
      { reason: 'dropped', items: [{ sku, location: shop.location.code,
        delta: 3, from: 'available', to: 'damaged' }] });
    assert.equal(json.items[0].status, 200, JSON.stringify(json));
    const level = await shop.level(sku);
    assert.deepEqual([level.on_hand, level.damaged, level.available],
      [10, 3, 7]);
    await shop.placed([[sku, 2, 100]]);
    const moves = await house.client.all(
      `/v1/inventory/levels/${level.sku_id}/${level.location_id}/movements`, 1);
    assert.deepEqual(moves.map((m) => [m.type, m.qty]).reverse().sort(),
      [['adjust', 10], ['commit', 2], ['move', 3]].sort());
    assert.ok(moves.every((m) => m.event_id.startsWith('evt_')));
    assert.equal(moves.filter((m) => m.order_id !== null).length, 1);
  });

test('cancelling an order gives its stock back once (A1.05, A8.07, C4)', async () => {
  const sku = fresh('back');
  await shop.stock(sku, 10);
  const placed = await shop.placed([[sku, 4, 100]]);
  assert.equal((await shop.level(sku)).committed, 4);
  const cancel = (version, key = uuid()) => house.client.post(
    `/v1/orders/${placed.id}/cancel`, { version, reason: 'mind' }, { key });
  const key = uuid();
  const done = await cancel(1, key);
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.status, 'cancelled');
  assert.equal(done.json.version, 2);
  assert.equal(done.json.lines[0].cancelled, 4);
  assert.equal((await cancel(1, key)).text, done.text, 'a replay');
  const stale = await cancel(1);
  assert.equal(stale.status, 409, stale.text);
  assert.equal(stale.json.code, 'stale');
  assert.equal(stale.json.current_version, 2);
  const twice = await cancel(2);
  assert.equal(twice.status, 409, twice.text);
  const level = await shop.level(sku);
  assert.deepEqual([level.committed, level.available, level.on_hand],
    [0, 10, 10]);
});

test('20 cancels of one order at once: one succeeds (A1.05)', async () => {
  const sku = fresh('race');
  await shop.stock(sku, 10);
  const placed = await shop.placed([[sku, 3, 100]]);
  const replies = await Promise.all(Array.from({ length: 20 }, () =>
    house.client.post(`/v1/orders/${placed.id}/cancel`,
      { version: 1, reason: 'mind' })));
  assert.equal(replies.filter((r) => r.status === 200).length, 1);
  assert.ok(replies.filter((r) => r.status !== 200)
    .every((r) => r.status === 409 && r.json.code === 'stale'));
  assert.equal((await shop.level(sku)).committed, 0);
});

test('cancelling a part gives back that part, backordered units first (A1.05)',
  async () => {
    const own = await Shop.open(house.client,
      { channel: { stock_policy: 'backorder' } });
    const sku = fresh('part');
    await own.stock(sku, 3);
    const placed = await own.placed([[sku, 5, 100]]);
    const cut = await house.client.ok('POST', `/v1/orders/${placed.id}/cancel`,
      { version: 1, reason: 'less', lines: [{ n: 1, quantity: 3 }] });
    const [line] = cut.lines;
    assert.equal(cut.status, 'confirmed');
    assert.deepEqual([line.quantity, line.cancelled, line.allocated,
      line.backordered], [5, 3, 2, 0]);
    assert.equal((await own.level(sku)).committed, 2);
    const over = await house.client.post(`/v1/orders/${placed.id}/cancel`,
      { version: 2, reason: 'more', lines: [{ n: 1, quantity: 3 }] });
    assert.ok([409, 422].includes(over.status), over.text);
    const rest = await house.client.ok('POST', `/v1/orders/${placed.id}/cancel`,
      { version: 2, reason: 'all' });
    assert.equal(rest.status, 'cancelled');
    assert.equal((await own.level(sku)).committed, 0);
  });

test('a line that is not there cannot be cancelled', async () => {
  const sku = fresh('lines');
  await shop.stock(sku, 3);
  const placed = await shop.placed([[sku, 1, 100]]);
  const cancel = (lines) => house.client.post(
    `/v1/orders/${placed.id}/cancel`, { version: 1, reason: 'x', lines });
  for (const lines of [[{ n: 2, quantity: 1 }],
    [{ n: 1, quantity: 1 }, { n: 1, quantity: 1 }]]) {
    const reply = await cancel(lines);
    assert.equal(reply.status, 422, reply.text);
  }
  assert.equal((await shop.level(sku)).committed, 1);
});

test('units come from the best location, and split where one has too few',
  async () => {
    const own = await Shop.open(house.client);
    const second = await house.client.ok('POST', '/v1/locations',
      { code: fresh('second'), name: 'Second', type: 'store' });
    await house.client.ok('PUT', `/v1/channels/${own.channel.id}/routing`,
      { version: 1, locations: [own.location.id, second.id] });
    const sku = fresh('split');
    await own.stock(sku, 2);
    await own.adjust(sku, 5, second.code);
    const whole = await own.placed([[sku, 3, 100]]);
    assert.deepEqual(whole.lines[0].allocations,
      [{ location: second.id, quantity: 3 }], 'whole order at one location');
    const split = await own.placed([[sku, 4, 100]]);
    assert.deepEqual(split.lines[0].allocations.map((a) => a.quantity).sort(),
      [2, 2]);
    const why = await house.client.get(`/v1/orders/${split.id}/routing`);
    assert.equal(why.status, 200, why.text);
  });

// Everything that locks levels, over the same SKUs at the same places.
test('orders, holds, transfers, counts and moves at once sell nothing twice (I2, I8)',
  async () => {
    const { client } = house;
    const other = (await client.ok('POST', '/v1/locations', locationBody())).code;
    const skus = ['m', 'n'].map(fresh), turned = [...skus].reverse();
    for (const sku of skus) {
      await shop.stock(sku, 40);
      await shop.adjust(sku, 20, other);
    }
    const here = shop.location.code;
    const move = async (from, to, i) => {
      let t = await client.ok('POST', '/v1/transfers', { from, to,
        lines: (i % 2 ? skus : turned).map((sku) => ({ sku, quantity: 1 })) });
      for (const step of ['ready', 'ship', 'receive']) {
        const reply = await client.post(`/v1/transfers/${t.id}/${step}`,
          { version: t.version });
        if (reply.status === 409) return 0; // Sold before.
        assert.equal(reply.status, 200, reply.text);
        t = reply.json;
      }
      return 1;
    };
    const count = async (i) => {
      const list = i % 2 ? skus : turned;
      const { id } = await client.ok('POST', '/v1/counts',
        { location: other, name: `Shelf ${i}`, skus: list });
      for (const sku of list)
        await client.ok('POST', `/v1/counts/${id}/entries`,
          { items: [{ sku, quantity: 20 }] });
    };
    const many = (n, fn) => Array.from({ length: n }, (_, i) => fn(i));
    const done = await Promise.all([
      ...many(40, (i) => shop.place((i % 2 ? skus : turned)
        .map((sku) => [sku, 1, 100]))),
      ...many(20, (i) => client.post('/v1/holds', {
        channel: shop.channel.code,
        items: (i % 2 ? skus : turned).map((sku) => ({ sku, quantity: 1 })) })),
      ...many(6, (i) => move(here, other, i)),
      ...many(6, (i) => move(other, here, i)),
      ...many(3, count),
    ]);
    const sold = done.slice(0, 40).filter((r) => r.status === 201).length;
    const held = done.slice(40, 60).filter((r) => r.status === 201).length;
    for (const reply of done.slice(0, 60))
      assert.ok([201, 409].includes(reply.status), reply.text);
    for (const sku of skus) {
      const a = await shop.level(sku), b = await shop.level(sku, other);
      assert.equal(a.on_hand + b.on_hand, 60);
      assert.equal(a.committed + b.committed, sold);
      assert.ok(a.available >= 0 && b.available >= 0);
      assert.equal(a.reserved + b.reserved, held);
    }
  });
