// parcels.mjs - orders packed, labelled and sent on their way.
import assert from 'node:assert/strict';
import { openHouse } from './server.mjs';
import { eventually, fresh, Shop } from './shop.mjs';

export const address = { name: 'Ada Lovelace', line1: 'Unter den Linden 1',
  city: 'Berlin', postal_code: '10117', country: 'DE' };
export const home = { name: 'Wharf', line1: 'Kai 1', city: 'Hamburg',
  postal_code: '20457', country: 'DE' };

// A house with a shop whose location has an address, and an account `own`.
export class Parcels {
  static async open(options) {
    const it = new Parcels();
    it.house = await openHouse(options);
    it.shop = await Shop.open(it.house.client, { location: { address: home } });
    it.account = await it.client.ok('POST', '/v1/carrier-accounts', {
      code: fresh('own'), carrier: 'own', services: [{ code: 'std' }] });
    return it;
  }

  get client() { return this.house.client; }

  async restart() {
    await this.house.restart();
    this.shop.client = this.client;
  }

  // Lines are [sku, quantity]; a package of each of its fulfillment orders, or
  // one per list of items.
  async packed(lines, { items, ...more } = {}) {
    const order = await this.shop.placed(lines.map(([s, q]) => [s, q, 1000]),
      { shipping_address: address, ...more });
    const fo = await eventually(async () => (await this.client.ok('GET',
      `/v1/fulfillment-orders?order=${order.id}`)).items[0]);
    const packages = [];
    for (const list of items ?? [null])
      packages.push(...(await this.client.ok('POST', '/v1/packages', {
        fulfillment_order_id: fo.id, pick: true, close: true,
        ...(list ? { items: list } : { suggest: true }) })).items);
    return { order, fo, packages };
  }

  get(p) { return this.client.ok('GET', `/v1/packages/${p.id}`); }
  order({ id }, query = '') {
    return this.client.ok('GET', `/v1/orders/${id}${query}`);
  }

  act(p, name, body = {}) {
    return this.client.post(`/v1/packages/${p.id}/${name}`,
      { version: p.version, ...body });
  }

  async did(p, name, body) {
    const reply = await this.act(p, name, body);
    assert.ok(reply.status < 300, `${name}: ${reply.text}`);
    return reply.json;
  }

  until(p, state, timeoutMs) {
    return eventually(async () => {
      const now = await this.get(p);
      return now.state === state && now;
    }, { timeoutMs });
  }

  want(p, account = this.account) {
    return this.did(p, 'label', { account: account.code });
  }

  async labelled(p, account) {
    await this.want(p, account);
    return this.until(p, 'labelled');
  }

  async shipped(p, account) {
    return this.did(await this.labelled(p, account), 'ship');
  }

  // What its carrier says, told by hand; the last is one item or many.
  say(p, ...items) {
    return this.client.ok('POST', `/v1/packages/${p.id}/tracking`, { items });
  }
}
