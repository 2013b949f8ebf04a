// dashboard.test.mjs - what people do in the dashboard, in a real browser.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { PASSWORD } from '../http/lib/people.mjs';
import { eventually, money } from '../http/lib/shop.mjs';
import { film } from './lib/barcode.mjs';
import { checkAxe, closePage, openHouse, openPage, shoot, showOpen, signIn }
  from './lib/house.mjs';

const FIRST_LOAD_BYTES = 200 * 1024;
const ANN = 'ann@shop.example';
let dir, house, ann;
before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'wharf-film-'));
  const camera = path.join(dir, 'mug.y4m');
  writeFileSync(camera, film('4012345000047'));
  house = await openHouse({ camera });
  ann = await house.person('admin', ANN);
  newest = await newestOf('channel=pos-tokyo');
  done = await newestOf('channel=web-de&status=completed');
});
afterEach(showOpen);
after(async () => {
  await house?.stop();
  rmSync(dir, { recursive: true });
});

// Numbers of orders of the demo: of Tokyo; one that is over.
let newest, done;
const newestOf = async (filter) => (await house.client.ok('GET',
  `/v1/orders?limit=1&${filter}`)).items[0].number;
const place = (more) => house.place(more);
const get = (id) => house.client.ok('GET', `/v1/orders/${id}`);
const seen = (page, text) =>
  page.getByText(text).filter({ visible: true }).first();
const row = (page, number) => page.getByRole('row', { name: number });

