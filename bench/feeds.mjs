// feeds.mjs - thousands of clients watch one SKU while a surge sells it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Server, build, figure, finish, load, note, round, seconds, sleep,
  stocked } from './lib.mjs';

const CLIENTS = Number(process.env.BENCH_CLIENTS ?? 5000);
const UNITS = 10_000_000;

// Resident memory of the server, in KiB.
const rss = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8')
  .match(/VmRSS:\s+(\d+)/)[1]);

// Opens the streams; resolves when all stand, `done` when they were measured.
function watch(server) {
  const child = spawn(path.join(build, 'bench_watch'), [String(server.port),
    server.key, '/v1/inventory/live?sku=SURGE-1', String(CLIENTS),
    String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const done = new Promise((resolve) => child.on('exit', () => resolve(
    Object.fromEntries([...text.matchAll(/(\w+)=([\d.]+)/g)]
      .map(([, k, v]) => [k, Number(v)])))));
  const ready = new Promise((resolve, reject) => {
    child.stdout.on('data', (part) => {
      text += part;
      if (/^ready/m.test(text)) resolve();
    });
    child.on('exit', () => reject(new Error('bench_watch ended')));
  });
  return { ready, done };
}

const store = await stocked('sqlite', { surge: UNITS });
const server = await Server.start(store);
await sleep(500);
const before = rss(server.child.pid);
const streams = watch(server);
await streams.ready;
await sleep(500);
const idle = rss(server.child.pid);
note(`${CLIENTS} clients stand; the surge begins`);
const [result, seen] = await Promise.all([
  load(server, 'surge', { connections: 16, seconds, sku: 'SURGE-1' }),
  streams.done]);
const most = rss(server.child.pid);
await server.stop();
const verify = await store.verify();
store.drop();

figure('sse_clients', CLIENTS);
figure('sse_closed', seen.closed);
figure('sse_rss_mib', round(most / 1024));
figure('sse_rss_before_mib', round(before / 1024));
figure('sse_rss_idle_per_client_kib', round((idle - before) / CLIENTS, 1));
figure('sse_deliveries_per_s', round(seen.events_per_s));
figure('sse_lag_p50_ms', seen.lag_p50_ms);
figure('sse_lag_p99_ms', seen.lag_p99_ms);
figure('sse_lag_max_ms', seen.lag_max_ms);
figure('sse_orders_per_s', round((result.status_201 ?? 0) / seconds));
figure('sse_verify', verify);
finish('make bench-feeds', [
  ['sse_closed', seen.closed === 0, '0'],
  ['sse_orders_per_s', result.status_201 > 1000 * seconds, '1000']]);
