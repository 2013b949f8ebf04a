// surge-holds.mjs - one SKU held by far more buyers than there are units; half
// of those who got one buy it, half let it go (A3.19, A14.02, A17.01).
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Server, figure, finish, load, round, scale, seconds, stocked }
  from './lib.mjs';

const UNITS = Math.round(10000 * scale);
const BUYERS = UNITS * 10;

const store = await stocked('sqlite', { surge: UNITS });
const server = await Server.start(store);
const file = (name) => path.join(store.dir, name);

// ---- the surge: exact at the end ----

const held = await load(server, 'hold', { connections: 256, count: BUYERS,
  sku: 'SURGE-1', first: 1, acks: file('held') });
const acks = readFileSync(file('held'), 'utf8').trim().split('\n');
const half = (odd) => acks.filter((_, i) => i % 2 === odd).join('\n') + '\n';
writeFileSync(file('buy'), half(0));
writeFileSync(file('leave'), half(1));
const [bought, left] = await Promise.all([
  load(server, 'confirm', { connections: 32, sku: 'SURGE-1', acks: file('buy') }),
  load(server, 'release', { connections: 32, acks: file('leave') })]);
const { json } = await server.send('GET',
  '/v1/inventory/levels?sku=SURGE-1&location=bench-warehouse');
const level = json.items[0];

// ---- how fast: units for all, units for nobody, few connections ----

const many = await load(server, 'hold', { connections: 64, seconds,
  sku: 'BENCH-00001', first: 1e9 });
const few = await load(server, 'hold', { connections: 16, seconds,
  sku: 'BENCH-00002', first: 2e9 });
// What was let go is held again, so that there is nothing left.
await load(server, 'hold', { connections: 64, count: left.status_200 ?? 0,
  sku: 'SURGE-1', first: 3e9 });
const none = await load(server, 'hold', { connections: 64, seconds,
  sku: 'SURGE-1', first: 4e9 });
await server.stop();
const verify = await store.verify();
store.drop();

const sold = bought.status_201 ?? 0, freed = left.status_200 ?? 0;
figure('surge_holds_units', UNITS);
figure('surge_holds_buyers', BUYERS);
figure('surge_holds_held', held.status_201 ?? 0);
figure('surge_holds_refused', held.code_out_of_stock ?? 0);
figure('surge_holds_attempts_per_s', round(held.requests_per_s));
figure('surge_holds_confirmed', sold);
figure('surge_holds_released', freed);
figure('surge_holds_per_s', round((many.status_201 ?? 0) / many.seconds));
figure('surge_holds_refusals_per_s',
  round((none.code_out_of_stock ?? 0) / none.seconds));
figure('surge_holds_16_per_s', round((few.status_201 ?? 0) / few.seconds));
figure('surge_holds_p50_ms_16', few.order_p50_ms);
figure('surge_holds_p99_ms_16', few.order_p99_ms);
figure('surge_holds_verify', verify);
finish('make bench-surge-holds', [
  ['surge_holds_held', held.status_201 === UNITS, `${UNITS}`],
  ['surge_holds_refused', held.code_out_of_stock === BUYERS - UNITS,
    `${BUYERS - UNITS}`],
  ['surge_holds_confirmed', sold === UNITS / 2, `${UNITS / 2}`],
  ['surge_holds_released', freed === UNITS / 2, `${UNITS / 2}`],
  ['level', level.committed === UNITS / 2 && level.reserved === 0 &&
    level.available === UNITS / 2, `${UNITS / 2} committed and as many free`],
  ['surge_holds_p99_ms_16', few.order_p99_ms < 5, '5 ms']]);
