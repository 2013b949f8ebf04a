// labels.test.mjs - labels that no parcel wants (B11): where a person finds
// them, what the carrier said, and asking it again, in a real browser.
//
// A carrier that sells what it denies takes ten minutes and more to be found
// out (the unit tests have the clock for that), so the rows are made up here.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { money } from '../http/lib/shop.mjs';
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

const made = (parcel, account) => ['refused', 'voided', 'voiding'].map((state, i) => ({
  id: `orl_000000000000${i}`, state, label_id: `lbl_000000000000${i}`,
  package_id: parcel.id, carrier_account_id: account.id, tracking: `T-90${i}`,
  carrier_ref: '', cost: money(590), error: i === 0 ? 'Too late to give back' : '',
  created_at: new Date().toISOString(), updated_at: new Date().toISOString() }));

test('labels nobody wants are found from the hand-over, and asked for again',
  async () => {
    const order = await house.shipped();
    const { items: [parcel] } = await house.client.ok('GET',
      `/v1/packages?order=${order.id}`);
    const { items: [account] } = await house.client.ok('GET', '/v1/carrier-accounts');
    const rows = made(parcel, account ?? { id: 'cac_0000000000000' });
    const page = await openPage(house);
    await signIn(page, ANN, '/handover');
    await page.getByRole('link', { name: 'Labels nobody wants' }).click();
    await page.getByText('Every label has its parcel').waitFor();
    await page.route('**/v1/orphan-labels?*', (route) => {
      const state = new URL(route.request().url()).searchParams.get('state');
      return route.fulfill({ json: { next: null,
        items: rows.filter((one) => !state || one.state === state) } });
    });
    await page.route('**/v1/orphan-labels/*/void', (route) => {
      rows[0] = { ...rows[0], state: 'voiding', error: '' };
      return route.fulfill({ status: 202, json: rows[0] });
    });
    await page.goto('/handover');
    await page.getByRole('link', { name: 'Labels nobody wants Kept' }).click();
    await page.waitForURL(/state=refused/);
    await page.getByText('Too late to give back').waitFor();
    assert.equal(await page.getByRole('row').count(), 2);
    await page.getByLabel('State').selectOption('');
    await page.getByText('T-902').waitFor();
    await checkAxe(page, 'orphan labels');
    await shoot(page, 'orphans-1440');
    await page.setViewportSize({ width: 390, height: 844 });
    assert.equal(await page.evaluate(() =>
      document.documentElement.scrollWidth - window.innerWidth), 0);
    await shoot(page, 'orphans-390');
    await page.getByRole('button', { name: 'Ask again for T-900' }).click();
    await page.getByText('The carrier is asked once more').waitFor();
    await page.getByText('Too late to give back').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'The order of T-900' }).click();
    await page.waitForURL(new RegExp(`/orders/${order.id}`));
    await closePage(page);
  });
