// stock.mjs - a channel, a warehouse and SKUs with stock, through the API.
import { Server } from './rig.mjs';

export const SKUS = 1000;
const PLENTY = 100000000;

// With `surge` also the SKU SURGE-1 with so many units and no more.
export async function stock(store, { surge = 0 } = {}) {
  const server = await Server.start(store);
  await server.must('POST', '/v1/locations',
    { code: 'bench-warehouse', name: 'Warehouse', type: 'warehouse' });
  await server.must('POST', '/v1/channels',
    { code: 'bench', name: 'Web shop', type: 'web', currency: 'EUR',
      tax_mode: 'inclusive', stock_policy: 'refuse' });
  const items = Array.from({ length: SKUS }, (_, i) => ({
    code: `BENCH-${String(i).padStart(5, '0')}`, title: `Article ${i}` }));
  if (surge > 0) items.push({ code: 'SURGE-1', title: 'The one article' });
  for (let at = 0; at < items.length; at += 500) {
    const part = items.slice(at, at + 500);
    await server.must('POST', '/v1/skus/bulk', { items: part });
    await server.must('POST', '/v1/inventory/adjust', { reason: 'opening stock',
      items: part.map(({ code }) => ({ sku: code, location: 'bench-warehouse',
        delta: code === 'SURGE-1' ? surge : PLENTY })) });
  }
  await server.stop();
}

// A small valid order with that external id.
export const order = (externalId, sku = 'BENCH-00001') => ({
  channel: 'bench', external_id: externalId, tax_mode: 'inclusive',
  lines: [{ sku, quantity: 1, unit_price: { amount: 1999, currency: 'EUR' } }] });
