// drafts.test.mjs - orders before they are placed (A8.01, A8.04).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, logged, money, Shop } from './lib/shop.mjs';

let house, client, shop;
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { channel: { stock_policy: 'backorder' } });
});
after(() => house?.stop());

async function did(reply) {
  const { status, json, text } = await reply;
  assert.ok(status < 300, text);
  return json;
}
async function refused(reply, status, code) {
  const { status: got, json, text } = await reply;
  assert.equal(got, status, text);
  assert.equal(json.code, code, text);
  return json;
}
const company = (more = {}) => client.ok('POST', '/v1/companies',
  { name: 'Acme', currency: 'EUR', terms_days: 14, ...more });
const lines = (...list) => list.map(([sku, quantity, price]) => (
  { sku, quantity, ...price !== undefined && { unit_price: money(price) } }));
const body = (order, more = {}) => ({ ...more, order: {
  channel: shop.channel.code, shipping_address: { country: 'DE' }, ...order } });
const draft = (order, more) => client.post('/v1/drafts', body(order, more));
const step = (d, name, more = {}, options) => client.post(
  `/v1/drafts/${d.id}/${name}`, { version: d.version, ...more }, options);

test('a draft says what its goods and its company are called', async () => {
  const [known, own] = [fresh('tin'), fresh('tin')];
  await shop.stock(known, 1, { title: 'Tin of tea' });
  await shop.stock(own, 1, { title: 'Tin of tea' });
  const acme = await company({ name: fresh('Acme ') });
  const sent = lines([known, 1, 500], [own, 1, 500], [known, 2, 400]);
  sent[1].title = 'With a ribbon';
  const of = (d) => d.order.lines.map((line) => line.title);
  const named = ['Tin of tea', 'With a ribbon', 'Tin of tea'];
  const d = await did(draft({ lines: sent }, { company_id: acme.id }));
  assert.deepEqual(of(d), named);
  assert.deepEqual(of(await client.ok('GET', `/v1/drafts/${d.id}`)), named);
  const other = await did(draft({ lines: lines([known, 1, 500]) }));
  for (const query of ['', 'state=draft']) {
    const { items } = await client.ok('GET', `/v1/drafts?${query}`);
    assert.deepEqual(items.slice(0, 2).map((one) => [one.id, one.company]),
      [[other.id, null], [d.id, acme.name]], query);
  }
  const { items } = await client.ok('GET', `/v1/drafts?company=${acme.id}`);
  assert.deepEqual(items.map((one) => one.company), [acme.name]);
});

test('a quote is sent, accepted and placed once, with its invoice', async () => {
  const sku = fresh('q');
  await shop.stock(sku, 10);
  const acme = await company();
  const priced = await client.ok('PUT', `/v1/companies/${acme.id}/prices`,
    { version: 1, prices: [{ sku, unit_price: money(700) }] });
  assert.equal(priced.version, 2);
  assert.deepEqual((await client.ok('GET',
    `/v1/companies/${acme.id}/prices`)).items, [{ sku, unit_price: money(700) }]);
  let d = await did(draft({ lines: lines([sku, 4]),
    discounts: [{ title: 'spring', rate_ppm: 100000 }] },
  { company_id: acme.id, po_number: '45-1' }));
  assert.equal(d.total.amount, 2520);
  assert.equal(d.terms_days, 14);
  assert.equal(d.order.lines[0].unit_price.amount, 700);
  assert.equal((await shop.level(sku)).committed, 0);
  const until = new Date(Date.now() + 86400000).toISOString();
  d = await did(step(d, 'send', { valid_until: until }));
  assert.match(d.quote_number, /^Q[0-9]+$/);
  assert.deepEqual(d.allowed, ['revise', 'accept', 'decline', 'discard']);
  await refused(step(d, 'convert'), 409, 'draft_state');
  d = await did(step(d, 'accept'));
  const key = { key: fresh('k') };
  const { draft: done, order } = await did(step(d, 'convert', {}, key));
  assert.equal(done.state, 'converted');
  assert.equal(done.order_id, order.id);
  assert.equal(order.external_id, d.id);
  assert.equal(order.totals.total.amount, 2520);
  assert.equal((await did(step(d, 'convert', {}, key))).order.id, order.id);
  await refused(step(d, 'convert'), 409, 'stale');
  await refused(step(done, 'convert'), 409, 'draft_state');
  const { items: [pay] } = await client.ok('GET',
    `/v1/orders/${order.id}/payments`);
  assert.equal(pay.tender, 'invoice');
  assert.equal(pay.reference, '45-1');
  assert.equal(Math.round((Date.parse(pay.due_at) -
    Date.parse(pay.created_at)) / 86400000), 14);
  assert.deepEqual((await client.ok('GET',
    `/v1/drafts?company=${acme.id}`)).items.map((i) => i.id), [d.id]);
});

