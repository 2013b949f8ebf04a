// intake-big.mjs - the rate with five million orders in, against none.
import { Server, figure, filled, finish, intake, note, round, scale, seconds,
  stocked } from './lib.mjs';

const ORDERS = 5000000;

const empty = await stocked('sqlite');
let server = await Server.start(empty);
const before = await intake(server);
await server.stop();
empty.drop();

const store = await filled(ORDERS);
server = await Server.start(store);
note(`ready ${round(server.startMs)} ms after start`);
await intake(server, { seconds: 3 }); // The page cache is cold at first.
const big = await intake(server, { seconds: seconds * 3 });
await server.stop();
const begun = performance.now();
const verify = await store.verify();
note(`verify took ${round((performance.now() - begun) / 1000)} s`);

const ratio = big.rate / before.rate;
figure('intake_big_orders', Math.round(ORDERS * scale));
figure('intake_big_empty_orders_per_s', round(before.rate));
figure('intake_big_orders_per_s', round(big.rate));
figure('intake_big_ratio', round(ratio, 3));
figure('intake_big_p99_ms', big.order_p99_ms);
figure('intake_big_worst_stall_ms', big.order_max_ms);
figure('intake_big_verify', verify);
finish('make bench-intake-big', [['intake_big_ratio', ratio >= 0.8, '0.8']]);