test('who signs in sees orders; a wrong password is told', async () => {
  const page = await openPage(house);
  let bytes = 0;
  page.on('response', (response) => {
    if (!response.url().includes('/v1/'))
      bytes += Number(response.headers()['content-length'] ?? 0);
  });
  await page.goto('/orders');
  await checkAxe(page, 'sign-in');
  await shoot(page, 'sign-in-1440');
  await page.getByLabel('E-mail').fill(ANN);
  await page.getByLabel('Password', { exact: true }).fill('not my password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('do not belong together').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await row(page, newest).waitFor();
  assert.ok(bytes > 50_000 && bytes < FIRST_LOAD_BYTES, `${bytes} bytes`);
  await page.getByText('Times in Europe/Berlin').waitFor();

  await page.reload();
  await row(page, newest).waitFor();
  await page.getByRole('button', { name: /Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Wharf' }).waitFor();
  await closePage(page);
});

test('the list is live, filtered by its address, and walked by keys', async () => {
  const page = await openPage(house);
  await signIn(page, ANN, '/orders');
  await row(page, newest).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await checkAxe(page, 'orders');
  await shoot(page, 'orders-1440');

  const placed = await place();
  await row(page, placed.number).waitFor();

  await page.getByRole('button', { name: /^Completed/ }).click();
  await page.waitForURL(/status=completed/);
  await row(page, done).waitFor();
  assert.equal(await row(page, placed.number).count(), 0);
  await page.getByLabel('Channel').selectOption('pos-tokyo');
  await page.waitForURL(/channel=pos-tokyo/);
  await row(page, done).waitFor({ state: 'detached' });
  await page.reload();
  await row(page, /^Select TK-|TK-/).first().waitFor();
  assert.equal(await page.getByLabel('Channel').inputValue(), 'pos-tokyo');
  await page.getByRole('button', { name: 'Clear' }).click();

  await page.keyboard.press('/');
  await page.keyboard.type('lovelace');
  await page.waitForURL(/q=lovelace/);
  await row(page, placed.number).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(placed.id));
  await page.getByRole('heading', { name: placed.number }).waitFor();
  await closePage(page);
});

test('a view of a list is kept, shared, changed and taken away', async () => {
  await house.person('support', 'sue@shop.example');
  const [page, other] = [await openPage(house), await openPage(house)];
  await signIn(page, ANN, '/orders?status=completed');
  const views = page.getByRole('navigation', { name: 'Views' });
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Save view…' }).click();
  await dialog.getByLabel('Name').fill('Done in Germany');
  await dialog.getByLabel('Everybody in the shop sees it').check();
  await checkAxe(page, 'view', '[role=dialog]');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const view = views.getByRole('link', { name: 'Done in Germany' });
  await view.and(page.locator('[aria-current=page]')).waitFor();

  // Another person has it, and may not change it.
  await signIn(other, 'sue@shop.example', '/orders');
  await other.getByRole('link', { name: 'Done in Germany' }).click();
  await other.waitForURL(/orders\?status=completed/);
  await row(other, done).waitFor();
  assert.equal(await other.getByRole('button', { name: /^What to do/ }).count(), 0);
  await closePage(other);

  // What it filters by changes, and stays so.
  await page.getByLabel('Channel').selectOption('web-de');
  await page.getByRole('button', { name: 'Save into “Done in Germany”' }).click();
  await views.getByRole('button', { name: /^What to do/ }).waitFor();
  await checkAxe(page, 'orders with views');
  await shoot(page, 'views-1440');
  await views.getByRole('link', { name: 'All orders' }).click();
  await view.click();
  await page.waitForURL(/channel=web-de.*status=completed/);
  await views.getByRole('button', { name: /^What to do/ }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await dialog.getByLabel('Name').fill('Done');
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click();
  await views.getByRole('button', { name: 'What to do with “Done”' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await views.getByRole('link', { name: 'Done' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await views.getByRole('link', { name: 'Done' }).waitFor();
  await closePage(page);
});

test('a search finds pages, orders and parcels', async () => {
  const page = await openPage(house);
  await signIn(page, ANN, '/orders');
  const { items } = await house.client.ok('GET', '/v1/packages?limit=250');
  const parcel = items.find((one) => one.tracking);
  const order = await get(parcel.order_id);
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for pages, orders and parcels')
    .fill(parcel.tracking);
  await page.getByRole('button', { name: parcel.tracking }).waitFor();
  await checkAxe(page, 'search', '[role=dialog]');
  await shoot(page, 'search-1440');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: order.number }).waitFor();

  // What may be done here, what its menu holds, goods by words, who buys.
  const search = page.getByLabel('Search for pages, orders and parcels');
  const ask = async (text) => {
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    await search.fill(text);
  };
  const choice = (name) => page.getByRole('dialog').getByRole('button', { name });
  const placed = await place();
  // A scanner's Enter comes at once: what was found before is not what it means.
  await page.goto('/orders');
  await row(page, placed.number).waitFor();
  await ask(placed.number.slice(0, -1));
  await choice(new RegExp(`^${placed.number.slice(0, -1)}`)).first().waitFor();
  let answer;
  const entered = new Promise((resolve) => { answer = resolve; });
  await page.route('**/v1/packages?*', async (route) => {
    await entered;
    await route.continue();
  });
  await search.fill(parcel.tracking);
  await page.keyboard.press('Enter');
  answer();
  await page.getByRole('heading', { name: order.number }).waitFor();
  await page.unroute('**/v1/packages?*');

  await page.goto(`/orders/${placed.id}`);
  await page.getByRole('button', { name: 'Cancel…' }).waitFor();
  await ask('cancel');
  await choice(`Cancel… ${placed.number}`).waitFor();
  await shoot(page, 'palette-1440');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^Cancel/ }).getByLabel('Reason').waitFor();
  await page.keyboard.press('Escape');
  await ask('hold order');
  await choice(/^Hold the order…/).click();
  await page.getByRole('dialog', { name: /^Hold/ }).waitFor();
  await page.keyboard.press('Escape');
  // A page of that name comes before what only stands on such a page.
  await page.goto('/purchase-orders');
  await page.getByRole('button', { name: 'CSV' }).waitFor();
  await ask('orders');
  await choice('CSV Purchase orders').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/orders$/);
  await ask('mug enam');
  await choice(/^Enamel mug MUG-ENAMEL/).click();
  await page.waitForURL(/inventory\?sku=MUG-ENAMEL/);
  await eventually(async () => (await house.client.ok('GET',
    '/v1/customers?email=ada@example.org')).items.length > 0);
  await ask('ada@example.org');
  await choice('Ada Lovelace Customer').click();
  await page.waitForURL(/customers\/cus_/);
  await closePage(page);
});

test('an order is cancelled as it was seen, never as it has become', async () => {
  const page = await openPage(house, { expects: [409] });
  const placed = await place();
  await signIn(page, ANN, `/orders/${placed.id}`);
  await seen(page, /^3 allocated at Warehouse Berlin/).waitFor();
  await page.getByText(/location.? considered/).click();
  await page.getByText('Chosen').waitFor();
  await checkAxe(page, 'order');
  await shoot(page, 'order-1440');

  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByLabel('Reason').fill('The buyer thought better of it');
  await checkAxe(page, 'cancel', '[role=dialog]');
  await shoot(page, 'cancel-1440');
  // Somebody else is faster, and this page does not hear of it.
  const order = (url) => url.pathname === `/v1/orders/${placed.id}`;
  await page.route(order, (route) => route.abort());
  await house.client.ok('POST', `/v1/orders/${placed.id}/cancel`,
    { version: placed.version, reason: 'one less', lines: [{ n: 1, quantity: 1 }] });
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await page.getByText(/Somebody changed this in the meantime/).waitFor();
  assert.equal((await get(placed.id)).lines[0].cancelled, 1);
  await page.unroute(order);
  await page.getByRole('button', { name: 'Show it as it is now' }).click();
  await page.getByText('2 units can still be cancelled').waitFor();
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await page.getByText(`${placed.number} is cancelled`).hover();
  await page.locator('header').getByText('Cancelled', { exact: true }).waitFor();
  await checkAxe(page, 'cancelled', '.mantine-Notification-root');
  assert.equal((await get(placed.id)).status, 'cancelled');
  page.complaints.splice(0, page.complaints.length, ...page.complaints
    .filter((text) => !/ERR_FAILED/.test(text)));
  await closePage(page);
});

test('what leaves can be held and released', async () => {
  const page = await openPage(house);
  const placed = await place();
  await eventually(async () => (await house.client.ok('GET',
    `/v1/fulfillment-orders?order=${placed.id}`)).items.length > 0);
  await signIn(page, ANN, `/orders/${placed.id}`);
  await page.getByRole('button', { name: 'Hold…' }).click();
  await page.getByLabel('Reason').fill('The address looks odd');
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await page.getByText('Held: The address looks odd').waitFor();
  await page.getByRole('button', { name: 'Release' }).click();
  await page.getByRole('button', { name: 'Hold…' }).waitFor();
  await closePage(page);
});

test('a session that ends asks over the page, which stays', async () => {
  const page = await openPage(house);
  await signIn(page, ANN, '/orders?status=completed');
  await row(page, done).waitFor();
  await house.client.ok('DELETE', `/v1/users/${ann.id}/sessions`, undefined,
    { status: [200, 204] });
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  await checkAxe(page, 'session ended', '[role=dialog]');
  await shoot(page, 'session-ended-1440');
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.match(page.url(), /status=completed/);
  const placed = await place();
  await page.getByRole('button', { name: /^All/ }).click();
  await row(page, placed.number).waitFor();

  // Another tab signs somebody else in: what this one read is gone.
  await house.person('viewer', 'ned@shop.example');
  let reads = 0;
  page.on('request', (request) => { reads += /v1\/orders/.test(request.url()); });
  await page.context().clearCookies();
  const other = await page.context().newPage();
  await signIn(other, 'ned@shop.example');
  await other.close();
  reads = 0;
  await page.evaluate(() =>
    document.dispatchEvent(new Event('visibilitychange')));
  await page.getByRole('button', { name: /Account of/ }).getByText('Viewer')
    .waitFor();
  await eventually(() => reads > 0);
  await closePage(page);
});

test('a page offers what its reader may do', async () => {
  await house.person('viewer', 'vera@shop.example');
  const page = await openPage(house);
  const placed = await place();
  await signIn(page, 'vera@shop.example', `/orders/${placed.id}`);
  await page.getByRole('heading', { name: placed.number }).waitFor();
  await seen(page, /Warehouse Berlin/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Cancel…' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Hold…' }).count(), 0);
  await closePage(page);
});

