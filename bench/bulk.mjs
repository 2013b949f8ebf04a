// bulk.mjs - jobs over 10,000 orders: how long, and how much memory.
import { Server, figure, finish, note, round, scale, sleep, stocked }
  from './lib.mjs';
import { fill } from '../tests/crash/stock.mjs';

const many = Math.max(100, Math.round(10000 * scale));
const engine = process.env.BENCH_ENGINE ?? 'sqlite';
const store = await stocked(engine);
const server = await Server.start(store);
const ids = await fill(server, many);
const before = server.rssMib();
let rss = before;

// Seconds of one job, and of the request that made it.
async function timed(name, body) {
  const begun = performance.now();
  const job = await server.must('POST', '/v1/order-jobs', { ...body,
    orders: ids });
  const made = performance.now() - begun;
  let now = job;
  for (; now.state === 'running'; await sleep(100)) {
    now = await server.must('GET', `/v1/order-jobs/${job.id}`);
    rss = Math.max(rss, server.rssMib());
  }
  const took = (performance.now() - begun) / 1000;
  note(`${name}: ${now.done} done, ${now.failed} failed in ${round(took, 1)} s`);
  figure(`bulk_${engine}_${name}_orders_per_s`, round(many / took));
  figure(`bulk_${engine}_${name}_begin_ms`, round(made));
  if (now.done !== many) throw new Error(JSON.stringify(now));
}

await timed('tag', { action: 'tag', with: { tags: ['vip'] } });
await timed('cancel', { action: 'cancel', with: { reason: 'recalled' } });
figure(`bulk_${engine}_rss_mib_more`, round(rss - before));
await server.stop();
await store.verify();
store.drop();
finish('make bench-bulk', []);
