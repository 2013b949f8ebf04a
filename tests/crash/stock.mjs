// stock.mjs - a channel, a warehouse and SKUs with stock, through the API.
import { Server } from './rig.mjs';

export const SKUS = 1000;
const PLENTY = 100000000;

const address = { line1: 'Hafenstraße 1', city: 'Hamburg',
  postal_code: '20457', country: 'DE' };

// The code of the first, and of those beyond it.
export const place = (n) => n === 0 ? 'bench-warehouse' : `bench-place-${n}`;

// With `surge` also the SKU SURGE-1 with so many units and no more; with
// `locations` so many of them, all with units of the first `skus`.
export async function stock(store, { surge = 0, locations = 1, skus = SKUS } = {}) {
  const server = await Server.start(store);
  for (let n = 0; n < locations; n++)
    await server.must('POST', '/v1/locations',
      { code: place(n), name: `Warehouse ${n}`, type: 'warehouse', address });
  await server.must('POST', '/v1/channels',
    { code: 'bench', name: 'Web shop', type: 'web', currency: 'EUR',
      tax_mode: 'inclusive', stock_policy: 'refuse' });
  const items = Array.from({ length: skus }, (_, i) => ({
    code: `BENCH-${String(i).padStart(5, '0')}`, title: `Article ${i}`,
    weight_g: 400, length_mm: 100, width_mm: 100, height_mm: 50 }));
  if (surge > 0) items.push({ code: 'SURGE-1', title: 'The one article' });
  for (let at = 0; at < items.length; at += 500) {
    const part = items.slice(at, at + 500);
    await server.must('POST', '/v1/skus/bulk', { items: part });
    await server.must('POST', '/v1/inventory/adjust', { reason: 'opening stock',
      items: part.map(({ code }) => ({ sku: code, location: 'bench-warehouse',
        delta: code === 'SURGE-1' ? surge : PLENTY })) });
  }
  for (let n = 1; n < locations; n++)
    await server.must('POST', '/v1/inventory/adjust', { reason: 'opening stock',
      items: items.map(({ code }) => ({ sku: code, location: place(n),
        delta: PLENTY })) });
  await server.stop();
}

// A small valid order with that external id.
export const order = (externalId, sku = 'BENCH-00001') => ({
  channel: 'bench', external_id: externalId, tax_mode: 'inclusive',
  lines: [{ sku, quantity: 1, unit_price: { amount: 1999, currency: 'EUR' } }] });

// Places so many of them; their ids.
export async function fill(server, many, more = {}) {
  const ids = [];
  for (let first = 0; first < many; first += 500) {
    const count = Math.min(500, many - first);
    const { items } = await server.must('POST', '/v1/orders/bulk', { orders:
      Array.from({ length: count }, (_, i) => ({ ...more,
        ...order(`L-${first + i}`) })) });
    ids.push(...items.map((item) => item.order.id));
  }
  return ids;
}

// Pages of a list, until it ends.
export async function all(server, url) {
  const items = [];
  for (let after = ''; ;) {
    const page = await server.must('GET', `${url}limit=250${after}`);
    items.push(...page.items);
    if (!page.next) return items;
    after = `&after=${page.next}`;
  }
}