test('A1.03 home leads to what it counts, stock to what moved it', async () => {
  const page = await openPage(house);
  await signIn(page, ANN, '/');
  await page.getByText('Needs a person').waitFor();
  await page.getByText('The carrier lost the parcel').waitFor();
  await page.getByRole('link', { name: /Confirmed orders/ }).waitFor();
  const placed = await place();
  await page.getByRole('link', { name: placed.number }).waitFor();
  await checkAxe(page, 'home');
  await shoot(page, 'home-1440');
  await page.getByRole('link', { name: 'Parcel of: Package lost' }).click();
  await page.waitForURL(/orders\/ord_/);

  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.waitForURL(/inventory/);
  await page.getByLabel('Location').selectOption('wh-berlin');
  const mugs = row(page, /MUG-ENAMEL/);
  await mugs.waitFor();
  const available = async () =>
    Number(await mugs.getByRole('cell').nth(2).innerText());
  const before = await available();
  await place();
  await eventually(async () => await available() === before - 3);
  await checkAxe(page, 'inventory');
  await shoot(page, 'inventory-1440');
  await page.getByRole('link', { name: 'MUG-ENAMEL' }).click();
  await row(page, /Commit/).first().waitFor();
  await page.getByRole('link', { name: 'At all locations' }).waitFor();
  await checkAxe(page, 'level');
  await shoot(page, 'level-1440');
  await closePage(page);
});

