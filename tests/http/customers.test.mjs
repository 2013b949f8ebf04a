// customers.test.mjs - customers as a client sees them: known by their keys,
// never twice, merged when two turn out to be one (A9.02).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, Shop } from './lib/shop.mjs';

let house, client, shop;
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { stock: { 'CUS-A': 100000 } });
});
after(() => house?.stop());

const mail = () => `${fresh('a')}@example.org`;
const make = (more) => client.ok('POST', '/v1/customers', more);
const get = (id) => client.ok('GET', `/v1/customers/${id}`);
const settled = (fn) => eventually(fn);

test('a customer is made, read, changed and found by each key (A9.02)',
  async () => {
    const email = mail();
    const made = await make({ name: 'Ada Lovelace', language: 'en-GB',
      emails: [email.toUpperCase()], phones: ['030 1234567'], country: 'DE',
      external_ids: [{ source: 'crm', id: email }], tags: ['vip'],
      attrs: { size: 'M' } });
    assert.match(made.id, /^cus_/);
    assert.deepEqual(made.emails, [email.toUpperCase()]);
    assert.deepEqual(await get(made.id), made);
    for (const query of [`email=${encodeURIComponent(email)}`,
      `phone=${encodeURIComponent('+49 30 123 45 67')}`,
      `phone=030-1234567&country=DE`,
      `source=crm&external_id=${encodeURIComponent(email)}`]) {
      const list = await client.ok('GET', `/v1/customers?${query}`);
      assert.deepEqual(list.items.map((c) => c.id), [made.id], query);
      assert.equal(list.next, null);
    }
    const more = mail();
    const changed = await client.ok('PATCH', `/v1/customers/${made.id}`,
      { version: 1, emails: [email, more], tags: ['vip', 'slow'] });
    assert.equal(changed.version, 2);
    assert.equal(changed.emails.length, 2);
    assert.deepEqual(changed.phones, made.phones);
    assert.equal(changed.name, 'Ada Lovelace');
    const stale = await client.patch(`/v1/customers/${made.id}`,
      { version: 1, name: 'x' });
    assert.equal(stale.status, 409);
    assert.equal(stale.json.code, 'stale');
    const less = await client.ok('PATCH', `/v1/customers/${made.id}`,
      { version: 2, phones: [] });
    assert.deepEqual(less.phones, []);
    assert.equal(less.emails.length, 2);
  });

test('no two customers share a key, however it is written (A9.02)',
  async () => {
    const email = mail();
    const made = await make({ emails: [email], phones: ['+49 40 7654321'],
      external_ids: [{ source: 'a', id: email }] });
    const tries = [
      [{ emails: [` ${email.toUpperCase()}`] }, 'email_taken', 'emails[0]'],
      [{ phones: ['0049 (40) 765-4321'] }, 'phone_taken', 'phones[0]'],
      [{ external_ids: [{ source: 'a', id: email }] }, 'external_id_taken',
        'external_ids[0]']];
    for (const [body, code, field] of tries) {
      const reply = await client.post('/v1/customers', body);
      assert.equal(reply.status, 409, reply.text);
      assert.equal(reply.json.code, code);
      assert.equal(reply.json.field, field);
      assert.ok(reply.json.detail.includes(made.id));
    }
    await make({ external_ids: [{ source: 'b', id: email }] });
  });

test('what a customer must be is said with its field', async () => {
  const rows = [
    [{}, 'nobody', ''],
    [{ emails: ['not an address'] }, 'email_invalid', 'emails[0]'],
    [{ emails: ['a@b.c', 'A@B.C'] }, 'repeated', 'emails[1]'],
    [{ phones: ['12'] }, 'phone_invalid', 'phones[0]'],
    [{ name: 'a\nb' }, 'not_a_line', 'name'],
    [{ name: 'x', phone: '1' }, 'unknown_field', 'phone'],
    [{ name: 'x', country: 'XX' }, 'country_unknown', 'country'],
  ];
  for (const [body, code, field] of rows) {
    const reply = await client.post('/v1/customers', body, { isBad: true });
    assert.equal(reply.status, 422, reply.text);
    assert.equal(reply.json.code, code);
    assert.equal(reply.json.field ?? '', field);
  }
  const both = await client.get('/v1/customers?email=a@b.c&phone=123456');
  assert.equal(both.json.code, 'filters_exclude');
  const none = await client.get('/v1/customers/cus_0000000000001');
  assert.equal(none.status, 404);
});

test('64 clients that make one customer at once make one', async () => {
  const email = mail();
  const replies = await Promise.all(Array.from({ length: 64 }, () =>
    client.post('/v1/customers', { emails: [email] })));
  assert.equal(replies.filter((r) => r.status === 201).length, 1);
  assert.equal(replies.filter((r) => r.json.code === 'email_taken').length, 63);
});