test('two who convert one draft make one order; two drafts do not pass on the ' +
  'same credit', async () => {
  const sku = fresh('r');
  await shop.stock(sku, 50);
  const acme = await company({ credit_limit: money(5000) });
  const one = await did(draft({ lines: lines([sku, 3, 1000]) },
    { company_id: acme.id }));
  const two = await did(draft({ lines: lines([sku, 3, 1000]) },
    { company_id: acme.id }));
  const replies = await Promise.all([one, one, two, two].map(
    (d) => step(d, 'convert')));
  assert.equal(replies.filter((r) => r.status === 200).length, 1);
  assert.equal((await shop.level(sku)).committed, 3);
  assert.ok(replies.some((r) => r.json.code === 'credit_limit'));
  assert.deepEqual(await client.ok('GET', `/v1/companies/${acme.id}/credit`),
    { owed: money(3000), left: money(2000) });
});

test('drafts are listed newest first, page by page', async () => {
  const sku = fresh('n');
  await shop.stock(sku, 10);
  const acme = await company();
  const made = [];
  for (let i = 0; i < 5; i++)
    made.unshift((await did(draft({ lines: lines([sku, 1, 100]) },
      { company_id: acme.id }))).id);
  for (const filter of [`company=${acme.id}`, 'state=draft', '']) {
    const seen = [];
    let after = '';
    while (seen.length < made.length) {
      const page = await client.ok('GET',
        `/v1/drafts?limit=2${filter && `&${filter}`}${after}`);
      seen.push(...page.items.map((i) => i.id));
      after = `&after=${page.next}`;
    }
    assert.deepEqual(seen.slice(0, 5), made, filter);
  }
});

test('units are kept for a draft that names a hold', async () => {
  const sku = fresh('h');
  await shop.stock(sku, 5);
  const { json: hold } = await client.post('/v1/holds', {
    channel: shop.channel.code, items: [{ sku, quantity: 5 }], ttl_s: 60 });
  const d = await did(draft({ hold: hold.id, lines: lines([sku, 5, 100]) }));
  assert.equal((await shop.level(sku)).reserved, 5);
  const { order } = await did(step(d, 'convert'));
  assert.equal(order.lines[0].allocated, 5);
  assert.equal((await shop.level(sku)).reserved, 0);
  assert.equal((await shop.level(sku)).committed, 5);
});

test('a person is erased from drafts, and no event names them', async () => {
  const sku = fresh('e'), email = `${fresh('zelda')}@example.org`;
  await shop.stock(sku, 5);
  const order = { lines: lines([sku, 1, 100]), note: 'for zelda',
    customer: { name: 'Zelda Zett', email } };
  const open = await did(draft(order, { po_number: 'zelda 1' }));
  const sold = await did(draft(order));
  const { draft: done } = await did(step(sold, 'convert'));
  assert.ok(open.customer_id);
  assert.equal(done.customer_id, open.customer_id);
  await logged(client);
  const { items } = await client.ok('GET', `/v1/events?subject=${open.id}`);
  assert.deepEqual(items.map((e) => e.type), ['draft.created']);
  assert.ok(!JSON.stringify(items).toLowerCase().includes('zelda'));
  const all = await client.ok('GET',
    `/v1/customers/${open.customer_id}/export`);
  assert.deepEqual(all.drafts.map((d) => d.id).sort(),
    [open.id, sold.id].sort());
  await did(client.post(`/v1/customers/${open.customer_id}/erase`,
    { even_open: true }));
  for (const { id } of [open, sold]) {
    const now = await client.ok('GET', `/v1/drafts/${id}`);
    assert.ok(!JSON.stringify(now).toLowerCase().includes('zelda'));
    assert.equal(now.state, id === open.id ? 'discarded' : 'converted');
    assert.equal(now.po_number, null);
    assert.equal(now.total.amount, 100);
  }
  await eventually(async () => (await client.ok('GET',
    '/v1/events?type=draft.erased')).items.length === 2);
});

