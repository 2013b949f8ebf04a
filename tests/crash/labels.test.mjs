// labels.test.mjs - kill -9 within a job of labels: none twice, none missing
// (A5.16, I23).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, rounds } from './check.mjs';
import { Server, Store, sleep } from './rig.mjs';
import { all, fill, stock } from './stock.mjs';

const many = rounds > 3 ? 10000 : 240;
const address = { name: 'Ada', line1: 'Weg 1', city: 'Bonn',
  postal_code: '53111', country: 'DE' };

async function open(server) {
  const at = (await server.must('GET', '/v1/locations')).items[0];
  await server.must('PATCH', `/v1/locations/${at.id}`, { version: at.version,
    address: { ...address, name: 'Warehouse' } });
  await server.must('POST', '/v1/boxes', { code: 'box', length_mm: 300,
    width_mm: 200, height_mm: 200, weight_g: 100 });
  await server.must('POST', '/v1/carrier-accounts', { code: 'own',
    carrier: 'own', services: [{ code: 'std' }], gs1_prefix: '4012345' });
  await fill(server, many, { shipping_address: address });
}

async function opened(server) {
  for (let i = 0; i < 600; i++) {
    const items = await all(server, '/v1/fulfillment-orders?');
    if (items.length === many) return items.map((fo) => fo.id);
    await sleep(200);
  }
  throw new Error('not all fulfillment orders were opened');
}

test(`kill -9 within a job of ${many} labels (${rounds} rounds; B11, I23)`, async () => {
  const store = new Store('sqlite');
  try {
    await stock(store);
    let server = await Server.start(store);
    await open(server);
    const job = await server.must('POST', '/v1/label-jobs', {
      account: 'own', fulfillment_orders: await opened(server) });
    const url = `/v1/label-jobs/${job.id}`;
    let cut = 0;
    for (let round = 1; round <= rounds; round++) {
      await sleep(between(20, many > 1000 ? 1500 : 250));
      await server.kill();
      server = await Server.start(store);
      const now = await server.must('GET', url);
      cut += now.state === 'running';
    }
    let now;
    do {
      await sleep(100);
      now = await server.must('GET', url);
    } while (now.state === 'running');
    assert.deepEqual([now.bought, now.refused], [many, 0]);
    const packages = await all(server, '/v1/packages?');
    assert.equal(packages.length, many);
    for (const key of ['tracking', 'sscc', 'order_id'])
      assert.equal(new Set(packages.map((p) => p[key])).size, many, key);
    assert.ok(packages.every((p) => p.state === 'labelled'));
    await server.stop();
    await store.verify();
    console.log(`kill -9: ${rounds} rounds, ${cut} within the job, ` +
      `${many} labels, each once`);
  } finally {
    store.drop();
  }
});
