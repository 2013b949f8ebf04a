// intake.mjs - orders through HTTP against the bare loop, on both engines.
import { fileURLToPath } from 'node:url';
import { Server, SKUS, besidePostgres, figure, finish, intake, note, round, run,
  stocked, twin } from './lib.mjs';

// The bare loop: the same orders' statements with the batch size that HTTP
// had, recorded on one copy of the store and timed on another.
async function bare(store, copies, http, random) {
  const { out } = await run('bench_store', ['bare',
    '--store', store.engine === 'sqlite' ? `sqlite:${copies[0].at}` : 'postgres',
    '--twin', copies[1].at, '--count', String(Math.min(http.orders, 150000)),
    '--batch', String(http.batch), '--skus', String(SKUS),
    ...random ? ['--random'] : []],
  { env: { ...store.env, WHARF_PG_CONNINFO: copies[0].at } });
  const found = Object.fromEntries(out.trim().split('\n').map((l) => l.split('=')));
  note(`bare loop: ${found.bare_orders} orders in batches of ${http.batch}, ` +
    `${found.bare_commits} commits with the consumers', ${found.bare_seconds} s`);
  return Number(found.bare_orders_per_s);
}

async function one(engine, random) {
  const store = await stocked(engine);
  const copies = [twin(store), twin(store)];
  try {
    const server = await Server.start(store);
    const http = await intake(server, { random });
    await server.stop();
    note(`${engine}${random ? ' random' : ''}: ${round(http.rate)} orders/s ` +
      `(${round(http.drained)} until drained), p50 ${http.order_p50_ms} ms, ` +
      `p99 ${http.order_p99_ms} ms, max ${http.order_max_ms} ms, ` +
      `mean batch ${http.batch}, load generator ${http.load_cpu_us} us an order`);
    await store.verify();
    const loop = await bare(store, copies, http, random);
    const tail = random ? '_random' : '';
    const ratio = http.drained / loop;
    figure(`intake_${engine}_orders_per_s${tail}`, round(http.rate));
    figure(`intake_${engine}_bare_orders_per_s${tail}`, round(loop));
    figure(`intake_${engine}_ratio${tail}`, round(ratio, 3));
    figure(`intake_${engine}_p99_ms${tail}`, http.order_p99_ms);
    return { rate: http.rate, ratio, p99: http.order_p99_ms };
  } finally {
    for (const copy of copies) copy.drop();
    store.drop();
  }
}

if (!besidePostgres(fileURLToPath(import.meta.url))) {
  const sqlite = await one('sqlite', false);
  await one('sqlite', true);
  const postgres = await one('postgres', false);
  await one('postgres', true);
  finish('make bench-intake', [
    ['intake_sqlite_orders_per_s', sqlite.rate >= 8000, '8000'],
    ['intake_sqlite_ratio', sqlite.ratio >= 0.7, '0.7'],
    ['intake_sqlite_p99_ms', sqlite.p99 <= 25, '25'],
    ['intake_postgres_ratio', postgres.ratio >= 0.5, '0.5']]);
}
