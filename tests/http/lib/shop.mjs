// shop.mjs - a small shop to test with, and the bodies it sends.
import { randomUUID } from 'node:crypto';

export const money = (amount, currency = 'EUR') => ({ amount, currency });

let serial = 0;
export const fresh = (prefix) =>
  `${prefix}-${process.pid.toString(36)}-${(++serial).toString(36)}`;

export function channelBody(more = {}) {
  return { code: fresh('ch'), name: 'Shop', type: 'web', currency: 'EUR',
    tz: 'Europe/Berlin', ...more };
}

export function locationBody(more = {}) {
  return { code: fresh('loc'), name: 'Warehouse', type: 'warehouse',
    address: { city: 'Hamburg', country: 'DE' }, lat: 53.55, lon: 9.99,
    tz: 'Europe/Berlin', ...more };
}

export function skuBody(more = {}) {
  return { code: fresh('sku'), title: 'A thing', is_tracked: true, ...more };
}

// Lines are [sku, quantity, unit price in minor units].
export function orderBody(channel, lines, more = {}) {
  const currency = more.currency ?? 'EUR';
  return {
    channel, external_id: fresh('o'),
    lines: lines.map(([sku, quantity, price]) => (
      { sku, quantity, unit_price: money(price, currency) })),
    ...more,
  };
}

// A channel, a location and SKUs with stock: {code: quantity}.
export class Shop {
  static async open(client, { stock = {}, channel = {}, location = {} } = {}) {
    const shop = new Shop();
    shop.client = client;
    shop.location = await client.ok('POST', '/v1/locations',
      locationBody(location));
    shop.channel = await client.ok('POST', '/v1/channels',
      channelBody(channel));
    await client.ok('PUT', `/v1/channels/${shop.channel.id}/routing`,
      { version: 0, locations: [shop.location.id] });
    for (const [code, quantity] of Object.entries(stock))
      await shop.stock(code, quantity);
    return shop;
  }

  // A tracked SKU with that many units on hand.
  async stock(code, quantity, more = {}) {
    const sku = await this.client.ok('POST', '/v1/skus',
      skuBody({ code, ...more }));
    if (quantity > 0) await this.adjust(code, quantity);
    return sku;
  }

  async adjust(sku, delta, location = this.location.code) {
    const json = await this.client.ok('POST', '/v1/inventory/adjust',
      { reason: 'test', items: [{ sku, location, delta }] });
    if (json.items[0].status !== 200)
      throw new Error(JSON.stringify(json.items[0]));
    return json.items[0].level;
  }

  async level(sku, location = this.location.code) {
    const json = await this.client.ok('GET',
      `/v1/inventory/levels?sku=${encodeURIComponent(sku)}` +
      `&location=${encodeURIComponent(location)}`);
    return json.items[0];
  }

  order(lines, more) {
    return orderBody(this.channel.code, lines, more);
  }

  place(lines, more, options) {
    return this.client.post('/v1/orders', this.order(lines, more), options);
  }

  async placed(lines, more) {
    const reply = await this.place(lines, more);
    if (reply.status !== 201) throw new Error(reply.text);
    return reply.json;
  }
}

// Asks until `ask` gives something true: read models follow the log.
export async function eventually(ask, { timeoutMs = 15000 } = {}) {
  const end = Date.now() + timeoutMs;
  let last;
  for (;;) {
    try {
      last = undefined;
      const got = await ask();
      if (got) return got;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw last ?? new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

// Until the log shows all that was written before: on PostgreSQL its readers
// stop before the oldest transaction that still runs.
export async function logged(client) {
  const { id } = await client.ok('POST', '/v1/skus', skuBody());
  await eventually(async () => (await client.ok('GET',
    `/v1/events?type=sku.created&subject=${id}`)).items.length > 0);
}

export const uuid = randomUUID;