test('addresses are set with their defaults', async () => {
  const { id } = await make({ name: 'A' });
  const address = { line1: 'Kai 1', city: 'Oslo', country: 'NO' };
  const set = await client.ok('PUT', `/v1/customers/${id}/addresses`, {
    version: 1, addresses: [
      { is_default_shipping: true, address },
      { is_default_billing: true, address: { ...address, line1: 'Kai 2' } }] });
  assert.equal(set.version, 2);
  assert.deepEqual(set.addresses[0], { is_default_shipping: true,
    is_default_billing: false, address });
  const two = await client.put(`/v1/customers/${id}/addresses`, { version: 2,
    addresses: [{ is_default_shipping: true, address },
      { is_default_shipping: true, address }] });
  assert.equal(two.status, 422);
  assert.equal(two.json.field, 'addresses[1].is_default_shipping');
});

test('consents keep their history; the newest holds (A9.02)', async () => {
  const { id } = await make({ name: 'A' });
  const say = (state, channel = 'email') => client.ok('POST',
    `/v1/customers/${id}/consents`,
    { purpose: 'newsletter', channel, state, source: 'checkout' });
  await say('given');
  await say('given', 'sms');
  await say('withdrawn');
  const now = (await get(id)).consents;
  assert.deepEqual(now.map((c) => [c.channel, c.state]),
    [['email', 'withdrawn'], ['sms', 'given']]);
  const all = await client.all(`/v1/customers/${id}/consents`, 2);
  assert.deepEqual(all.map((c) => c.state), ['given', 'given', 'withdrawn']);
});

test('notes are added and read page by page (A9.02)', async () => {
  const { id } = await make({ name: 'A' });
  for (const text of ['one', 'two', 'three'])
    await client.ok('POST', `/v1/customers/${id}/notes`, { text });
  const notes = await client.all(`/v1/customers/${id}/notes`, 1);
  assert.deepEqual(notes.map((n) => n.text), ['one', 'two', 'three']);
});

test('orders find their customer; values follow (A9.02)', async () => {
  const email = mail();
  const buy = (customer, more) => shop.placed([['CUS-A', 1, 1000]],
    { customer, ...more });
  await buy({ name: 'Ada', email, phone: '+4930999001' });
  const second = await buy({ name: 'Ada L.', email: email.toUpperCase() });
  const third = await buy({ phone: '0049 30 999 001' });
  const ada = await settled(async () => {
    const { items } = await client.ok('GET', `/v1/customers?email=${email}`);
    const found = items.length === 1 && await get(items[0].id);
    return found && found.values[0]?.orders === 3 && found;
  });
  assert.equal(ada.name, 'Ada');
  assert.deepEqual(ada.values[0].total, { amount: 3000, currency: 'EUR' });
  const orders = await settled(async () => {
    const all = await client.all(`/v1/customers/${ada.id}/orders`, 2);
    return all.length === 3 && all;
  });
  assert.equal(orders[0].id, third.id);
  await client.ok('POST', `/v1/orders/${second.id}/cancel`,
    { version: 1, reason: 'no' });
  await settled(async () => (await get(ada.id)).values[0].orders === 2);
});

test('the e-mail wins over the phone, and both are noted', async () => {
  const [a, b] = [mail(), mail()];
  const ada = await make({ emails: [a] });
  const bob = await make({ emails: [b], phones: ['+4930888777'] });
  await shop.placed([['CUS-A', 1, 500]],
    { customer: { email: a, phone: '+4930888777' } });
  await settled(async () => (await get(ada.id)).values.length === 1);
  assert.deepEqual((await get(ada.id)).possible_duplicates, [bob.id]);
  assert.deepEqual((await get(bob.id)).possible_duplicates, [ada.id]);
  assert.deepEqual((await get(bob.id)).values, []);
});

test('two customers become one; keys and orders follow (A9.02)', async () => {
  const [a, b] = [mail(), mail()];
  for (const email of [a, b, b])
    await shop.placed([['CUS-A', 1, 700]], { customer: { email, name: email } });
  const find = async (email) => (await client.ok('GET',
    `/v1/customers?email=${email}`)).items[0];
  const loser = await settled(async () => {
    const found = await find(b);
    return found && (await get(found.id)).values[0]?.orders === 2 && found;
  });
  const winner = await settled(() => find(a));
  await client.ok('POST', `/v1/customers/${loser.id}/notes`, { text: 'kind' });
  const merged = await client.ok('POST', `/v1/customers/${winner.id}/merge`,
    { version: winner.version, from: loser.id, from_version: loser.version });
  assert.deepEqual(merged.emails, [a, b]);
  assert.equal(merged.values[0].orders, 3);
  assert.deepEqual(merged.values[0].total, { amount: 2100, currency: 'EUR' });
  const gone = await get(loser.id);
  assert.equal(gone.merged_into, winner.id);
  assert.deepEqual(gone.values, []);
  assert.equal((await client.all(`/v1/customers/${winner.id}/orders`)).length,
    3);
  assert.equal((await client.all(`/v1/customers/${winner.id}/notes`)).length, 1);
  assert.equal((await find(b)).id, winner.id);
  const again = await client.post(`/v1/customers/${winner.id}/merge`,
    { version: merged.version, from: loser.id, from_version: gone.version });
  assert.equal(again.json.code, 'customer_merged');
  await shop.placed([['CUS-A', 1, 700]], { customer: { email: b } });
  await settled(async () => (await get(winner.id)).values[0].orders === 4);
});

test('the store is sound afterwards', async () => {
  await house.server.stop();
  const { code, stdout } = await house.store.verify();
  assert.equal(code, 0, stdout);
});
