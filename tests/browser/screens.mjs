// screens.mjs - every page with the demo data, at both widths, into a folder.
//
//   node screens.mjs DIR [webp|png] [light|dark] [part of a name]
//
// Not a test: `make screens` makes docs/screens of it.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../http/lib/shop.mjs';
import { openHouse, openPage, signIn } from './lib/house.mjs';

const [dir, format = 'webp', scheme = 'light', only = ''] = process.argv.slice(2);
if (!dir) throw new Error('name the folder');
const WIDTHS = [[1440, 900], [390, 844]];
const ANN = 'ann@shop.example';

// The first of a list, by a call.
const first = async (client, call) => (await client.ok('GET', call)).items[0];

async function pagesOf(house) {
  const { client } = house;
  const shipped = await house.shipped();
  const fo = await eventually(async () => (await client.ok('GET',
    '/v1/fulfillment-orders?status=open')).items.find((one) => one.method === 'ship'));
  // Whose units lie picked before the bench.
  const picked = (await client.ok('GET',
    '/v1/fulfillment-orders?status=in_progress&limit=250')).items.find((one) =>
    one.lines.some((line) => line.picked > line.packed));
  const rma = await client.ok('POST', `/v1/orders/${shipped.id}/returns`,
    { items: [{ line: 1, quantity: 1, reason: 'too_small' }] });
  const { items: [{ id: parcel }] } = await client.ok('GET',
    `/v1/packages?order=${shipped.id}`);
  await client.ok('POST', `/v1/packages/${parcel}/tracking`, { items:
    ['accepted', 'in_transit', 'out_for_delivery'].map((code, i) =>
      ({ code, place: ['Berlin', 'Leipzig', 'Berlin'][i],
        occurred_at: new Date(Date.now() - (2 - i) * 3600e3).toISOString() })) });
  const level = await first(client, '/v1/inventory/levels');
  const pick = await first(client, '/v1/pick-tasks');
  const customer = await eventually(() => first(client, '/v1/customers'));
  const channel = await first(client, '/v1/channels');
  const location = await first(client, '/v1/locations');
  const company = await first(client, '/v1/companies');
  const purchase = await first(client, '/v1/purchase-orders?status=partially_received') ??
    await first(client, '/v1/purchase-orders');
  const webhook = (await client.ok('GET', '/v1/webhooks')).items[0];
  const draft = await first(client, '/v1/drafts?state=sent');
  const exchanged = await eventually(async () => (await client.ok('GET',
    '/v1/returns?state=closed&limit=250')).items.at(-1));
  const some = (await client.ok('GET', '/v1/orders?status=confirmed&limit=12')).items;
  const { json: job } = await client.post('/v1/order-jobs', { action: 'tag',
    with: { tags: ['gift wrap'] }, orders: some.map((order) => order.id) });
  await eventually(async () =>
    (await client.ok('GET', `/v1/order-jobs/${job.id}`)).state !== 'running');
  const quote = (await client.ok('GET', `/v1/drafts/${draft.id}/link`)).page;
  const link = async (kind) => (await client.ok('GET',
    `/v1/orders/${shipped.id}/${kind}-token`)).page;
  return [
    ['home', '/'], ['orders', '/orders'],
    ['views', '/orders?status=confirmed&payment=unpaid'],
    ['order', `/orders/${shipped.id}`],
    ['order-returned', `/orders/${exchanged.order_id}`],
    ['order-new', '/orders/new'], ['order-edit', `/orders/${shipped.id}/edit`],
    ['jobs', '/jobs'],
    ['drafts', '/drafts'], ['draft', `/drafts/${draft.id}`],
    ['fulfillment', '/fulfillment'],
    ...(fo ? [['fulfillment-order', `/fulfillment/${fo.id}`]] : []),
    ...(picked ? [['pack', `/packing/${picked.id}`]] : []),
    ['picking', '/picking'], ...(pick ? [['walk', `/picking/${pick.id}`]] : []),
    ['pickups', '/pickups'], ['handover', '/handover'],
    ['tasks', '/tasks'], ['returns', '/returns'], ['return', `/returns/${rma.id}`],
    ['inventory', '/inventory'],
    ['level', `/inventory/${level.sku_id}/${level.location_id}`],
    ['reports', '/reports'], ['report', '/reports/sales_by_channel'],
    ['customers', '/customers'], ['customer', `/customers/${customer.id}`],
    ['companies', '/companies'], ['company', `/companies/${company.id}`],
    ['journal', '/journal'], ['rates', '/fx-rates'],
    ['invoice-series', '/invoice-series'],
    ['purchases', '/purchase-orders'],
    ['purchase', `/purchase-orders/${purchase.id}`],
    ['purchase-new', '/purchase-orders/new'], ['suppliers', '/suppliers'],
    ['orphan-labels', '/orphan-labels'],
    ['transfers', '/transfers'], ['carriers', '/carriers'],
    ['products', '/products'], ['channels', '/channels'],
    ['channel', `/channels/${channel.id}`],
    ['locations', '/locations'], ['location', `/locations/${location.id}`],
    ['webhooks', '/webhooks'], ['webhook', `/webhooks/${webhook.id}`],
    ['people', '/people'], ['keys', '/keys'], ['system', '/system'],
    ['track', await link('tracking')], ['return-self', await link('return')],
    ['quote', quote],
  ];
}

async function shoot(page, name) {
  const file = path.join(dir, `${name}.${format}`);
  if (format === 'png') return page.screenshot({ path: file });
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot',
    { format: 'webp', quality: 78 });
  await session.detach();
  return writeFileSync(file, Buffer.from(data, 'base64'));
}

const house = await openHouse();
mkdirSync(dir, { recursive: true });
try {
  await house.person('admin', ANN);
  const pages = (await pagesOf(house)).filter(([name]) => name.includes(only));
  for (const [width, height] of WIDTHS) {
    const page = await openPage(house, { viewport: { width, height },
      colorScheme: scheme, reducedMotion: 'reduce', deviceScaleFactor: 1 });
    page.setDefaultTimeout(60_000);
    await signIn(page, ANN);
    for (const [name, address] of pages) {
      await page.goto(address);
      // Quiet is when nothing is asked for: the stream of events stays open.
      await page.locator('main').first().waitFor();
      await page.getByRole('status', { name: 'Loading' }).first()
        .waitFor({ state: 'detached' }).catch(() => {});
      await page.waitForTimeout(350);
      await shoot(page, `${name}-${width}`);
      const over = await page.evaluate(() =>
        document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) console.log(`${name} at ${width}: ${over} px too wide`);
    }
    for (const said of page.complaints) console.log(said);
    await page.context().close();
  }
} finally {
  await house.stop();
}
