// blankets.test.mjs - kill -9 while releases of blanket orders are placed: each
// of them becomes one order (A8.03).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, rounds } from './check.mjs';
import { Server, Store, sleep } from './rig.mjs';
import { all, order, stock } from './stock.mjs';

const many = rounds > 3 ? 40 : 4; // Blanket orders, each with so many releases.
const each = 30;

test(`kill -9 while ${many * each} releases are placed (${rounds} rounds; A8.03)`, async () => {
  const store = new Store('sqlite');
  try {
    await stock(store, { skus: 2 });
    let server = await Server.start(store);
    const day = (n) => new Date(Date.now() + n * 86400000).toISOString();
    const company = await server.must('POST', '/v1/companies',
      { name: 'Acme', currency: 'EUR', terms_days: 30 });
    const made = [];
    for (let i = 0; i < many; i++) {
      const { external_id: _, tax_mode: __, ...body } = order('x');
      made.push(await server.must('POST', '/v1/blanket-orders', {
        company_id: company.id, po_number: `${i}`, reserve_days: 365,
        order: { ...body, shipping_address: { city: 'Berlin', country: 'DE' } },
        releases: Array.from({ length: each }, (_, n) => ({ ship_at: day(n + 2) })) }));
    }
    for (const { id, version } of made)
      await server.must('POST', `/v1/blanket-orders/${id}/activate`, { version });
    const placed = async () => (await Promise.all(made.map(({ id }) =>
      server.must('GET', `/v1/blanket-orders/${id}`))))
      .reduce((sum, b) => sum + b.releases.placed, 0);
    let cut = 0;
    for (let round = 1; round <= rounds; round++) {
      await sleep(between(20, 200));
      await server.kill();
      server = await Server.start(store);
      cut += await placed() < many * each;
    }
    while (await placed() < many * each) await sleep(50);
    const orders = await all(server, '/v1/orders?');
    assert.equal(orders.length, many * each);
    const releases = [];
    for (const { id } of made)
      releases.push(...await all(server, `/v1/blanket-orders/${id}/releases?`));
    assert.deepEqual(releases.map((r) => r.order_id).sort(),
      orders.map((o) => o.id).sort());
    const told = await all(server, '/v1/events?type=blanket.placed&');
    assert.equal(told.length, many * each);
    await server.stop();
    await store.verify();
    console.log(`kill -9: ${rounds} rounds, ${cut} within the releases, ` +
      `${many * each} placed, each once`);
  } finally {
    store.drop();
  }
});
