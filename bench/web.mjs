// web.mjs - the dashboard in Chromium before a million orders: the first rows
// of their list and a scroll through it, what a first load weighs, paints and
// blocks, and how late home shows what a surge sells.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { addPerson, PASSWORD } from '../tests/http/lib/people.mjs';
import { Server, figure, filled, finish, load, note, round, sleep }
  from './lib.mjs';
import { root } from '../tests/crash/rig.mjs';

const { chromium } = createRequire(path.join(root, 'tests/browser/package.json'))(
  'playwright-core');
const ORDERS = 1000000;
const RUNS = 5;
const PAGES = 40;
const PAGE_ROWS = 50; // web/src/pages/useOrders.ts: LIMIT.
const WHEEL_PX = 700;
const SETTLE_MS = 1500;
const SURGE = { units: 10000, buyers: 100000 }; // As bench/surge.mjs.
const PROBE_MS = 370;
const PROBES = 12;
const ROW = '[role=rowgroup] [role=row] a';
const DESK = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SLOWER = 4;

const sorted = (list) => list.slice().sort((a, b) => a - b);
const quantile = (list, q) =>
  sorted(list)[Math.min(list.length - 1, Math.floor(list.length * q))];
const middle = (list) => quantile(list, 0.5);

// ---- in the page, before its own scripts ----

// When what is looked for stood there first, after the last click if there was
// one; what was painted, and what blocked since.
function watch(want) {
  const seen = { at: 0, click: 0, contentful: 0, largest: 0, long: [] };
  window.seen = seen;
  const on = (type, take) => new PerformanceObserver((list) =>
    list.getEntries().forEach(take)).observe({ type, buffered: true });
  on('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') seen.contentful = startTime;
  });
  on('largest-contentful-paint', ({ startTime }) => { seen.largest = startTime; });
  on('longtask', ({ startTime, duration }) => seen.long.push([startTime, duration]));
  addEventListener('click', () => {
    seen.click = performance.now();
    seen.at = 0;
    look();
  }, true);
  const look = () => {
    if (document.querySelector(want)) seen.at = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

// Each row that was ever drawn by its place in the list, until so many were.
async function scrolled(want) {
  const main = document.getElementById('main');
  const ids = [];
  const frames = [];
  const told = { moved: 0, gaps: 0, stuck: 0 };
  const [x, y] = [innerWidth / 2, innerHeight / 2];
  for (let last = performance.now(); ids.length < want;) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    for (const row of document.querySelectorAll('[role=rowgroup] [role=row]')) {
      const at = Number(row.getAttribute('aria-rowindex')) - 2;
      const id = row.querySelector('a').getAttribute('href').split('/').pop();
      if (ids[at] !== undefined && ids[at] !== id) told.moved++;
      ids[at] = id;
    }
    if (!document.elementFromPoint(x, y)?.closest('[role=row]')) told.gaps++;
    if (main.scrollTop + main.clientHeight >= main.scrollHeight - 1)
      told.stuck += now - last;
    last = now;
  }
  return { ...told, frames, ids: ids.slice(0, want) };
}

// Every total that home shows, and when.
function follow() {
  const shown = [];
  window.shown = shown;
  const look = () => {
    const text = document.querySelector('#main h1')?.parentElement.textContent ?? '';
    const total = Number(text.match(/([\d,]+) orders? in all/)?.[1].replaceAll(',', ''));
    if (total && total !== shown.at(-1)?.total)
      shown.push({ total, at: performance.timeOrigin + performance.now() });
  };
  look();
  new MutationObserver(look).observe(document.getElementById('main'),
    { subtree: true, childList: true, characterData: true });
}

// ---- the browser ----

async function context(house, options) {
  const made = await house.browser.newContext({ baseURL: house.url, locale: 'en-US',
    storageState: house.signedIn, ...options });
  made.setDefaultTimeout(60_000);
  return made;
}

async function signIn(house) {
  const client = { ok: (...call) => house.server.must(...call) };
  const email = `${randomUUID()}@bench.example`;
  await addPerson(client, 'admin', email);
  const made = await context(house, DESK);
  const page = await made.newPage();
  await page.goto('/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#main').waitFor();
  house.signedIn = await made.storageState();
  await made.close();
}

const shows = async (page) => {
  await page.waitForFunction(() => window.seen?.at > 0);
  return page.evaluate(() => window.seen);
};