test('bodies are checked', async () => {
  const sku = fresh('b');
  await shop.stock(sku, 1);
  await refused(draft({ lines: lines([sku, 1]) }), 422, 'price_unknown');
  await refused(draft({ lines: lines([sku, 1, 5]) },
    { company_id: 'cmp_0000000000001' }), 404, 'not_found');
  await refused(client.post('/v1/companies',
    { name: 'A', currency: 'EUR', credit_limit: money(1, 'USD') }), 422,
  'currency_mismatch');
  const acme = await company();
  const put = (more) => client.put(`/v1/companies/${acme.id}`,
    { version: 1, name: 'B', currency: 'EUR', ...more });
  await refused(put({ currency: 'USD' }), 409, 'currency_fixed');
  await refused(client.get(`/v1/drafts?state=sent&company=${acme.id}`), 422,
    'filters_exclude');
  const cafe = await company({ name: 'Café Müller & Söhne', tax_id: 'DE-77' });
  const found = async (q) => (await client.ok('GET',
    `/v1/companies?q=${encodeURIComponent(q)}`)).items.map((one) => one.id);
  for (const q of ['mull', 'SOHNE cafe', 'de-77'])
    assert.deepEqual(await found(q), [cafe.id], q);
  assert.deepEqual(await found('uller'), []);
  await refused(client.get('/v1/companies?q=%26'), 422, 'no_words');
});

test('a buyer answers a quote with a link alone', async () => {
  const sku = fresh('l');
  await shop.stock(sku, 9);
  const acme = await company({ credit_limit: money(1000) });
  const until = new Date(Date.now() + 86400000).toISOString();
  const sent = async (quantity) => {
    const d = await did(draft({ lines: lines([sku, quantity, 300]) }, { company_id: acme.id }));
    await refused(client.get(`/v1/drafts/${d.id}/link`), 409, 'draft_state');
    return did(step(d, 'send', { valid_until: until }));
  };
  const buyer = client.as(null);
  const link = async (d) => (await client.ok('GET', `/v1/drafts/${d.id}/link`)).path;
  let d = await sent(3);
  const path = await link(d);
  let q = await did(buyer.get(path));
  assert.deepEqual([q.number, q.state, q.is_open, q.total.amount, q.lines[0].total.amount],
    [d.quote_number, 'sent', true, 900, 900]);
  await refused(buyer.get(path.slice(0, -2) + 'xx'), 404, 'token_unknown');
  await refused(buyer.post(`${path}/accept`, { version: 1 }), 409, 'stale');
  const yes = { version: q.version, po_number: 'PO-8' };
  q = await did(buyer.post(`${path}/accept`, yes));
  assert.deepEqual([q.state, q.is_open, q.po_number], ['accepted', false, 'PO-8']);
  assert.equal((await did(buyer.post(`${path}/accept`, yes))).version, q.version);
  await refused(buyer.post(`${path}/decline`, { version: q.version, reason: 'no' }),
    409, 'draft_state');
  d = await client.ok('GET', `/v1/drafts/${d.id}`);
  await did(step(d, 'convert'));
  assert.equal((await did(buyer.get(path))).state, 'converted');
  const more = await sent(1);
  const over = await refused(buyer.post(`${await link(more)}/accept`,
    { version: more.version }), 409, 'credit_limit');
  assert.doesNotMatch(over.detail, /[0-9]/);
  const no = await link(more);
  await did(buyer.post(`${no}/decline`, { version: more.version, reason: 'too dear' }));
  assert.equal((await client.ok('GET', `/v1/drafts/${more.id}`)).answer, 'too dear');
  // Written anew and sent again: who has the link of before learns nothing.
  let anew = await sent(2);
  const before = await link(anew);
  anew = await did(client.put(`/v1/drafts/${anew.id}`, { version: anew.version,
    company_id: acme.id, order: { ...anew.order, totals: undefined,
      lines: lines([sku, 1, 300]) } }));
  anew = await did(step(anew, 'send', { valid_until: until }));
  await refused(buyer.get(before), 410, 'quote_withdrawn');
  await refused(buyer.post(`${before}/accept`, { version: anew.version }), 410,
    'quote_withdrawn');
  assert.equal((await did(buyer.get(await link(anew)))).total.amount, 300);
  const last = await sent(1), gone = await link(last);
  await did(step(last, 'discard'));
  await refused(buyer.get(gone), 410, 'quote_withdrawn');
});

