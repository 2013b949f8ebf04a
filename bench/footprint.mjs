// footprint.mjs - memory under load, and the time to ready, at a million.
import path from 'node:path';
import { Server, figure, filled, finish, intake, load, note, round, run, seconds,
  sleep } from './lib.mjs';

const store = await filled(1000000);
const starts = [];
let server;
for (let i = 0; i < 3; i++) {
  server = await Server.start(store);
  starts.push(server.startMs);
  if (i < 2) await server.stop();
}
note(`start to ready: ${starts.map((ms) => `${round(ms)} ms`).join(', ')}`);

let rss = 0;
let isOver = false;
const watch = (async () => {
  while (!isOver) {
    rss = Math.max(rss, server.rssMib());
    await sleep(100);
  }
})();
const idle = load(server, 'idle', { connections: 1000, seconds: seconds });
await Promise.all([
  intake(server, { connections: 256 }),
  load(server, 'list', { connections: 4, seconds,
    ids: path.join(store.dir, 'ids') }),
  idle]);
isOver = true;
await watch;
await server.stop();

const { out } = await run('bench_store', ['caches', ...store.args]);
const cache = Number(out.match(/cache_mib=(\d+)/)[1]);
const start = starts.sort((a, b) => a - b)[1];
figure('mem_rss_mib', round(rss));
figure('mem_cache_mib', cache);
figure('mem_less_cache_mib', round(rss - cache));
figure('start_ms_1m', round(start));
finish('make bench-footprint', [
  ['mem_rss_mib less mem_cache_mib', rss - cache <= 256, '256'],
  ['start_ms_1m', start <= 1000, '1000']]);
