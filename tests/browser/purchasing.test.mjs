// purchasing.test.mjs - goods are bought: a supplier, an order to it, what came
// of it and what did not (DOMAIN 3.14), in a real browser.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { eventually, fresh, money } from '../http/lib/shop.mjs';
import { checkAxe, closePage, openHouse, openPage, shoot, showOpen, signIn }
  from './lib/house.mjs';

const ANN = 'ann@shop.example';
const EVE = 'eve@shop.example';
const PHONE = { width: 390, height: 844 };
let house;
before(async () => {
  house = await openHouse();
  await house.person('admin', ANN);
  await house.person('viewer', EVE);
});
afterEach(showOpen);
after(() => house?.stop());

const isNarrow = async (page) => assert.equal(await page.evaluate(() =>
  document.documentElement.scrollWidth - window.innerWidth), 0);
const head = (page) => page.locator('main header');

// By the API; its version is that of the answer.
const bought = async (supplier, location, lines) => house.client.ok('POST',
  '/v1/purchase-orders', { supplier, location, currency: 'EUR', lines });
const did = (po, step) => house.client.ok('POST',
  `/v1/purchase-orders/${po.id}/${step}`, { version: po.version });

test('a supplier is made and changed, and goods are ordered and received',
  async () => {
    const page = await openPage(house);
    await signIn(page, ANN, '/suppliers');
    const dialog = page.getByRole('dialog');
    const act = async (name) => {
      await dialog.getByRole('button', { name, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    const code = fresh('mill');
    await page.getByRole('button', { name: 'New…' }).click();
    await dialog.getByLabel('Name', { exact: true }).first().fill('The old mill');
    await dialog.getByLabel('Code', { exact: true }).fill(code);
    await dialog.getByLabel(/^Days from sending/).fill('7');
    await dialog.getByLabel(/^More than ordered/).fill('10');
    await checkAxe(page, 'supplier', '[role=dialog]');
    await shoot(page, 'supplier-1440');
    await act('Make it');
    await page.getByRole('button', { name: 'Change The old mill' }).click();
    await dialog.getByLabel('E-mail').fill('sales@mill.example');
    await act('Change');
    await page.getByText('sales@mill.example').waitFor();
    await checkAxe(page, 'suppliers');
    await shoot(page, 'suppliers-1440');

    await page.getByRole('link', { name: 'The old mill' }).click();
    await page.waitForURL(/purchase-orders\?supplier=/);
    await page.getByText('No purchase order is like that').waitFor();
    await page.getByRole('link', { name: 'New…' }).click();
    await page.getByPlaceholder('Who it is bought from').click();
    await page.getByRole('option', { name: 'The old mill' }).click();
    await page.getByLabel('Add an item').fill('MUG-ENAMEL');
    await page.keyboard.press('Enter');
    await page.getByLabel('Units of MUG-ENAMEL').fill('40');
    await page.getByLabel('Unit cost of MUG-ENAMEL').fill('2.50');
    await page.getByText('€100.00').first().waitFor();
    await checkAxe(page, 'new purchase order');
    await shoot(page, 'purchase-new-1440');
    await page.setViewportSize(PHONE);
    await isNarrow(page);
    await shoot(page, 'purchase-new-390');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('button', { name: 'Keep as a draft' }).click();
    await page.waitForURL(/purchase-orders\/po_/);
    const id = page.url().split('/').pop();
    const get = () => house.client.ok('GET', `/v1/purchase-orders/${id}`);

    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await page.getByLabel('Units of MUG-ENAMEL').fill('50');
    await page.getByRole('textbox', { name: 'Note' }).fill('By the back door');
    await page.getByRole('button', { name: 'Keep as a draft' }).click();
    await page.getByText('By the back door').waitFor();
    for (const [step, badge] of [['Approve', 'Approved'], ['Send', 'Sent']]) {
      await page.getByRole('button', { name: `${step}…` }).click();
      await act(step);
      await head(page).getByText(badge, { exact: true }).waitFor();
    }
    await page.getByRole('button', { name: 'Another day…' }).click();
    const another = dialog.getByRole('button', { name: 'Change the days' });
    await dialog.getByLabel(/^MUG-ENAMEL/).fill('20277-03-14');
    assert.ok(await another.isDisabled());
    await dialog.getByLabel(/^MUG-ENAMEL/).fill('2027-03-14');
    await act('Change the days');
    await page.getByText('Mar 14, 2027').waitFor();

    await page.getByRole('button', { name: 'Receive…' }).click();
    assert.equal(await dialog.getByLabel('Good units of MUG-ENAMEL').inputValue(),
      '50');
    await dialog.getByLabel('Delivery note').fill('DN-17');
    await dialog.getByLabel('Good units of MUG-ENAMEL').fill('29');
    await dialog.getByLabel('Damaged units of MUG-ENAMEL').fill('1');
    await checkAxe(page, 'receive', '[role=dialog]');
    await shoot(page, 'purchase-receive-1440');
    await act('Receive 30 units');
    await head(page).getByText('Partially received').waitFor();
    const came = await get();
    assert.deepEqual([came.total, came.lines[0].received, came.lines[0].open],
      [money(12500), 30, 20]);
    await checkAxe(page, 'purchase order');
    await shoot(page, 'purchase-1440');
    await page.setViewportSize(PHONE);
    await isNarrow(page);
    await shoot(page, 'purchase-390');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('button', { name: 'Close…' }).click();
    await act('Close the order');
    await head(page).getByText('Closed', { exact: true }).waitFor();
    assert.equal((await get()).status, 'closed');
    await closePage(page);
  });

test('the list of purchase orders is filtered, live, and goes to a file',
  async () => {
    const code = fresh('weaver');
    await house.client.ok('POST', '/v1/suppliers', { code, currency: 'EUR',
      name: 'The weaver', lead_days: 3 });
    const [{ code: at }] = (await house.client.ok('GET', '/v1/locations')).items;
    const line = { sku: 'MUG-ENAMEL', quantity: 12, unit_cost: money(199),
      expected_at: new Date(Date.now() - 86400e3).toISOString() };
    const sent = await did(await did(await bought(code, at, [line]), 'approve'),
      'send');
    const draft = await bought(code, at, [{ ...line, quantity: 3 }]);
    const page = await openPage(house);
    await signIn(page, ANN, `/purchase-orders?supplier=${code}`);
    const row = (po) => page.getByRole('row', { name: new RegExp(`^${po.number}`) });
    await row(sent).getByText('Late').waitFor();
    await row(draft).waitFor();
    await checkAxe(page, 'purchase orders');
    await shoot(page, 'purchases-1440');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    assert.equal((await download).suggestedFilename(), 'purchase-orders.csv');
    await page.getByText('2 rows in purchase-orders.csv').waitFor();
    await page.getByLabel('State').selectOption('sent');
    await row(draft).waitFor({ state: 'detached' });
    await row(sent).waitFor();
    // What somebody else receives is seen without a look.
    await eventually(async () => (await house.client.ok('GET',
      `/v1/purchase-orders/${sent.id}`)).status === 'sent');
    await did(sent, 'receive');
    await row(sent).waitFor({ state: 'detached' });
    await page.setViewportSize(PHONE);
    await page.goto('/purchase-orders');
    await row(sent).waitFor();
    await isNarrow(page);
    await shoot(page, 'purchases-390');
    await row(draft).getByRole('link').click();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('button', { name: 'Cancel the order' }).click();
    await head(page).getByText('Cancelled').waitFor();
    await closePage(page);
  });

test('a purchase order is not written over what another made of it', async () => {
  const code = fresh('smith');
  await house.client.ok('POST', '/v1/suppliers', { code, currency: 'EUR',
    name: 'The smith', lead_days: 3 });
  const page = await openPage(house, { expects: [409] });
  await signIn(page, ANN, `/purchase-orders/new?supplier=${code}`);
  const currency = page.getByLabel('Currency');
  await page.waitForFunction((it) => it.value === 'EUR',
    await currency.elementHandle());
  await currency.fill('');
  await currency.pressSequentially('usd');
  assert.equal(await currency.inputValue(), 'USD');

  const [{ code: at }] = (await house.client.ok('GET', '/v1/locations')).items;
  const line = { sku: 'MUG-ENAMEL', quantity: 12, unit_cost: money(199) };
  const draft = await bought(code, at, [line]);
  await page.goto(`/purchase-orders/${draft.id}/edit`);
  await page.getByLabel('Units of MUG-ENAMEL').fill('13');
  await house.client.ok('PATCH', `/v1/purchase-orders/${draft.id}`,
    { version: draft.version, note: 'By ship', lines: [{ ...line, quantity: 20 }] });
  await page.getByText('Somebody changed this in the meantime').waitFor();
  await page.getByRole('button', { name: 'Show it as it is now' }).click();
  await page.getByRole('textbox', { name: 'Note' }).getByText('By ship').waitFor();
  assert.equal(await page.getByLabel('Units of MUG-ENAMEL').inputValue(), '20');
  // A year with a digit too many is typed soon.
  await page.getByLabel('Day of MUG-ENAMEL').fill('20277-03-14');
  assert.ok(await page.getByRole('button', { name: 'Keep as a draft' }).isDisabled());
  await page.getByLabel('Day of MUG-ENAMEL').fill('2027-03-14');
  assert.ok(await page.getByRole('button', { name: 'Keep as a draft' }).isEnabled());

  await page.goto('/suppliers');
  await page.getByRole('button', { name: 'New…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Code', { exact: true }).fill('The smith');
  await dialog.getByText('Letters, digits and . _ / - alone').waitFor();
  await page.mouse.click(5, 5); // Beside it: what was typed stays.
  assert.equal(await dialog.getByLabel('Code', { exact: true }).inputValue(),
    'The smith');
  await closePage(page);
});

test('who may only look at stock sees purchase orders and changes none',
  async () => {
    const page = await openPage(house);
    await signIn(page, EVE, '/purchase-orders');
    await page.getByRole('link', { name: 'Suppliers' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'New…' }).count(), 0);
    await page.getByRole('link', { name: /^PO-/ }).first().click();
    await page.getByText('How far it is').waitFor();
    assert.equal(await page.getByRole('button', { name: /…$/ }).count(), 0);
    await closePage(page);
  });
