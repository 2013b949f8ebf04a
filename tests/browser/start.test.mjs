// start.test.mjs - a shop with nothing ships its first order by what the screen
// says (A16.09).
import { after, afterEach, before, test } from 'node:test';
import { checkAxe, closePage, openHouse, openPage, shoot, showOpen, signIn }
  from './lib/house.mjs';

const ANN = 'ann@shop.example';
// A promise and what keeps it.
const held = () => {
  let resolve;
  return { promise: new Promise((keep) => { resolve = keep; }), resolve };
};
let house;
before(async () => {
  house = await openHouse({ isEmpty: true });
  await house.person('admin', ANN);
});
afterEach(showOpen);
after(() => house?.stop());

test('a shop with nothing ships its first order', async () => {
  const page = await openPage(house);
  await signIn(page, ANN);
  const guide = page.getByRole('listitem').filter({ has: page.getByRole('img') });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const left = (n) => page.getByText(`${n} to go`, { exact: true }).waitFor();
  const fill = async (fields) => {
    for (const [label, text] of Object.entries(fields))
      await page.getByLabel(label, { exact: true }).fill(text);
  };
  // Each step leads to its page; there is one thing to press.
  const make = async (step, open, act, fields, more) => {
    await guide.getByRole('link', { name: step }).click();
    await button(open).click();
    await fill(fields);
    await more?.();
    await button(act).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Home' }).click();
  };
  await left(7);
  await checkAxe(page, 'guide');
  await shoot(page, 'start-1440');
  await make('Name a location', 'New…', 'Make it', { Code: 'main', Name: 'Main',
    Street: 'Dock 1', 'Postal code': '10115', City: 'Berlin',
    'Country, as DE': 'DE' });
  await left(6);
  await make('Open a channel', 'New…', 'Make it', { Code: 'web', Name: 'Shop' });
  await left(5);
  await make('Add a product', 'New…', 'Make it', { Code: 'MUG', Title: 'Mug' });
  await left(4);
  await make('Receive stock', 'Receive…', 'Put on the shelf', {}, async () => {
    // Who has gone on to the next field when the answer comes stays there.
    const { promise: asked, resolve: answer } = held();
    await page.route('**/v1/skus?*', async (route) => {
      await asked;
      await route.continue();
    });
    await page.getByLabel('What came in').fill('MUG');
    await page.keyboard.press('Enter');
    await page.getByLabel('Units', { exact: true }).focus();
    answer();
    await button('Another').waitFor();
    await page.unroute('**/v1/skus?*');
    await page.keyboard.type('50');
    await checkAxe(page, 'receive stock', '[role=dialog]');
  });
  await left(3);
  await make('Add a carrier', 'New…', 'Make it', { Code: 'own', Name: 'Own' },
    async () => {
      await checkAxe(page, 'new carrier', '[role=dialog]');
      await shoot(page, 'carrier-1440');
    });
  await left(2);
  await guide.getByRole('link', { name: 'Take the first order' }).click();
  await page.getByLabel('Add an item').fill('MUG');
  await page.keyboard.press('Enter');
  await fill({ 'Price of Mug, added': '9.00', Street: 'Quay 2', City: 'Berlin',
    'Postal code': '10115', 'Country, two letters': 'DE' });
  await page.getByLabel('Name', { exact: true }).last().fill('Ada Lovelace');
  await shoot(page, 'first-order-1440');
  await button('Place the order').click();
  await page.waitForURL(/orders\/ord_/);
  const { number } = await house.client.ok('GET',
    `/v1/orders/${page.url().split('/').pop()}`);
  await page.getByRole('link', { name: 'Home' }).click();
  await left(1);
  await guide.getByRole('link', { name: 'Pick, pack and ship it' }).click();
  await page.getByRole('link', { name: number, exact: true }).click();
  await button('Pick').click();
  await button('Begin the walk').click();
  for (const [label, next] of [['Scan the item', 'Finish the walk'],
    ['Scan what goes', 'Close the box']]) {
    await page.getByLabel(label).fill('MUG');
    await page.keyboard.press('Enter');
    await button(next).click();
    if (next === 'Finish the walk')
      await page.getByRole('link', { name: 'Pack', exact: true }).click();
  }
  // Nobody knows what a mug weighs: the bench asks.
  await button('That is its weight').waitFor();
  await fill({ 'Weighed, g': '320' });
  await button('That is its weight').click();
  await button('Buy the label').click();
  await button('Ship it').click();
  await page.getByText('All of it has left').waitFor();
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByText('Latest orders').waitFor();
  await page.getByText('From nothing to the first parcel')
    .waitFor({ state: 'detached' });
  await closePage(page);
});
