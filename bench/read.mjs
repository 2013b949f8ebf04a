// read.mjs - the list and single orders at ten thousand and a million orders.
import path from 'node:path';
import { Server, figure, filled, finish, intake, load, note, round, seconds }
  from './lib.mjs';

const CONNECTIONS = 4;

const read = (server, mode) => load(server, mode, { connections: CONNECTIONS,
  seconds, ids: path.join(server.store.dir, 'ids') });

function checked(result) {
  if (result.status_200 !== result.requests)
    throw new Error(`reads failed: ${JSON.stringify(result)}`);
  return result;
}

async function at(count) {
  const store = await filled(count);
  const server = await Server.start(store);
  const list = checked(await read(server, 'list'));
  const detail = checked(await read(server, 'detail'));
  note(`${count}: ${round(list.requests_per_s)} pages/s, p50 ${list.list_p50_ms} ms, ` +
    `p99 ${list.list_p99_ms} ms; ${round(detail.requests_per_s)} orders/s, ` +
    `p50 ${detail.detail_p50_ms} ms, p99 ${detail.detail_p99_ms} ms`);
  return { server, list, detail };
}

const small = await at(10000);
await small.server.stop();
const big = await at(1000000);

const full = await intake(big.server, { seconds: 5 });
const half = intake(big.server, { rate: full.rate / 2, seconds: seconds * 2 + 4 });
const list = checked(await read(big.server, 'list'));
const detail = checked(await read(big.server, 'detail'));
const orders = await half;
await big.server.stop();
note(`with intake at ${round(orders.rate)} of ${round(full.rate)} orders/s, ` +
  `intake p99 ${orders.order_p99_ms} ms`);

const growth = big.list.list_p50_ms / small.list.list_p50_ms;
figure('read_connections', CONNECTIONS);
figure('read_list_p50_ms_10k', small.list.list_p50_ms);
figure('read_list_p50_ms_1m', big.list.list_p50_ms);
figure('read_list_growth', round(growth, 2));
figure('read_list_p99_ms_1m', big.list.list_p99_ms);
figure('read_detail_p50_ms_10k', small.detail.detail_p50_ms);
figure('read_detail_p50_ms_1m', big.detail.detail_p50_ms);
figure('read_detail_growth',
  round(big.detail.detail_p50_ms / small.detail.detail_p50_ms, 2));
figure('read_detail_p99_ms_1m', big.detail.detail_p99_ms);
figure('read_intake_orders_per_s', round(orders.rate));
figure('read_list_p99_ms_1m_intake', list.list_p99_ms);
figure('read_detail_p99_ms_1m_intake', detail.detail_p99_ms);
finish('make bench-read', [
  ['read_list_growth', growth <= 1.5, '1.5'],
  ['read_list_p99_ms_1m', big.list.list_p99_ms <= 5, '5']]);
