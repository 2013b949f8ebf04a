// house.mjs - the real binary with demo data or none, and a real browser before
// it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { Client } from '../../http/lib/client.mjs';
import { addPerson, PASSWORD } from '../../http/lib/people.mjs';
import { root, Server, Store } from '../../http/lib/server.mjs';
import { eventually, fresh, money } from '../../http/lib/shop.mjs';

const axe = createRequire(import.meta.url)('@axe-core/playwright').default;
export const screens = path.join(root, 'build/screens');
const PATIENCE_MS = 15000;
const open = new Set();
let failed = 0;

const place = (client, more = {}) => client.ok('POST', '/v1/orders', {
  channel: 'web-de', external_id: fresh('o'),
  customer: { name: 'Ada Lovelace', email: 'ada@example.org' },
  shipping_address: { name: 'Ada Lovelace', line1: 'Dock 1', city: 'Berlin',
    postal_code: '10115', country: 'DE' },
  lines: [{ sku: 'MUG-ENAMEL', quantity: 3, unit_price: money(1290) }], ...more });

// All of it left, by a label of somebody else's.
async function shipped(client) {
  const order = await place(client);
  const fo = await eventually(async () => (await client.ok('GET',
    `/v1/fulfillment-orders?order=${order.id}`)).items[0]);
  const { items } = await client.ok('POST', '/v1/packages',
    { fulfillment_order_id: fo.id, pick: true, close: true, suggest: true });
  for (const { id } of items) {
    for (const [step, body] of [['label/record',
      { carrier: 'post', tracking: fresh('T') }], ['ship', {}]]) {
      const { version } = await client.ok('GET', `/v1/packages/${id}`);
      await client.ok('POST', `/v1/packages/${id}/${step}`, { version, ...body });
    }
  }
  return order;
}

// `camera`: a file that stands for what it sees.
export async function openHouse({ isEmpty = false, camera } = {}) {
  const store = new Store();
  if (!isEmpty) await store.must(['demo']);
  const house = { store, key: await store.key('all', 'root') };
  house.server = await Server.start(store);
  house.client = new Client(house.server.port, house.key);
  house.url = `http://127.0.0.1:${house.server.port}`;
  house.person = (roles, email) => addPerson(house.client, roles, email);
  house.place = (more) => place(house.client, more);
  house.shipped = () => shipped(house.client);
  house.browser = await chromium.launch({
    executablePath: process.env.WHARF_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
      ...camera ? ['--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${camera}`] : []],
  });
  house.stop = async () => {
    await house.browser.close();
    house.client.close();
    await house.server.stop();
    const verified = await store.verify();
    store.drop();
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  };
  return house;
}

// A page of its own, whose complaints are the test's. A call that is meant to
// be refused shows up there too: `expects` names the statuses that may.
export async function openPage(house, { expects = [], ...options } = {}) {
  const context = await house.browser.newContext({
    viewport: { width: 1440, height: 900 }, baseURL: house.url,
    locale: 'en-US', timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  const isMeant = (text) => [401, ...expects].some((status) =>
    text.includes(`status of ${status} `));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isMeant(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack));
  page.on('request', (request) => {
    if (!request.url().startsWith(house.url) && !request.url().startsWith('blob:'))
      complaints.push(`asks ${request.url()}`);
  });
  page.complaints = complaints;
  open.add(page);
  page.on('close', () => open.delete(page));
  return page;
}

// What stood on the screen when a test failed: build/screens/failed-….png.
export async function showOpen() {
  for (const page of open) {
    await shoot(page, `failed-${++failed}`);
    await page.context().close();
  }
}

export async function closePage(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

export async function signIn(page, email, path = '/') {
  await page.goto(path);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#main').waitFor();
}

// No serious violation in either theme, in all of the page or within a part
// (A19.08: WCAG 2.2 AA).
export async function checkAxe(page, name, within = 'html') {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Pages of buyers have no such mark: their style sheet asks the system.
    await page.waitForFunction((want) => [null, want].includes(
      document.documentElement.getAttribute('data-mantine-color-scheme')),
    colorScheme);
    const { violations } = await new axe({ page }).include(within)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    const bad = violations
      .filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }) => `${name}, ${colorScheme}: ${id}: ` +
        nodes.slice(0, 3).map((n) => `${n.html} ${n.failureSummary}`).join('\n'));
    assert.deepEqual(bad, []);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

export async function shoot(page, name) {
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: path.join(screens, `${name}.png`) });
}
