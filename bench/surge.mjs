// surge.mjs - one SKU, far more buyers than units.
import { Server, figure, finish, load, round, stocked } from './lib.mjs';

const UNITS = 10000;
const BUYERS = 100000;

const store = await stocked('sqlite', { surge: UNITS });
const server = await Server.start(store);
const result = await load(server, 'surge',
  { connections: 256, count: BUYERS, sku: 'SURGE-1' });
await server.stop();
const sold = result.status_201 ?? 0;
const refused = result.code_out_of_stock ?? 0;
const verify = await store.verify();
store.drop();

figure('surge_units', UNITS);
figure('surge_buyers', BUYERS);
figure('surge_sold', sold);
figure('surge_refused', refused);
figure('surge_attempts_per_s', round(result.requests_per_s));
figure('surge_p99_ms', result.order_p99_ms);
figure('surge_verify', verify);
finish('make bench-surge', [
  ['surge_sold', sold === UNITS, `${UNITS}`],
  ['surge_refused', refused === BUYERS - UNITS, `${BUYERS - UNITS}`]]);
