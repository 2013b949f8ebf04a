// lib.mjs - what the benches share: stores, runs, figures, the record of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync,
  rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import path from 'node:path';
import { Server, Store, build, conninfo, load, psql, root, run, sleep }
  from '../tests/crash/rig.mjs';
import { SKUS, stock } from '../tests/crash/stock.mjs';

export { Server, Store, SKUS, build, load, run, sleep, stock };

export const seconds = Number(process.env.BENCH_SECONDS ?? 10);
export const scale = Number(process.env.BENCH_SCALE ?? 1); // Of the fills.
const figures = [];

export const note = (text) => console.error(`# ${text}`);
export const round = (value, digits = 0) => Number(value.toFixed(digits));

export function figure(key, value) {
  figures.push(`${key}=${value}`);
}

// Prints the figures last and keeps them; misses fail the bench.
export function finish(command, bars) {
  const misses = [];
  for (const [key, isMet, bar] of bars)
    if (!isMet) misses.push(`${key} misses ${bar}`);
  const at = new Date().toISOString().slice(0, 16).replace('T', ' ');
  if (process.env.BENCH_RECORD)
    appendFileSync(path.join(root, 'bench/RESULTS.md'),
      `\n## ${command}, ${at} UTC\n\n${machine()}\n\n` +
      `\`\`\`\n${figures.join('\n')}\n\`\`\`\n` +
      misses.map((m) => `\nMissed: ${m}.\n`).join(''));
  for (const miss of misses) note(`MISSED: ${miss}`);
  console.log(figures.join('\n'));
  process.exitCode = misses.length > 0 ? 1 : 0;
}

export function machine() {
  const where = execFileSync('df', ['--output=source,fstype', build],
    { encoding: 'utf8' }).trim().split('\n')[1].replace(/\s+/, ' ');
  return `${cpus().length} cores ${cpus()[0].model.trim()}, Linux ${release()}, ` +
    `disk ${where}, commit ${commit()}`;
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'],
      { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

// A stocked store without orders. `copies` more of the same, for bare loops:
// paths on SQLite, conninfos on PostgreSQL.
export async function stocked(engine, options = {}) {
  const store = new Store(engine);
  await stock(store, options);
  return store;
}

let twins = 0;

export function twin(store) {
  const name = `twin${++twins}`;
  if (store.engine === 'sqlite') {
    const file = path.join(store.dir, `${name}.db`);
    copyFileSync(store.path, file);
    return { at: file, drop: () => rmSync(file, { force: true }) };
  }
  const database = `${store.database}_${name}`;
  psql(`CREATE DATABASE ${database} TEMPLATE ${store.database}`);
  return { at: `${conninfo} dbname=${database}`,
    drop: () => psql(`DROP DATABASE ${database} WITH (FORCE)`) };
}

async function lag(server) {
  const { text } = await server.send('GET', '/metrics');
  let sum = 0;
  for (const line of text.split('\n'))
    if (line.startsWith('wharf_consumer_lag_events'))
      sum += Number(line.split(' ').pop());
  return sum;
}

// Waits until the consumers have seen everything; ms it took.
export async function drain(server) {
  const begun = performance.now();
  while (await lag(server) > 0) await sleep(5);
  return performance.now() - begun;
}

// Intake over HTTP. rate: answered orders a second; drained: the same with
// the clock stopped when the consumers had seen them all.
export async function intake(server, options = {}) {
  const before = await counters(server);
  const result = await load(server, 'intake', { connections: 64, seconds, ...options });
  const drainMs = await drain(server);
  const after = await counters(server);
  const orders = result.status_201 ?? 0;
  if (orders !== result.requests)
    throw new Error(`not all orders were taken: ${JSON.stringify(result)}`);
  return { ...result, orders, rate: orders / result.seconds,
    drained: orders / (result.seconds + drainMs / 1000),
    batch: Math.max(1, Math.round((after.commands - before.commands) /
      (after.batches - before.batches))) };
}

async function counters(server) {
  return { commands: await server.metric('wharf_commands_total'),
    batches: await server.metric('wharf_batch_commands_count') };
}

// Fills through the pipeline in one process. Orders of the last million have
// idempotency keys as if placed today, older ones none any more.
export async function fill(store, count, { random = false } = {}) {
  const keyed = Math.min(count, 1000000);
  const args = [...store.args, '--skus', String(SKUS),
    '--ids', path.join(store.dir, 'ids'), ...random ? ['--random'] : []];
  const first = 1000000000;
  note(`filling ${count} orders`);
  const begun = performance.now();
  if (count > keyed)
    await run('bench_store', ['fill', ...args, '--no-keys', '--first',
      String(first), '--count', String(count - keyed)], { env: store.env });
  await run('bench_store', ['fill', ...args, '--first',
    String(first + count - keyed), '--count', String(keyed)], { env: store.env });
  const s = (performance.now() - begun) / 1000;
  note(`filled in ${round(s)} s, ${round(count / s)} orders/s, ` +
    `${round(statSync(store.path).size / 2 ** 30, 2)} GiB`);
}

// A filled SQLite store, kept in build/bench for the next bench.
export async function filled(count) {
  const total = Math.round(count * scale);
  const dir = path.join(build, '..', 'bench', `${total}`);
  const stamp = path.join(dir, 'stamp');
  const made = `${readFileSync(path.join(root, 'db/migrations/0001_engine.sql'), 'utf8')}`;
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== made) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    const store = new Store('sqlite', dir);
    await stock(store);
    await fill(store, total);
    // What the kernel still has to write would be measured as ours.
    spawnSync('sync');
    writeFileSync(stamp, made);
  }
  return new Store('sqlite', dir);
}

// The bench again, beside a PostgreSQL of its own, where none is there yet.
export function besidePostgres(script) {
  if (conninfo) return false;
  const { status } = spawnSync(path.join(root, 'tools/pg-temp'),
    [process.execPath, script, ...process.argv.slice(2)],
    { stdio: 'inherit', cwd: root });
  process.exitCode = status ?? 1;
  return true;
}