test('A12.01 reports are charts and tables over days, compared and taken along',
  async () => {
    const page = await openPage(house, { acceptDownloads: true, expects: [422] });
    await signIn(page, ANN, '/reports');
    await page.getByRole('link', { name: 'Sales over time' }).click();
    await page.getByRole('img', { name: 'Orders in EUR over time' }).waitFor();
    await page.getByLabel('Days', { exact: true }).selectOption('90');
    await page.getByLabel('By').selectOption('week');
    await page.getByLabel('Compare with').selectOption('previous');
    await page.waitForURL(/by=week.*compare=previous/);
    await page.getByText('0 before').first().waitFor();
    await page.getByRole('button', { name: /^Sales/ }).first().click();
    await page.getByRole('img', { name: 'Sales in JPY over time' }).waitFor();
    await shoot(page, 'report');
    await checkAxe(page, 'report');
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    assert.equal((await file).suggestedFilename(), 'sales_over_time.csv');
    await page.goto('/reports/sales_by_channel?from=2026-01-01');
    await page.getByRole('row').nth(4).waitFor();
    await page.goto('/reports/sales_over_time?zone=Mars');
    await seen(page, 'no such time zone').waitFor();
    await page.goto('/reports');
    await page.getByRole('link', { name: 'Stock cover' }).waitFor();
    await shoot(page, 'reports');
    await checkAxe(page, 'reports');
    await closePage(page);
  });

test('it fits a phone', async () => {
  const page = await openPage(house, { viewport: { width: 390, height: 844 } });
  await signIn(page, ANN, '/orders');
  await row(page, newest).waitFor();
  await shoot(page, 'orders-390');
  await checkAxe(page, 'orders, phone');
  const wide = () => page.evaluate(() =>
    document.documentElement.scrollWidth - window.innerWidth);
  assert.equal(await wide(), 0);
  await page.getByRole('button', { name: 'Open the menu' }).click();
  await page.getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: 'Orders', exact: true }).waitFor();
  await shoot(page, 'menu-390');
  await page.getByRole('button', { name: 'Close the menu' }).click();
  await page.getByRole('link', { name: newest }).click();
  await page.getByRole('heading', { name: newest }).waitFor();
  await page.getByText('Timeline').waitFor();
  assert.equal(await wide(), 0);
  await shoot(page, 'order-390');
  await closePage(page);
});

