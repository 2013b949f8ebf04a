// order.test.mjs - one order, as a support agent works on it, in a real browser.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { eventually, money } from '../http/lib/shop.mjs';
import { checkAxe, closePage, openHouse, openPage, shoot, showOpen, signIn }
  from './lib/house.mjs';

const ANN = 'ann@shop.example';
let house;
before(async () => {
  house = await openHouse();
  await house.person('admin', ANN);
});
afterEach(showOpen);
after(() => house?.stop());

const get = (id) => house.client.ok('GET', `/v1/orders/${id}`);
const seen = (page, text) =>
  page.getByText(text).filter({ visible: true }).first();
const left = (line) => line.quantity + line.added - line.cancelled;

test('two change one order: what it does is shown, and the second sees the first',
  async () => {
    const placed = await house.place();
    const [ann, bob] = await Promise.all([openPage(house, { expects: [409] }),
      openPage(house)]);
    const edit = `/orders/${placed.id}/edit`;
    await Promise.all([signIn(ann, ANN, edit), signIn(bob, ANN, edit)]);

    await ann.getByLabel('Units of Enamel mug').fill('5');
    await ann.getByLabel('Add an item').fill('SOAP-SALT');
    await ann.keyboard.press('Enter');
    await ann.getByLabel('Price of Sea salt soap, added').fill('7.50');
    await ann.getByText('+€33.30').waitFor();
    await ann.getByText('MUG-ENAMEL: 2 reserved').waitFor();
    await checkAxe(ann, 'edit');
    await shoot(ann, 'edit-1440');
    await ann.getByLabel('Reason').fill('The buyer called');

    // Bob is faster, and Ann's page does not hear of it.
    const order = (url) => url.pathname === `/v1/orders/${placed.id}`;
    const was = await get(placed.id);
    await ann.route(order, (route) => route.fulfill({ json: was }));
    await bob.getByLabel('Price of Enamel mug').fill('10');
    await bob.getByText('Pulled back').waitFor({ state: 'detached' });
    await bob.getByText('-€8.70').waitFor();
    await bob.getByLabel('Reason').fill('A better price');
    await bob.getByRole('button', { name: 'Change the order' }).click();
    await bob.waitForURL(new RegExp(`${placed.id}$`));

    await ann.getByRole('button', { name: 'Change the order' }).click();
    await ann.getByText(/Somebody changed this in the meantime/).waitFor();
    assert.equal((await get(placed.id)).lines.length, 1);
    await ann.unroute(order);
    await ann.getByRole('button', { name: 'Show it as it is now' }).click();
    await ann.getByText('+€27.50').waitFor();
    assert.equal(await ann.getByLabel('Price of Enamel mug').inputValue(), '10.00');
    await ann.getByRole('button', { name: 'Change the order' }).click();
    await ann.waitForURL(new RegExp(`${placed.id}$`));
    const done = await get(placed.id);
    assert.deepEqual(done.lines.map((line) => [left(line), line.unit_price_now.amount]),
      [[5, 1000], [1, 750]]);
    await Promise.all([closePage(ann), closePage(bob)]);
  });

test('an order is held and let go, tagged and noted, and goods are sent again',
  async () => {
    const page = await openPage(house);
    const placed = await house.shipped();
    await signIn(page, ANN, `/orders/${placed.id}`);
    const dialog = page.getByRole('dialog');
    const more = async (name) => {
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name }).click();
    };
    await page.getByPlaceholder('A tag, Enter').fill('vip');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take off vip' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Take off vip' }).waitFor();
    await page.getByPlaceholder('What others should know').fill('She called twice');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await seen(page, 'She called twice').waitFor();

    await more('Send again…');
    await dialog.getByLabel('Units').fill('2');
    await checkAxe(page, 'send again', '[role=dialog]');
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await dialog.waitFor({ state: 'detached' });
    await seen(page, /^2 allocated at/).waitFor();
    await more('Hold the order…');
    await dialog.getByLabel('Note').fill('Ask for the street number');
    await shoot(page, 'order-hold-1440');
    for (const odd of ['20226-01-05T09:30', '0202-01-05T09:30']) {
      await dialog.getByLabel(/^Until, /).fill(odd);
      await dialog.getByText('This is no day of a calendar').waitFor();
      assert.ok(await dialog.getByRole('button', { name: 'Put on hold' }).isDisabled());
    }
    await dialog.getByLabel(/^Until, /).fill('');
    await dialog.getByRole('button', { name: 'Put on hold' }).click();
    await page.getByRole('region', { name: 'Holds' })
      .getByText('Ask for the street number').waitFor();
    await checkAxe(page, 'order on hold');
    await shoot(page, 'order-held-1440');
    await page.getByRole('button', { name: /^Let go/ }).click();
    await page.getByText('1 over').waitFor();
    const done = await get(placed.id);
    assert.deepEqual([done.tags, done.lines.length, done.payment.total_now.amount],
      [['vip'], 2, 3870]);
    await eventually(async () => (await house.client.ok('GET',
      `/v1/fulfillment-orders?order=${placed.id}`)).items
      .some((fo) => fo.status === 'open'));
    await closePage(page);
  });

