// verify.test.mjs - `wharf verify` beside a working server: in parts, at a
// stated speed, without a false alarm (A15.13).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, orderBody, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { stock: { 'V-1': 100000 } });
});
after(() => house?.stop());

test('verify gives no false alarm while orders are placed and cancelled ' +
  '(A15.13)', async () => {
  let isOver = false, placed = 0;
  const workers = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const order = await house.client.ok('POST', '/v1/orders',
        orderBody(shop.channel.code, [['V-1', 2, 100]]));
      placed++;
      if (placed % 5 === 0)
        await house.client.ok('POST', `/v1/orders/${order.id}/cancel`,
          { version: order.version, reason: 'test' });
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  });
  await eventually(() => placed >= 100, { timeoutMs: 60000 });
  for (const speed of ['400', '100000']) {
    const done = await house.store.run(['verify', '--speed', speed]);
    assert.equal(done.code, 0, done.stdout + done.stderr);
    const [, rows, parts, rate] = done.stdout.match(
      /^verify: (\d+) rows in (\d+) parts, (\d+) rows\/s$/m).map(Number);
    assert.ok(rows > 300, done.stdout);
    if (speed === '400') {
      assert.ok(parts > 3, `${parts} parts`);
      assert.ok(rate <= 450, `${rate} rows/s`);
    }
  }
  isOver = true;
  await Promise.all(workers);
});