test('a blanket order places its releases, each once (A8.03)', async () => {
  const sku = fresh('b');
  await shop.stock(sku, 10);
  const acme = await company({ credit_limit: money(2000) });
  const path = '/v1/blanket-orders';
  const day = (n) => new Date(Date.now() + n * 86400000).toISOString();
  const of = (more) => body({ lines: lines([sku, 2, 300]) },
    { company_id: acme.id, po_number: '9', ...more });
  await refused(client.post(path, of({})), 422, 'plan_needed');
  const key = { key: fresh('k') };
  const plan = of({ reserve_days: 3,
    releases: [{ ship_at: day(1) }, { ship_at: day(2), lines: [{ line: 1, quantity: 5 }] },
      { ship_at: day(90) }] });
  let b = await did(client.post(path, plan, key));
  assert.equal((await did(client.post(path, plan, key))).id, b.id);
  assert.deepEqual([b.state, b.total.amount, b.releases.planned], ['draft', 600, 3]);
  const act = (name, more) => client.post(`${path}/${b.id}/${name}`,
    { version: b.version, ...more });
  await refused(act('resume'), 409, 'blanket_state');
  b = await did(act('activate'));
  const releases = async () =>
    (await client.ok('GET', `${path}/${b.id}/releases?limit=10`)).items;
  const [one, two] = await eventually(async () => {
    const at = await releases();
    return at[0].order_id && at[1].refused && at;
  });
  const order = await client.ok('GET', `/v1/orders/${one.order_id}`);
  assert.equal(order.fulfil_at, one.ship_at);
  assert.equal(order.external_id, one.draft_id);
  assert.equal(order.lines[0].allocated, 2);
  assert.equal(two.refused.code, 'credit_limit');
  assert.deepEqual(two.lines, [{ line: 1, quantity: 5 }]);
  await eventually(async () => (await client.ok('GET', '/v1/tasks?kind=release_refused'))
    .items.some((t) => t.subject === b.id));
  b = await client.ok('GET', `${path}/${b.id}`);
  await refused(client.post(`${path}/${b.id}/skip`, { version: 1, n: 2 }), 409, 'stale');
  b = await did(act('skip', { n: 2 }));
  b = await did(act('pause'));
  b = await did(act('resume'));
  b = await did(client.put(`${path}/${b.id}`, of({ version: b.version,
    every: { unit: 'month', from: day(30), times: 12 } })));
  assert.deepEqual([b.state, b.releases],
    ['draft', { planned: 12, placed: 1, skipped: 1, cancelled: 0 }]);
  assert.equal((await releases())[2].n, 3);
  const listed = await client.ok('GET', `${path}?company=${acme.id}`);
  assert.deepEqual(listed.items.map((i) => i.id), [b.id]);
  await refused(client.get(`${path}?company=${acme.id}&state=draft`), 422, 'filters_exclude');
  assert.equal((await did(act('cancel'))).state, 'cancelled');
  assert.equal((await client.ok('GET', `${path}?state=cancelled`)).items.length, 1);
  await logged(client);
  assert.equal((await client.ok('GET', `/v1/events?subject=${b.id}&type=blanket.placed`)).items.length, 1);
});
