// read.mjs - the list and single orders at ten thousand and a million orders.
import http from 'node:http';
import path from 'node:path';
import { SKUS, Server, figure, filled, finish, intake, load, note, round, scale,
  seconds } from './lib.mjs';

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

// What people at a desk type: most of it is of one order or one person, some
// are words of every order, some never meet.
function queries(count) {
  const list = [];
  let dice = 7;
  const roll = (n) => (dice = (dice * 1103515245 + 12345) % 2147483648) % n;
  const person = () => 10000000 + roll(300000);
  const sku = () => `BENCH-${String(roll(SKUS)).padStart(5, '0')}`;
  const kinds = [
    () => String(1000000000 + roll(count)).padStart(16, '0'),
    () => `${person()}@example.org`,
    () => `${person()}`,
    () => `+49 30 ${person()}`,
    () => `030${person()}`,
    sku,
    () => `${sku()} ${person()}`,
    () => 'zoe',
    () => 'z',
    () => 'zoe example org',
    () => `zoe ${sku()}`,
    () => `nobody${roll(1000)}`,
    () => `zoe nobody${roll(1000)}`,
    () => '1',
    () => 'b e z',
  ];
  for (let i = 0; i < 600; i++) list.push(kinds[i % kinds.length]());
  return list;
}

const quantile = (times, q) =>
  times[Math.min(times.length - 1, Math.floor(times.length * q))];

// Latencies of the queries over CONNECTIONS connections, sorted.
async function search(server, list) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const times = [];
  const slow = [];
  const ask = (q) => new Promise((resolve, reject) => {
    const began = performance.now();
    http.get({ host: '127.0.0.1', port: server.port, agent,
      path: `/v1/orders/search?q=${encodeURIComponent(q)}`,
      headers: { authorization: `Bearer ${server.key}` } }, (res) => {
      res.resume();
      res.on('end', () => {
        if (res.statusCode !== 200)
          reject(new Error(`search ${q}: ${res.statusCode}`));
        const ms = performance.now() - began;
        times.push(ms);
        slow.push([round(ms, 2), q]);
        resolve();
      });
    }).on('error', reject);
  });
  const rest = [...list];
  const worker = async () => {
    for (let q = rest.shift(); q; q = rest.shift()) await ask(q);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  slow.sort((a, b) => b[0] - a[0]);
  note(`slowest searches: ${slow.slice(0, 5).map(([ms, q]) =>
    `${ms} ms ${q}`).join(', ')}`);
  return times.sort((a, b) => a - b);
}

const small = await at(10000);
await small.server.stop();
const big = await at(1000000);

const many = queries(Math.round(1000000 * scale));
await search(big.server, many); // Warms the cache, as a day's work does.
const found = await search(big.server, many);
note(`search: p50 ${round(quantile(found, 0.5), 2)} ms, ` +
  `p99 ${round(quantile(found, 0.99), 2)} ms`);

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
figure('read_search_p50_ms_1m', round(quantile(found, 0.5), 2));
figure('read_search_p99_ms_1m', round(quantile(found, 0.99), 2));
figure('read_intake_orders_per_s', round(orders.rate));
figure('read_list_p99_ms_1m_intake', list.list_p99_ms);
figure('read_detail_p99_ms_1m_intake', detail.detail_p99_ms);
finish('make bench-read', [
  ['read_list_growth', growth <= 1.5, '1.5'],
  ['read_list_p99_ms_1m', big.list.list_p99_ms <= 5, '5'],
  ['read_search_p99_ms_1m', quantile(found, 0.99) <= 50, '50']]);
