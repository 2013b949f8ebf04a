// order_jobs.test.mjs - kill -9 within a job over many orders: each of them is
// done once (A5.18).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, rounds } from './check.mjs';
import { Server, Store, sleep } from './rig.mjs';
import { all, fill, stock } from './stock.mjs';

const many = rounds > 3 ? 10000 : 400;
const series = { code: 'de', name: 'GmbH', prefix: 'R', credit_prefix: 'G',
  seller: { company: 'Wharf', country: 'DE', tax_id: 'DE1' } };

async function ended(server, job) {
  for (;;) {
    const now = await server.must('GET', `/v1/order-jobs/${job.id}`);
    if (now.state !== 'running') return now;
    await sleep(50);
  }
}

test(`kill -9 within jobs over ${many} orders (${rounds} rounds; A5.18)`, async () => {
  const store = new Store('sqlite');
  try {
    await stock(store);
    let server = await Server.start(store);
    const ids = await fill(server, many);
    const [channel] = (await server.must('GET', '/v1/channels')).items;
    await server.must('POST', '/v1/invoice-series', series);
    await server.must('PUT', `/v1/channels/${channel.id}/invoicing`,
      { version: 0, series: 'de', issue_on: 'hand' });
    // Twice the same bill or cancellation is refused: it would show as failed.
    const invoice = await server.must('POST', '/v1/order-jobs',
      { action: 'invoice', orders: ids });
    const cancel = await server.must('POST', '/v1/order-jobs',
      { action: 'cancel', with: { reason: 'recalled' }, orders: ids });
    let cut = 0;
    for (let round = 1; round <= rounds; round++) {
      await sleep(between(20, many > 1000 ? 1500 : 200));
      await server.kill();
      server = await Server.start(store);
      cut += (await server.must('GET', `/v1/order-jobs/${cancel.id}`))
        .state === 'running';
    }
    for (const job of [invoice, cancel]) {
      const now = await ended(server, job);
      // What was cancelled before its bill has nothing to be billed.
      const failed = await all(server,
        `/v1/order-jobs/${job.id}/items?state=failed&`);
      assert.equal(now.done + now.failed, many);
      assert.equal(failed.length, now.failed);
      assert.ok(failed.every((i) => job === invoice &&
        i.error.code === 'nothing_to_bill'), JSON.stringify(failed[0]));
    }
    const bills = await all(server, '/v1/invoices?');
    assert.equal(new Set(bills.map((b) => b.order_id)).size, bills.length);
    const told = await all(server, '/v1/events?type=order.cancelled&');
    assert.equal(told.length, many);
    assert.equal(new Set(told.map((e) => e.subject)).size, many);
    await server.stop();
    await store.verify();
    console.log(`kill -9: ${rounds} rounds, ${cut} within the jobs, ` +
      `${many} orders cancelled and ${bills.length} billed, each once`);
  } finally {
    store.drop();
  }
});
