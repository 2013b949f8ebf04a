// search.test.mjs - orders by words as a person at the desk types them (A1.13).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, Shop } from './lib/shop.mjs';

let house, client, shop;
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { stock: { 'FIND-7/red': 100000 } });
});
after(() => house?.stop());

const url = (q, more = '') =>
  `/v1/orders/search?q=${encodeURIComponent(q)}${more}`;
const find = async (q, more) =>
  (await client.ok('GET', url(q, more))).items.map((o) => o.id);
const place = (customer, more) =>
  shop.placed([['FIND-7/red', 1, 1000]], { customer, ...more });

test('an order is found by everything it is known by (A1.13)', async () => {
  const email = `Ada.${fresh('e')}@example.org`;
  const order = await place({ name: 'Zoë Ångström', email,
    phone: '+46 8 123 456 78', external_id: fresh('cust') });
  const { number } = await client.ok('GET', `/v1/orders/${order.id}`);
  await eventually(async () => (await find(email)).includes(order.id));
  for (const q of [number, email, email.toUpperCase(), 'zoe angstrom',
    'ÅNGSTR', '+46812345678', '08-123 456 78', '345678', 'find-7/red zoe',
    'FIND ang'])
    assert.deepEqual(await find(q), [order.id], q);
  for (const q of ['ngstrom', 'zoe smith', 'find-8'])
    assert.deepEqual(await find(q), [], q);
});

test('pages follow each other without gap or repeat (A1.13)', async () => {
  const word = fresh('w').replaceAll('-', '');
  const ids = [];
  for (let i = 0; i < 7; i++) ids.push((await place({ name: word })).id);
  await eventually(async () => (await find(word)).length === 7);
  const all = await client.all(url(word), 2);
  assert.deepEqual(all.map((o) => o.id), ids.reverse());
});

test('a cancelled order is found, with its new status', async () => {
  const word = fresh('c').replaceAll('-', '');
  const { id } = await place({ name: word });
  await eventually(async () => (await find(word)).length === 1);
  await client.ok('POST', `/v1/orders/${id}/cancel`,
    { version: 1, reason: 'no' });
  await eventually(async () => {
    const { items } = await client.ok('GET', url(word));
    return items[0].status === 'cancelled';
  });
});

test('queries that are none, too long or too many words are refused',
  async () => {
    const rows = [['', 'no_words'], ['%%%', 'no_words'], ['"*:()', 'no_words'],
      ['a '.repeat(9), 'too_many_words'], ['a'.repeat(201), 'too_long'],
      ['é'.repeat(101), 'too_long']];
    for (const [q, code] of rows) {
      const reply = await client.get(url(q), { isBad: true });
      assert.equal(reply.status, 422, reply.text);
      assert.equal(reply.json.code, code);
      assert.equal(reply.json.field, 'q');
    }
    const long = await client.get(url('a'.repeat(10000)), { isBad: true });
    assert.equal(long.status, 414);
    const none = await client.get('/v1/orders/search', { isBad: true });
    assert.equal(none.status, 422);
    const after = await client.get(url('a', '&after=ord_0000000000001'));
    assert.equal(after.json.code, 'after_unknown');
  });

test('words that look like SQL or patterns are words', async () => {
  const { id } = await place({ name: "Robert'); DROP TABLE orders;--" });
  await eventually(async () => (await find('robert drop')).includes(id));
  assert.deepEqual(await find("robert'); DROP TABLE orders;--"), [id]);
  assert.deepEqual(await find('rob%'), [id]);
  assert.deepEqual(await find('r_bert'), []);
});