// The first load of a page by a browser that has nothing of it.
async function firstLoad(house, { options, slower = 1 }, [, address, want]) {
  const made = await context(house, options);
  const page = await made.newPage();
  const session = await made.newCDPSession(page);
  let bytes = 0;
  await session.send('Network.enable');
  session.on('Network.loadingFinished', (one) => { bytes += one.encodedDataLength; });
  if (slower > 1) await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.addInitScript(watch, want);
  await page.goto(address);
  await shows(page);
  await sleep(SETTLE_MS);
  const { at, contentful, largest, long } = await shows(page);
  await made.close();
  const blocked = long.filter(([begun]) => begun >= contentful)
    .reduce((sum, [, took]) => sum + took - 50, 0);
  return { at, contentful, largest, blocked, bytes };
}

async function firstLoads(house, name, device) {
  for (const page of house.pages) {
    const all = [];
    for (let i = 0; i < RUNS; i++) all.push(await firstLoad(house, device, page));
    const of = (key) => round(middle(all.map((one) => one[key])));
    const told = { fcp: of('contentful'), lcp: of('largest'), tbt: of('blocked'),
      shown: of('at'), bytes: of('bytes') };
    note(`${page[0]} on a ${name}: ${JSON.stringify(told)}`);
    for (const [key, value] of Object.entries(told))
      figure(`web_${name}_${page[0]}_${key}${key === 'bytes' ? '' : '_ms'}`, value);
  }
}

// The first rows: of a page that is loaded anew with its files in the cache,
// and of a click on home.
async function firstRows(house) {
  const made = await context(house, DESK);
  const page = await made.newPage();
  await page.addInitScript(watch, ROW);
  await page.goto('/orders');
  await shows(page);
  const loads = [];
  const clicks = [];
  for (let i = 0; i < RUNS; i++) {
    await page.goto('/orders');
    loads.push((await shows(page)).at);
    await page.goto('/');
    await page.getByText('in all').waitFor();
    await sleep(SETTLE_MS / 2);
    await page.getByRole('navigation').getByRole('link', { name: 'Orders', exact: true }).click();
    const { at, click } = await shows(page);
    clicks.push(at - click);
  }
  await made.close();
  note(`rows after ${loads.map((ms) => round(ms))} ms, by a click after ` +
    `${clicks.map((ms) => round(ms))} ms`);
  return { load: round(middle(loads)), click: round(middle(clicks)) };
}

// The wheel turns until so many rows stood there; they are the ones of the API,
// each once and in its place.
async function scroll(house) {
  const want = Math.min(PAGES * PAGE_ROWS, house.count);
  const made = await context(house, DESK);
  const page = await made.newPage();
  await page.addInitScript(watch, ROW);
  await page.goto('/orders');
  await shows(page);
  await page.mouse.move(720, 450);
  const begun = performance.now();
  let isOver = false;
  const told = page.evaluate(scrolled, want).finally(() => { isOver = true; });
  while (!isOver) {
    await page.mouse.wheel(0, WHEEL_PX);
    await sleep(8);
  }
  const { ids, frames, ...rest } = await told;
  const took = performance.now() - begun;
  await made.close();
  const listed = [];
  for (let after = ''; listed.length < want;) {
    const reply = await house.server.must('GET', `/v1/orders?limit=250${after}`);
    listed.push(...reply.items.map((one) => one.id));
    after = `&after=${reply.next}`;
  }
  const wrong = ids.filter((id, at) => id !== listed[at]).length;
  note(`${want} rows in ${round(took)} ms, ${wrong} wrong, ${rest.moved} moved, ` +
    `${rest.gaps} frames with a gap, ${round(rest.stuck)} ms at the end of what ` +
    `was read; frames: p50 ${round(middle(frames))}, p99 ` +
    `${round(quantile(frames, 0.99))}, worst ${round(Math.max(...frames))} ms`);
  figure('web_scroll_rows', want);
  figure('web_scroll_rows_per_s', round(want / took * 1000));
  figure('web_scroll_rows_wrong', wrong + rest.moved);
  figure('web_scroll_gaps', rest.gaps);
  figure('web_scroll_waited_ms', round(rest.stuck));
  figure('web_scroll_frame_p99_ms', round(quantile(frames, 0.99)));
  return { wrong: wrong + rest.moved, gaps: rest.gaps };
}

// ---- home, while a surge sells ----

