// settings.test.mjs - how a channel is set up: its scenarios by a form, what
// comes back, who issues its invoices; and goods sent again once what broke is
// back (A7.14), in a real browser.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { fresh, money } from '../http/lib/shop.mjs';
import { checkAxe, closePage, openHouse, openPage, shoot, showOpen, signIn }
  from './lib/house.mjs';

const ANN = 'ann@shop.example';
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
let house, channel;
before(async () => {
  house = await openHouse();
  await house.person('admin', ANN);
  const { items } = await house.client.ok('GET', '/v1/channels');
  channel = items.find((one) => one.code === 'web-de');
});
afterEach(showOpen);
after(() => house?.stop());

const of = (part) => house.client.ok('GET', `/v1/channels/${channel.id}/${part}`);
// At both widths, nothing wider than the page.
async function look(page, name, within) {
  await checkAxe(page, name, within);
  await shoot(page, `${name}-1440`);
  await page.setViewportSize(PHONE);
  assert.equal(await page.evaluate(() =>
    document.documentElement.scrollWidth - window.innerWidth), 0);
  await shoot(page, `${name}-390`);
  await page.setViewportSize(DESK);
}

test('a scenario is written by a form, and another sees what differs', async () => {
  const page = await openPage(house, { expects: [409] });
  await signIn(page, ANN, `/channels/${channel.id}`);
  const dialog = page.getByRole('dialog');
  const was = await of('routing');
  await page.getByRole('button', { name: 'New scenario…' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Gifts to Austria');
  await dialog.getByLabel('Goes to countries').fill('at, ch');
  await dialog.getByLabel('Has one of the tags').fill('gift');
  await dialog.getByLabel('Worth at least, EUR').fill('49.90');
  await dialog.getByLabel('Crosses a border').selectOption('false');
  await dialog.getByLabel('Has none of the tags').fill('rush');
  await dialog.getByLabel('First choice').selectOption('fewest_splits');
  await dialog.getByLabel('How it is shared out').selectOption('whole_order');
  await dialog.getByText('Which places count').click();
  await dialog.getByLabel('Warehouse').check();
  await dialog.getByLabel('Away at most, km').fill('800');
  await look(page, 'scenario', '[role=dialog]');
  await dialog.getByRole('button', { name: 'As JSON' }).click();
  await dialog.getByRole('button', { name: 'As a form' }).click();
  assert.equal(await dialog.getByLabel('Goes to countries').inputValue(), 'AT, CH');
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await page.getByText(/Orders with countries AT, CH/).waitFor();

  // Meanwhile another changes what a scenario does, and not its name.
  const other = { name: 'Gifts to Austria', when: { countries: ['AT'] },
    steps: [{ name: 'Nearest', rank: [{ by: 'oldest_stock' }] }] };
  await house.client.ok('PUT', `/v1/channels/${channel.id}/routing`,
    { version: was.version, locations: was.locations,
      scenarios: [...was.scenarios, other] });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Differs').first().waitFor();
  await page.getByRole('alert').getByText(/what lies longest/).waitFor();
  await checkAxe(page, 'difference');
  await shoot(page, 'scenario-difference-1440');
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('the next order goes by it').first().waitFor();
  const saved = (await of('routing')).scenarios.at(-1);
  assert.deepEqual(saved.when, { tags: ['gift'], not_tags: ['rush'],
    countries: ['AT', 'CH'], value_min: money(4990), is_cross_border: false });
  assert.deepEqual([saved.steps[0].rank[0].by, saved.steps[0].allocate,
    saved.steps[0].filter], ['fewest_splits', 'whole_order',
    { types: ['warehouse'], max_km: 800 }]);
  await closePage(page);
});

test('what comes back, why, where to, and what never does, is set', async () => {
  const page = await openPage(house);
  await signIn(page, ANN, `/channels/${channel.id}`);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Change the rules for returns' }).click();
  await dialog.getByLabel('Kept for a label, EUR').fill('4.90');
  await dialog.getByLabel('Need not come up to, EUR').fill('7');
  await dialog.getByText('Why it may come back').click();
  await dialog.getByRole('button', { name: 'One more reason' }).click();
  await dialog.getByLabel('As buyers read it').last().fill('The glaze is cracked');
  await dialog.getByLabel('Code', { exact: true }).last().fill('Glaze cracked');
  await dialog.getByLabel("The shop's fault").last().check();
  await dialog.getByText('Where it goes').click();
  await dialog.getByRole('button', { name: 'One more place' }).click();
  await dialog.getByLabel('From the countries').last().fill('at');
  await dialog.getByText('What never comes back').click();
  await dialog.getByLabel('SKUs', { exact: true }).last().fill('MUG-ENAMEL');
  await look(page, 'return-rules', '[role=dialog]');
  await dialog.getByRole('button', { name: 'Set them' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(/The glaze is cracked/).waitFor();
  const policy = await of('return-policy');
  assert.deepEqual([policy.shipping_fee, policy.keep_up_to], [money(490), money(700)]);
  const { code, title, is_fault } = policy.reasons.at(-1);
  assert.deepEqual([code, title, is_fault],
    ['glaze_cracked', 'The glaze is cracked', true]);
  assert.deepEqual([policy.routes.at(-1).countries, policy.final_sale.skus],
    [['AT'], ['MUG-ENAMEL']]);
  // What the other tests ask back may come back.
  const { channel_id: _, ...rest } = policy;
  await house.client.ok('PUT', `/v1/channels/${channel.id}/return-policy`,
    { ...rest, final_sale: { skus: [] }, keep_up_to: null });
  await closePage(page);
});

test('a series of invoice numbers is opened, and a channel uses it', async () => {
  const page = await openPage(house, { expects: [404] });
  await signIn(page, ANN, '/journal');
  await page.getByRole('link', { name: 'Invoice numbers' }).click();
  const dialog = page.getByRole('dialog');
  const name = fresh('Harbour ');
  await page.getByRole('button', { name: 'New…' }).click();
  await dialog.getByLabel('Name of the series').fill(name);
  await dialog.getByLabel('Code', { exact: true }).fill(fresh('de'));
  await dialog.getByLabel('Invoices begin with').fill('RX');
  await dialog.getByLabel('Credit notes begin with').fill('GX');
  await dialog.getByLabel('Company').fill('Harbour GmbH');
  await dialog.getByLabel('City').fill('Hamburg');
  await dialog.getByLabel('Country, two letters').fill('de');
  await look(page, 'invoice-series-form', '[role=dialog]');
  await dialog.getByRole('button', { name: 'Open it' }).click();
  await page.getByText('RX-1').waitFor();
  await page.getByRole('button', { name: `Change ${name}` }).click();
  await dialog.getByLabel('Tax number').fill('DE123456789');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await look(page, 'invoice-series');
  const { items } = await house.client.ok('GET', '/v1/invoice-series');
  assert.equal(items.find((one) => one.name === name).seller.tax_id, 'DE123456789');

  await page.goto(`/channels/${channel.id}`);
  await page.getByRole('button', { name: 'Change the invoices of this channel' }).click();
  await dialog.getByLabel('Series').selectOption({ label: `${name}, RX` });
  await dialog.getByLabel('An invoice is issued').selectOption('paid');
  await dialog.getByRole('button', { name: 'Set it' }).click();
  await page.getByText('When it is paid').waitFor();
  assert.equal((await of('invoicing')).issue_on, 'paid');
  await closePage(page);
});

test('what a field takes is what it says, and nothing is dropped', async () => {
  const page = await openPage(house);
  await signIn(page, ANN, `/channels/${channel.id}`);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Change the rules for returns' }).click();
  const set = dialog.getByRole('button', { name: 'Set them' });
  // No amount is not the same as none.
  const fee = dialog.getByLabel('Kept for a label, EUR');
  await fee.fill('4.9o');
  await dialog.getByText('This is no amount').waitFor();
  assert.ok(await set.isDisabled());
  await fee.fill('4.90');
  assert.ok(await set.isEnabled());
  await dialog.getByText('Why it may come back').click();
  const code = dialog.getByLabel('Code', { exact: true }).last();
  await code.fill('');
  await code.pressSequentially('Glaze_off ');
  assert.equal(await code.inputValue(), 'glaze_off_');
  await code.blur();
  assert.equal(await code.inputValue(), 'glaze_off');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'New scenario…' }).click();
  const take = dialog.getByRole('button', { name: 'Take it' });
  await dialog.getByLabel('Worth at least, EUR').fill('49,9o');
  assert.ok(await take.isDisabled());
  assert.ok(await dialog.getByRole('button', { name: 'As JSON' }).isDisabled());
  await dialog.getByLabel('Worth at least, EUR').fill('');
  // What is changed stays where it is, and the keyboard at it.
  const isAt = (field) => field.evaluate((it) => it === document.activeElement);
  const choice = dialog.getByLabel('First choice');
  await choice.focus();
  await choice.selectOption('fewest_splits');
  assert.ok(await isAt(choice), 'the first choice');
  await dialog.getByText('Which places count').click();
  const groups = dialog.getByLabel('In the groups', { exact: true });
  await groups.fill('west');
  await groups.fill('');
  assert.ok(await groups.isVisible());
  assert.ok(await isAt(groups), 'the groups');
  await dialog.getByRole('button', { name: 'As JSON' }).click();
  const step = { name: 'Nearest' };
  for (const bad of [{ steps: [null] }, { steps: [{ name: 7 }] }, { steps: [] },
    { steps: [{ ...step, rank: 3 }] }, { steps: [{ ...step, filter: null }] },
    { steps: [{ ...step, rank: [{ by: 'luck' }] }] }, { steps: [step], when: 3 },
    { steps: [step], when: { countries: 'DE' } }]) {
    await dialog.getByLabel('As the API takes it')
      .fill(JSON.stringify({ name: 'Odd', ...bad }));
    assert.ok(await take.isDisabled(), JSON.stringify(bad));
  }
  await dialog.getByLabel('As the API takes it')
    .fill(JSON.stringify({ name: 'Even', steps: [step] }));
  await dialog.getByRole('button', { name: 'As a form' }).click();
  assert.equal(await dialog.getByLabel('Name of the step').inputValue(), 'Nearest');
  await closePage(page);
});

test('a channel says that its series of invoices cannot be read', async () => {
  const page = await openPage(house, { expects: [429] });
  await page.route('**/v1/invoice-series*', (route) => route.fulfill({
    status: 429, contentType: 'application/problem+json', body: JSON.stringify({
      type: 'about:blank', title: 'Too many', status: 429, code: 'rate_limited',
      detail: 'Come again a little later' }) }));
  await signIn(page, ANN, `/channels/${channel.id}`);
  await page.getByText('Come again a little later').waitFor();
  await page.unroute('**/v1/invoice-series*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Change the invoices of this channel' })
    .waitFor();
  await closePage(page);
});

// Each is opened, changed by another and saved: it is refused, shows what the
// other made of it, and only then may be saved.
test('a small dialog is not written over what another made of it', async () => {
  const name = fresh('Ours ');
  const made = (path, body) => house.client.ok('POST', path, { name, ...body });
  const sku = await house.client.ok('POST', '/v1/skus',
    { code: fresh('tin'), title: name });
  const buyer = await made('/v1/customers', {});
  const { currency } = channel;
  const firm = await made('/v1/companies', { currency });
  const { items: [place] } = await house.client.ok('GET', '/v1/locations');
  const person = await house.client.ok('POST', '/v1/users', { name,
    email: `${fresh('bob')}@shop.example`, roles: ['viewer'] });
  const listed = { name: `Change ${person.email}` };
  const change = { name: 'Change…', exact: true };
  const page = await openPage(house, { expects: [409] });
  await signIn(page, ANN, '/people');
  const dialog = page.getByRole('dialog');
  for (const [at, opens, label, url, asks] of [
    ['/people', listed, 'Name', `/v1/users/${person.id}`],
    [`/products?q=${sku.code}`, { name: `Change ${sku.code}` }, 'Title',
      `/v1/skus/${sku.id}`],
    [`/customers/${buyer.id}`, change, 'Name', `/v1/customers/${buyer.id}`],
    [`/companies/${firm.id}`, change, 'Name', `/v1/companies/${firm.id}`,
      (now, to) => ['PUT', { version: now.version, currency, name: to }]],
    [`/locations/${place.id}`, change, 'Name', `/v1/locations/${place.id}`]]) {
    await page.goto(at);
    await page.getByRole('button', opens).first().click();
    const field = dialog.getByLabel(label, { exact: true });
    await field.fill('Mine');
    const theirs = fresh('Theirs ');
    const now = await house.client.ok('GET', url);
    const [method, body] = asks?.(now, theirs) ?? ['PATCH',
      { version: now.version, [label.toLowerCase()]: theirs }];
    await house.client.ok(method, url, body);
    const save = dialog.locator('button[type=submit]');
    // One that is live has seen it already, and does nothing.
    await save.evaluate((it) => it.click());
    await dialog.getByText('Somebody changed this in the meantime').waitFor();
    assert.ok(await save.isDisabled(), at);
    await dialog.getByRole('button', { name: 'Show it as it is now' }).click();
    await page.waitForFunction((it) => [...document.querySelectorAll(
      '[role=dialog] input')].some((one) => one.value === it), theirs);
    await field.fill(`${theirs} and mine`);
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    const after = await house.client.ok('GET', url);
    assert.equal(after[label.toLowerCase()], `${theirs} and mine`, at);
  }
  await closePage(page);
});

test('goods are sent again once what broke has come back (A7.14)', async () => {
  const order = await house.shipped();
  const back = await house.client.ok('POST', `/v1/orders/${order.id}/returns`,
    { items: [{ line: 1, quantity: 2, reason: 'damaged' }], exception: 'It broke' })
    .catch(() => house.client.ok('POST', `/v1/orders/${order.id}/returns`,
      { items: [{ line: 1, quantity: 2, reason: 'too_small' }] }));
  const page = await openPage(house);
  await signIn(page, ANN, `/orders/${order.id}`);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Send again…' }).click();
  await dialog.getByLabel('When').selectOption(back.id);
  assert.equal(await dialog.getByLabel('Units').inputValue(), '2');
  await dialog.getByLabel('What happened').selectOption('damaged');
  await look(page, 'send-again', '[role=dialog]');
  await dialog.getByRole('button', { name: 'Send again' }).click();
  await page.getByText(`2 units kept back until ${back.number} came`).waitFor();
  const { items } = await house.client.ok('GET', `/v1/orders/${order.id}/replacements`);
  assert.deepEqual([items[0].return, items[0].state, items[0].cause],
    [back.id, 'awaiting_return', 'damaged']);
  await closePage(page);
});