test('an order is picked by scan, packed, labelled and shipped, on a phone',
  async () => {
    const page = await openPage(house,
      { viewport: { width: 390, height: 844 }, expects: [422] });
    await signIn(page, ANN, '/fulfillment?location=wh-berlin');
    await page.getByRole('button', { name: /^Open \d/ }).waitFor();
    const placed = await place();
    const wide = () => page.evaluate(() =>
      document.documentElement.scrollWidth - window.innerWidth);
    const scan = async (label, code, said) => {
      await page.getByLabel(label).fill(code);
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText(said).waitFor();
    };
    await page.getByLabel(`Choose ${placed.number}`).check();
    await checkAxe(page, 'board, phone');
    await shoot(page, 'board-390');
    assert.equal(await wide(), 0);
    await page.getByRole('button', { name: 'Pick 1 order' }).click();
    await page.waitForURL(/picking\/pkt_/);
    await page.getByRole('button', { name: 'Begin the walk' }).click();
    await page.getByText('D-1', { exact: true }).first().waitFor();
    await scan('Scan the item', 'SOAP-SALT', /is not wanted.* bin D-1/);
    await checkAxe(page, 'walk');
    await shoot(page, 'walk-390');
    assert.equal(await wide(), 0);
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await page.getByRole('status').getByText('2 more').waitFor();
    await page.getByRole('button', { name: 'Close the camera' }).click();
    // A keyboard wedge types wherever the focus is: the field takes it back.
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.type('MUG-ENAMEL');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('1 more').waitFor();
    await page.getByRole('button', { name: 'It is not there…' }).click();
    await checkAxe(page, 'short pick', '[role=dialog]');
    await page.getByRole('button', { name: '1 unit missing' }).click();
    await page.getByRole('button', { name: 'Finish the walk' }).click();
    await page.getByText('Short', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Pack' }).click();
    await page.waitForURL(/packing\/fo_/);
    const fo = page.url().split('/').pop();
    await scan('Scan what goes', 'SOAP-SALT', /not among what/);
    await scan('Scan what goes', 'MUG-ENAMEL', '1 in the box');
    await checkAxe(page, 'bench');
    await shoot(page, 'pack-390');
    assert.equal(await wide(), 0);
    await page.getByLabel('Scan what goes').fill('MUG-ENAMEL');
    await page.keyboard.press('Enter');
    await page.getByText('2 in', { exact: true }).waitFor();
    await page.getByLabel('Box', { exact: true }).selectOption('small');
    await page.getByRole('button', { name: 'Close the box' }).click();
    await page.getByRole('button', { name: 'Buy the label' }).click();
    const print = page.getByRole('link', { name: 'Print the label' });
    await print.waitFor();
    const label = await page.request.get(await print.getAttribute('href'));
    assert.equal(label.headers()['content-type'], 'application/pdf');
    await page.getByRole('button', { name: 'Ship it' }).click();
    await page.getByText('All of it has left').waitFor();
    await page.getByRole('link', { name: placed.number, exact: true }).click();
    await page.getByRole('heading', { name: placed.number }).waitFor();
    await page.locator('header').getByText('Closed', { exact: true }).waitFor();
    await checkAxe(page, 'fulfillment order');
    await shoot(page, 'fo-390');
    assert.equal(await wide(), 0);
    const done = await house.client.ok('GET', `/v1/fulfillment-orders/${fo}`);
    assert.deepEqual(done.lines.map((l) => [l.quantity, l.shipped]), [[2, 2]]);
    await closePage(page);
  });

test('the board shows where what waits, and the walks whose they are',
  async () => {
    const page = await openPage(house);
    await signIn(page, ANN, '/fulfillment');
    const berlin = page.getByRole('link', { name: /Open, Warehouse Berlin/ });
    await berlin.waitFor();
    const before = parseInt(await berlin.innerText(), 10);
    const placed = await place();
    await page.getByRole('link', { name: placed.number }).waitFor();
    await eventually(async () =>
      parseInt(await berlin.innerText(), 10) === before + 1);
    await checkAxe(page, 'board');
    await shoot(page, 'board-1440');
    await berlin.click();
    await page.waitForURL(/location=wh-berlin/);
    await page.getByLabel(`Choose ${placed.number}`).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByText('For whoever comes').waitFor();
    await checkAxe(page, 'picking');
    await shoot(page, 'picking-1440');
    await closePage(page);
  });

test('a task leads to what it is about, is taken, resolved and opened again',
  async () => {
    const page = await openPage(house);
    await signIn(page, ANN, '/');
    await page.getByRole('link', { name: 'Package lost', exact: true }).click();
    await page.waitForURL(/tasks\?task=tsk_/);
    const task = page.getByRole('region', { name: 'Package lost' });
    await task.getByRole('button', { name: 'Take it' }).click();
    await task.getByRole('button', { name: 'Give it up' }).waitFor();
    await checkAxe(page, 'tasks');
    await shoot(page, 'tasks-1440');
    const about = await task.getByRole('link', { name: 'Parcel' })
      .getAttribute('href');
    assert.match(about, /^\/orders\/ord_/);
    await task.getByLabel('Note').fill('Sent anew');
    await task.getByRole('button', { name: 'Resolve' }).click();
    await task.getByText('Sent anew').waitFor();
    const list = page.getByRole('list', { name: 'Tasks' });
    await list.getByRole('button', { name: 'Package lost' })
      .waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption('resolved');
    await list.getByRole('button', { name: 'Package lost' }).click();
    await task.getByRole('button', { name: 'Open it again' }).click();
    await task.getByRole('button', { name: 'Resolve' }).waitFor();
    await list.getByRole('button', { name: 'Package lost' })
      .waitFor({ state: 'detached' });
    await page.getByLabel('Whose').selectOption('me');
    await page.getByLabel('State').selectOption('open');
    await list.getByRole('button', { name: 'Package lost' }).waitFor();
    await closePage(page);
  });

test('money is captured in parts, given up, and given back as it was foreseen',
  async () => {
    const page = await openPage(house, { expects: [422] });
    const placed = await place();
    await house.client.ok('POST', `/v1/orders/${placed.id}/payments`,
      { tender: 'card', amount: money(3870), done: 'authorized' });
    await signIn(page, ANN, `/orders/${placed.id}`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Capture…' }).click();
    assert.equal(await dialog.getByLabel('Amount, EUR').inputValue(), '38.70');
    await dialog.getByLabel('Amount, EUR').fill('30,5');
    await checkAxe(page, 'capture', '[role=dialog]');
    await shoot(page, 'capture-1440');
    await dialog.getByRole('button', { name: 'Capture €30.50' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Void…' }).click();
    await dialog.getByText('€8.20 of Card are open').waitFor();
    await dialog.getByRole('button', { name: 'Void', exact: true }).click();
    await page.getByRole('button', { name: 'Void…' })
      .waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Refund…' }).click();
    await dialog.getByText('Nothing is owed').waitFor();
    await dialog.getByLabel('Goodwill, EUR').fill('9.205');
    await dialog.getByText('Not an amount').waitFor();
    await dialog.getByLabel('Goodwill, EUR').fill('13.20');
    await dialog.getByLabel('Reason').fill('Scratched');
    // It owed 8.20, so so much less comes back.
    const give = dialog.getByRole('button', { name: 'Refund €5.00' });
    await give.waitFor();
    await dialog.getByText('Back to card').waitFor();
    await checkAxe(page, 'refund', '[role=dialog]');
    await shoot(page, 'refund-1440');
    await give.click();
    await dialog.waitFor({ state: 'detached' });
    await seen(page, 'Partially refunded').waitFor();
    const { payment } = await get(placed.id);
    assert.deepEqual([payment.captured.amount, payment.refunded.amount,
      payment.total_now.amount, payment.balance_due.amount],
    [3050, 500, 2550, 0]);
    await checkAxe(page, 'order with money');
    await closePage(page);
  });
