// lifecycle.mjs - an order from its placing to its delivery, all through HTTP:
// how many a second, how long each step; and what 1,000 locations cost.
//
// --engine postgres does it on PostgreSQL; --part cycles or places does half;
// --locations N stocks the SKUs of the cycles at so many, 50 then.
import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { Server, drain, figure, finish, load, note, round, scale, seconds, sleep,
  stocked } from './lib.mjs';

const { values: options } = parseArgs({ options: {
  engine: { type: 'string', default: 'sqlite' },
  part: { type: 'string', default: '' },
  locations: { type: 'string', default: '1' } } });
const { engine } = options;
const prefix = engine === 'sqlite' ? 'lifecycle' : `lifecycle_${engine}`;
const WORKERS = 32;
const locations = Number(options.locations);
const SKUS = locations > 1 ? 50 : 1000;
const CYCLES = Math.round(100 * seconds * scale);
const EUR = (amount) => ({ amount, currency: 'EUR' });

// ---- one cycle after the other, by so many workers ----

class Clocks {
  #ms = new Map();

  async time(step, fn) {
    const begun = performance.now();
    const value = await fn();
    if (!this.#ms.has(step)) this.#ms.set(step, []);
    this.#ms.get(step).push(performance.now() - begun);
    return value;
  }

  figures() {
    for (const [step, ms] of this.#ms) {
      ms.sort((a, b) => a - b);
      figure(`${prefix}_${step}_p50_ms`, round(ms[Math.floor(ms.length / 2)], 2));
      figure(`${prefix}_${step}_p99_ms`, round(ms[Math.floor(ms.length * 0.99)], 2));
    }
  }
}

// Asks until there is an answer.
async function until(ask) {
  for (let wait = 2; ; wait = Math.min(wait * 2, 50)) {
    const found = await ask();
    if (found) return found;
    await sleep(wait);
  }
}

const body = (n) => ({
  channel: 'bench', external_id: `cycle-${n}`, tax_mode: 'inclusive',
  customer: { name: 'Zoë Example', email: `z${n}@example.org` },
  shipping_address: { name: 'Zoë Example', line1: 'Musterstraße 12',
    city: 'Berlin', postal_code: '10115', country: 'DE' },
  lines: [n, n * 7 + 3].map((sku) => ({ quantity: 1, unit_price: EUR(1999),
    sku: `BENCH-${String(sku % SKUS).padStart(5, '0')}` })) });

async function pick(clocks, must, fo) {
  const made = await clocks.time('pick_task', () => must('POST', '/v1/pick-tasks',
    { mode: 'single', fulfillment_orders: [fo.id] }));
  let task = made.tasks[0];
  const url = `/v1/pick-tasks/${task.id}`;
  task = await clocks.time('start', () => must('POST', `${url}/start`,
    { version: task.version }));
  for (const line of task.lines)
    ({ task } = await clocks.time('scan', () => must('POST', `${url}/scan`,
      { sku: line.sku, quantity: line.quantity })));
  await clocks.time('pick', () => must('POST', `${url}/complete`,
    { version: task.version }));
}

async function parcel(clocks, must, fo) {
  const { items: [made] } = await clocks.time('pack', () => must('POST',
    '/v1/packages', { fulfillment_order_id: fo.id, suggest: true, close: true }));
  const url = `/v1/packages/${made.id}`;
  const labelled = await clocks.time('label', async () => {
    await must('POST', `${url}/label`, { version: made.version, account: 'own' });
    return until(async () => {
      const now = await must('GET', url);
      return now.state === 'labelled' && now;
    });
  });
  await clocks.time('ship', () => must('POST', `${url}/ship`,
    { version: labelled.version }));
  await clocks.time('deliver', () => must('POST', `${url}/tracking`,
    { items: [{ code: 'delivered', occurred_at: new Date().toISOString() }] }));
}

async function cycle(clocks, must, n) {
  const order = await clocks.time('place', () => must('POST', '/v1/orders', body(n)));
  const fo = await clocks.time('open', () => until(async () => (await must('GET',
    `/v1/fulfillment-orders?order=${order.id}`)).items[0]));
  await pick(clocks, must, fo);
  await parcel(clocks, must, fo);
}

async function lifecycle() {
  const store = await stocked(engine, { locations, skus: SKUS });
  const server = await Server.start(store);
  const agent = new Agent({ keepAlive: true, maxSockets: WORKERS });
  const must = (method, url, json) => server.must(method, url, json, { agent });
  await must('POST', '/v1/carrier-accounts', { code: 'own', carrier: 'own',
    gs1_prefix: '4012345', services: [{ code: 'std', title: 'Standard' }] });
  const clocks = new Clocks();
  let next = 0;
  const begun = performance.now();
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    while (next < CYCLES) await cycle(clocks, must, next++);
  }));
  const s = (performance.now() - begun) / 1000;
  agent.destroy();
  await server.stop();
  await store.verify();
  store.drop();
  figure(`${prefix}_cycles`, CYCLES);
  figure(`${prefix}_cycles_per_s`, round(CYCLES / s, 1));
  clocks.figures();
}

// ---- placing with many locations over placing with one ----

const ROUNDS = 9;
const median = (values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function shop(locations) {
  const store = await stocked(engine, { locations, skus: 50 });
  return { store, server: await Server.start(store), rates: [] };
}

async function placing({ server, rates }) {
  const result = await load(server, 'intake',
    { connections: 64, seconds: Math.max(1, seconds / 5), skus: 50 });
  rates.push(result.status_201 / result.seconds);
}

// By turns, so that what else the machine does counts for both alike; each has
// the machine alone: the one before has ended what its orders left to do.
async function compare() {
  const one = await shop(1), many = await shop(1000);
  for (let i = 0; i < ROUNDS; i++)
    for (const each of [one, many]) {
      await placing(each);
      await drain(each.server);
    }
  for (const { store, server } of [one, many]) {
    await server.stop();
    await store.verify();
    store.drop();
  }
  const ratios = many.rates.map((rate, i) => rate / one.rates[i]);
  note(`ratios: ${ratios.map((ratio) => round(ratio, 2)).join(' ')}`);
  figure(`${prefix}_place_1_orders_per_s`, round(median(one.rates)));
  figure(`${prefix}_place_1000_orders_per_s`, round(median(many.rates)));
  return median(ratios);
}

const bars = [];
if (options.part !== 'places') await lifecycle();
if (options.part !== 'cycles') {
  const ratio = await compare();
  figure(`${prefix}_routing_ratio`, round(ratio, 3));
  bars.push([`${prefix}_routing_ratio`, ratio >= 0.7, '0.7']);
}
finish('make bench-lifecycle', bars);