test('A8.05 many orders are chosen and held at once, and each says what became of it',
  async () => {
    const page = await openPage(house);
    const gone = await house.place();
    await house.client.ok('POST', `/v1/orders/${gone.id}/cancel`,
      { version: gone.version, reason: 'not wanted' });
    const placed = await house.place();
    await signIn(page, ANN, '/orders');
    await page.getByLabel(`Choose ${gone.number}`).check();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 orders chosen').waitFor();
    await checkAxe(page, 'orders chosen');
    await shoot(page, 'orders-chosen-1440');
    await page.getByRole('button', { name: 'Do…' }).click();
    await page.getByRole('menuitem', { name: 'Hold…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Hold: 2 orders' });
    await dialog.getByRole('button', { name: 'Hold' }).click();
    await page.waitForURL(/jobs\/ojb_/);
    await page.getByRole('status').getByText('1 failed').waitFor();
    await page.getByRole('row', { name: `${gone.number} Failed` })
      .getByText('the order is cancelled').waitFor();
    await page.getByRole('row', { name: `${placed.number} Done` }).waitFor();
    await checkAxe(page, 'job');
    await shoot(page, 'job-1440');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('link', { name: 'Hold' }).waitFor();

    // All that match, and not only what is loaded.
    await page.goto('/orders?status=cancelled');
    await page.getByLabel(`Choose ${gone.number}`).check();
    await page.getByRole('button', { name: 'Choose all that match' }).click();
    await page.getByRole('button', { name: 'Do…' }).click();
    await page.getByRole('menuitem', { name: 'Tag…', exact: true }).click();
    await page.getByLabel('Tags, with commas').fill('late, checked');
    await page.getByRole('dialog').getByRole('button', { name: 'Tag' }).click();
    await page.waitForURL(/jobs\/ojb_/);
    const all = (await house.client.ok('GET',
      '/v1/orders?status=cancelled&limit=250')).items.length;
    assert.ok(all > 1);
    await page.getByRole('heading', { name: `Tag: ${all} orders` }).waitFor();
    await eventually(async () => (await get(gone.id)).tags.join() === 'late,checked');
    await closePage(page);
  });