async function surgeSku(house) {
  const code = `SURGE-${randomUUID().slice(0, 8).toUpperCase()}`;
  await house.server.must('POST', '/v1/skus', { code, title: 'The one article' });
  await house.server.must('POST', '/v1/inventory/adjust', { reason: 'opening stock',
    items: [{ sku: code, location: 'bench-warehouse', delta: SURGE.units }] });
  return code;
}

async function placedSince(house, cursor) {
  const times = [];
  for (let after = cursor; after;) {
    const reply = await house.server.must('GET',
      `/v1/events?type=order.placed&limit=250&after=${after}`);
    times.push(...reply.items.map((one) => Date.parse(one.at)));
    after = reply.next;
  }
  return times;
}

const probe = (sku) => ({ channel: 'bench', external_id: randomUUID(),
  tax_mode: 'inclusive',
  lines: [{ sku, quantity: 1, unit_price: { amount: 1999, currency: 'EUR' } }] });

// What the surge sells, and single orders beside and after it, each from its
// commit until home shows a total that has it.
async function surge(house) {
  const sku = await surgeSku(house);
  const made = await context(house, DESK);
  const page = await made.newPage();
  await page.goto('/');
  await page.getByText('in all').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await sleep(SETTLE_MS);
  await page.evaluate(follow);
  const { id } = await house.server.must('POST', '/v1/orders', probe('BENCH-00001'));
  await sleep(SETTLE_MS * 2);
  const base = await page.evaluate(() => window.shown.at(-1).total);
  const { items: [{ id: cursor }] } = await house.server.must('GET',
    `/v1/events?subject=${id}&type=order.placed`);
  const [result] = await Promise.all([
    load(house.server, 'surge', { connections: 256, count: SURGE.buyers, sku }),
    (async () => {
      for (let i = 0; i < PROBES; i++) {
        await sleep(PROBE_MS);
        await house.server.must('POST', '/v1/orders', probe('BENCH-00001'));
      }
    })()]);
  await sleep(SETTLE_MS * 2);
  const shown = await page.evaluate(() => window.shown);
  await made.close();
  const placed = await placedSince(house, cursor);
  const late = placed.map((at, n) =>
    (shown.find((one) => one.total > base + n)?.at ?? Infinity) - at);
  note(`${result.status_201} sold of ${SURGE.buyers} wishes in ` +
    `${round(result.seconds, 1)} s, ${placed.length} orders; home showed ` +
    `${shown.filter((one) => one.total > base).length} totals, the last ` +
    `${shown.at(-1).total - base} more; p50 ${round(middle(late))} ms`);
  figure('web_home_orders', placed.length);
  figure('web_home_attempts_per_s', round(result.requests_per_s));
  figure('web_home_late_p50_ms', round(middle(late)));
  figure('web_home_late_max_ms', round(quantile(late, 1)));
  return { late: quantile(late, 1), sold: result.status_201 ?? 0 };
}

// ---- all of it ----

const store = await filled(ORDERS);
const house = { server: await Server.start(store) };
house.url = `http://127.0.0.1:${house.server.port}`;
house.browser = await chromium.launch({
  executablePath: process.env.WHARF_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
try {
  await signIn(house);
  const { items: counts } = await house.server.must('GET', '/v1/orders/counts');
  house.count = counts.reduce((sum, one) => sum + one.orders, 0);
  const { items: [order] } = await house.server.must('GET', '/v1/orders?limit=1');
  const { page: track } = await house.server.must('GET',
    `/v1/orders/${order.id}/tracking-token`);
  house.pages = [['home', '/', '#main ul a'], ['orders', '/orders', ROW],
    ['order', `/orders/${order.id}`, '#main table'], ['track', track, 'h1, h2']];
  figure('web_orders', house.count);
  const rows = await firstRows(house);
  figure('web_orders_rows_ms', rows.load);
  figure('web_orders_rows_click_ms', rows.click);
  const list = await scroll(house);
  await firstLoads(house, 'desk', { options: DESK });
  await firstLoads(house, 'phone', { options: PHONE, slower: SLOWER });
  const home = await surge(house);
  finish('make bench-web', [
    ['web_orders_rows_ms', rows.load <= 300, '300'],
    ['web_orders_rows_click_ms', rows.click <= 300, '300'],
    ['web_scroll_rows_wrong', list.wrong === 0, '0'],
    ['web_scroll_gaps', list.gaps === 0, '0'],
    ['surge', home.sold === SURGE.units, `${SURGE.units}`],
    ['web_home_late_max_ms', home.late <= 1000, '1000']]);
} finally {
  await house.browser.close();
  await house.server.stop();
}