test('A8.01 an order written down by hand becomes a quote, and the quote an order',
  async () => {
    const company = await house.client.ok('POST', '/v1/companies', {
      name: 'Harbour Cafes', currency: 'EUR', terms_days: 30,
      credit_limit: money(100000), approval_over: money(50000) });
    await house.client.ok('PUT', `/v1/companies/${company.id}/prices`, {
      version: company.version, prices: [{ sku: 'MUG-ENAMEL', unit_price: money(990) }] });
    const page = await openPage(house, { expects: [409] });
    await signIn(page, ANN, '/orders');
    const dialog = page.getByRole('dialog');
    const step = async (name) => {
      await page.getByRole('button', { name: `${name}…` }).click();
      if (name === 'Send as a quote')
        await dialog.getByLabel(/^Holds until/).fill(
          new Date(Date.now() + 9 * 86400000).toISOString().slice(0, 10));
      await dialog.getByRole('button', { name, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await page.getByRole('link', { name: 'New order' }).click();
    await page.getByLabel('Country, two letters').fill('de');
    await page.getByLabel('Add an item').fill('MUG-ENAMEL');
    await page.keyboard.press('Enter');
    await page.getByLabel('Units of Enamel mug, added').fill('60');
    await page.getByLabel('Price of Enamel mug, added').fill('12');
    await page.getByText('€720.00').first().waitFor();
    await page.getByRole('combobox', { name: 'Company' }).fill('cafe harb');
    await page.getByRole('option', { name: 'Harbour Cafes' }).click();
    await page.getByLabel('Price of Enamel mug, added').fill('');
    await page.getByLabel('Their number (PO)').fill('4500012');
    await page.getByLabel('E-mail').fill('grace@harbour.example');
    await checkAxe(page, 'new order');
    await shoot(page, 'new-order-1440');
    // It needs a yes of the house, so it stays a draft.
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.waitForURL(/drafts\/drf_/);
    await page.getByText(/needs a yes/).waitFor();
    await seen(page, '€594.00').waitFor();
    await step('Ask for a yes');
    await step('Approve');
    await step('Send as a quote');
    await page.getByRole('heading', { name: /^Q1/ }).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await page.getByText('Copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(link.startsWith(`${house.url}/q/`), link);
    await checkAxe(page, 'quote');
    await shoot(page, 'quote-1440');
    await page.getByRole('link', { name: 'Drafts', exact: true }).click();
    await page.getByRole('row', { name: /Harbour Cafes 4500012/ })
      .getByRole('link').click();
    await step('The buyer says yes');
    await step('Place the order');
    await page.waitForURL(/orders\/ord_/);
    await seen(page, '€594.00').waitFor();
    const order = await get(page.url().split('/').pop());
    assert.deepEqual([order.payment.total_now.amount, left(order.lines[0])], [59400, 60]);
    await closePage(page);
  });

test('who is cut off is told, loses nothing, and sees what happened meanwhile',
  async () => {
    const page = await openPage(house, { expects: [409] });
    const placed = await house.place();
    await signIn(page, ANN, `/orders/${placed.id}`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await dialog.getByLabel('Reason').fill('Twice the same');
    await page.context().setOffline(true);
    await page.getByText('This browser is offline').waitFor();
    await shoot(page, 'offline-1440');
    await dialog.getByRole('button', { name: 'Cancel the order' }).click();
    await dialog.getByText('The server cannot be reached').waitFor();
    await house.client.ok('POST', `/v1/orders/${placed.id}/tags`,
      { version: placed.version, add: ['meanwhile'] });
    await page.context().setOffline(false);
    await page.getByText('This browser is offline').waitFor({ state: 'detached' });
    await seen(page, 'meanwhile').waitFor();
    await dialog.getByRole('button', { name: 'Show it as it is now' }).click();
    assert.equal(await dialog.getByLabel('Reason').inputValue(), 'Twice the same');
    await dialog.getByRole('button', { name: 'Cancel the order' }).click();
    await page.locator('header').getByText('Cancelled', { exact: true }).waitFor();
    page.complaints.splice(0, page.complaints.length, ...page.complaints
      .filter((text) => !/ERR_(INTERNET_DISCONNECTED|FAILED|NETWORK)/.test(text)));
    await closePage(page);
  });

test('what comes back is exchanged, and its difference is shown before',
  async () => {
    const page = await openPage(house);
    const order = await house.shipped();
    await house.client.ok('POST', `/v1/orders/${order.id}/returns`,
      { items: [{ line: 1, quantity: 1, reason: 'too_small' }], approve: true });
    await signIn(page, ANN, `/orders/${order.id}`);
    await page.getByRole('button', { name: 'Exchange…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Add an item').fill('SOAP-SALT');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Price of Sea salt soap, added').fill('15');
    await dialog.getByText('+€15.00').waitFor();
    await dialog.getByText(/€12.90 comes off once the return is accepted/).waitFor();
    await dialog.getByLabel('Reason').fill('Soap instead');
    await checkAxe(page, 'exchange', '[role=dialog]');
    await shoot(page, 'exchange-1440');
    await dialog.getByRole('button', { name: 'Exchange', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Awaiting payment').first().waitFor();
    await page.getByRole('button', { name: 'Give it up' }).click();
    await page.getByRole('button', { name: 'Exchange…' }).waitFor();
    // Nothing comes back for a return that is over.
    const { items: [rma] } = await house.client.ok('GET',
      `/v1/returns?order=${order.id}`);
    await house.client.ok('POST', `/v1/returns/${rma.id}/cancel`,
      { version: rma.version });
    await page.reload();
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Exchange…' }).waitFor({ state: 'detached' });
    await closePage(page);
  });

test('each role sees its pages, and is told on the others that they are not its own',
  async () => {
    const foreign = { support: '/keys', warehouse: '/customers',
      viewer: '/people' };
    for (const [role, path] of Object.entries(foreign)) {
      await house.person(role, `${role}@shop.example`);
      const page = await openPage(house, { expects: [403] });
      await signIn(page, `${role}@shop.example`, path);
      const menu = page.getByRole('navigation', { name: 'Pages' });
      await menu.getByRole('link', { name: 'Orders', exact: true }).waitFor();
      await page.getByRole('alert').getByText(/lacks the scope/).waitFor();
      assert.equal(await menu.locator(`a[href="${path}"]`).count(), 0);
      // What would be refused is not offered.
      await page.goto('/orders');
      await page.getByRole('row', { name: /TK-/ }).first().waitFor();
      assert.equal(await page.getByRole('link', { name: 'New order' }).count(),
        role === 'support' ? 1 : 0);
      await closePage(page);
    }
  });
