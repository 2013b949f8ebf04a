// order_jobs.test.mjs - one command on many orders, as a job (A5.18, A8.05,
// A11.04).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, home } from './lib/parcels.mjs';
import { addPerson, signedIn } from './lib/people.mjs';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, logged, Shop, uuid } from './lib/shop.mjs';

let house, client, shop, carrier, sku;
before(async () => {
  house = await openHouse();
  client = house.client;
  shop = await Shop.open(client, { location: { address: home } });
  sku = fresh('sku');
  await shop.stock(sku, 1000, { weight_g: 400, length_mm: 100, width_mm: 100,
    height_mm: 100 });
  carrier = await client.ok('POST', '/v1/carrier-accounts', { code: fresh('own'),
    carrier: 'own', gs1_prefix: '4012345', services: [{ code: 'std' }] });
});
after(() => house?.stop());

const orders = async (count, more = {}) => (await Promise.all(
  Array.from({ length: count }, () => shop.placed([[sku, 1, 100]],
    { shipping_address: address, ...more })))).map((o) => o.id).sort();
const get = (url) => client.ok('GET', url);
const items = (job, query = '') => client.all(
  `/v1/order-jobs/${job.id}/items${query}`);
// Begins one and waits for its end.
async function run(body) {
  const { status, json: job } = await client.post('/v1/order-jobs', body);
  assert.equal(status, 202, JSON.stringify(job));
  assert.deepEqual([job.state, job.done, job.failed, job.left],
    ['running', 0, 0, job.total]);
  return eventually(async () => {
    const now = await get(`/v1/order-jobs/${job.id}`);
    return now.state !== 'running' && now;
  });
}
const opened = (ids) => eventually(async () => {
  for (const id of ids)
    if (!(await get(`/v1/fulfillment-orders?order=${id}`)).items.length)
      return false;
  return true;
});
const keyOf = async (scopes) => client.as((await client.ok('POST', '/v1/api-keys',
  { name: fresh('key'), scopes })).secret);

test('tags and untags many, says of each what became of it, once by its key ' +
  '(A5.18, A8.05)',
  async () => {
    const ids = await orders(3);
    const nobody = `ord_${'0'.repeat(12)}1`;
    const body = { action: 'tag', with: { tags: ['vip', 'gift'] },
      orders: [...ids, ids[0], nobody] };
    const key = uuid();
    const made = await client.post('/v1/order-jobs', body, { key });
    assert.equal(made.status, 202, made.text);
    const again = await client.post('/v1/order-jobs', body, { key });
    assert.equal(again.json.id, made.json.id);
    assert.equal((await client.post('/v1/order-jobs',
      { ...body, action: 'untag' }, { key })).status, 409);
    const done = await eventually(async () => {
      const now = await get(`/v1/order-jobs/${made.json.id}`);
      return now.state === 'done' && now;
    });
    assert.deepEqual([done.total, done.done, done.failed, done.left,
      done.label_job_id], [4, 3, 1, 0, null]);
    for (const id of ids)
      assert.deepEqual((await get(`/v1/orders/${id}`)).tags, ['vip', 'gift']);
    const failed = await items(done, '?state=failed');
    assert.deepEqual(failed.map((i) => [i.order_id, i.error.code]),
      [[nobody, 'not_found']]);
    const page = await get(`/v1/order-jobs/${done.id}/items?limit=2&after=1`);
    assert.deepEqual([page.items.map((i) => i.n), page.next], [[2, 3], 3]);
    const off = await run({ action: 'untag', with: { tags: ['gift'] },
      orders: ids });
    assert.equal(off.done, 3);
    await logged(client);
    for (const id of ids) {
      assert.deepEqual((await get(`/v1/orders/${id}`)).tags, ['vip']);
      const told = (await get(`/v1/events?type=order.tagged&subject=${id}`))
        .items;
      assert.equal(told.length, 2);
      assert.equal(told[0].actor.kind, 'key');
    }
    const about = (await get(`/v1/events?subject=${done.id}`)).items;
    assert.equal(about[0].type, 'order_job.created');
    assert.equal(about.at(-1).type, 'order_job.done');
    assert.deepEqual([about.at(-1).data.done, about.at(-1).data.failed],
      [3, 1]);
    assert.ok((await get('/v1/order-jobs?limit=2')).items
      .some((job) => job.id === off.id));
  });

test('holds many orders, and releases them', async () => {
  const ids = await orders(2);
  const note = 'asked by phone';
  const held = await run({ action: 'hold', with: { reason: 'customer', note },
    orders: ids });
  assert.equal(held.done, 2, JSON.stringify(await items(held)));
  for (const id of ids) {
    const [hold] = (await get(`/v1/orders/${id}/holds`)).items;
    assert.deepEqual([hold.state, hold.reason, hold.note],
      ['active', 'customer', note]);
  }
  assert.equal((await run({ action: 'release', orders: ids })).done, 2);
  const none = await run({ action: 'release', orders: ids });
  assert.deepEqual((await items(none)).map((i) => i.error.code),
    ['not_on_hold', 'not_on_hold']);
});

test('a filter chooses when the job is made', async () => {
  const channel = await client.ok('POST', '/v1/channels', { code: fresh('ch'),
    name: 'Other', type: 'web', currency: 'EUR', tz: 'UTC' });
  await client.ok('PUT', `/v1/channels/${channel.id}/routing`,
    { version: 0, locations: [shop.location.id] });
  const ids = await orders(2, { channel: channel.code });
  await eventually(async () => (await get(
    `/v1/orders?channel=${channel.code}`)).items.length === 2);
  const filter = { channel: channel.code, status: 'confirmed' };
  const job = await run({ action: 'cancel', with: { reason: 'recalled' },
    filter });
  assert.deepEqual([job.done, job.failed], [2, 0]);
  const [late] = await orders(1, { channel: channel.code });
  const again = await run({ action: 'cancel', with: { reason: 'again' },
    orders: ids });
  assert.deepEqual([again.done, again.failed], [0, 2]);
  const [why] = await items(again);
  assert.match(why.error.detail, /cancel/);
  assert.equal((await get(`/v1/orders/${late}`)).status, 'confirmed');
  // Who asks again under a key gets that answer, whatever is found by then.
  const one = { body: { action: 'cancel', with: { reason: 'rest' }, filter },
    key: fresh('k') };
  await eventually(async () => (await get(`/v1/orders?status=confirmed&channel=${
    channel.code}`)).items.length === 1);
  const first = await client.send('POST', '/v1/order-jobs', one);
  assert.equal(first.status, 202, first.text);
  await eventually(async () => (await get(`/v1/orders?status=confirmed&channel=${
    channel.code}`)).items.length === 0);
  const second = await client.send('POST', '/v1/order-jobs', one);
  assert.deepEqual([second.status, second.json.id], [202, first.json.id]);
  for (const [body, field] of [
    [{ action: 'tag', with: { tags: ['a'] }, filter: { channel: 'no' } },
      'filter.channel'],
    [{ action: 'tag', orders: ids }, 'with'],
    [{ action: 'fulfil', with: { to: 'moon' }, orders: ids }, 'with.to'],
    [{ action: 'label', with: { reason: 'x' }, orders: ids }, 'with.reason'],
    [{ action: 'label', orders: ids, filter: {} }, 'orders'],
    [{ action: 'label', orders: [] }, 'orders']]) {
    const bad = await client.post('/v1/order-jobs', body, { isBad: true });
    assert.deepEqual([bad.status, bad.json.field], [422, field], bad.text);
  }
});

test('who may not do it to one order may not do it to many', async () => {
  const ids = await orders(1);
  const reader = await keyOf(['orders:read']);
  const packer = await keyOf(['orders:read', 'shipping:write']);
  const tag = { action: 'tag', with: { tags: ['a'] }, orders: ids };
  const ship = { action: 'fulfil', with: { to: 'shipped' }, orders: ids };
  const denied = [[reader, tag, 'orders:write'], [packer, tag, 'orders:write'],
    [reader, { action: 'label', orders: ids }, 'shipping:write'],
    [packer, ship, 'fulfillment:write'],
    [packer, { action: 'invoice', orders: ids }, 'finance:write']];
  for (const [who, body, scope] of denied) {
    const reply = await who.post('/v1/order-jobs', body);
    assert.equal(reply.status, 403, reply.text);
    assert.match(reply.json.detail, new RegExp(scope));
  }
  const made = await client.post('/v1/order-jobs', tag);
  const stop = `/v1/order-jobs/${made.json.id}/cancel`;
  assert.ok([403, 409].includes((await reader.post(stop, { version: 1 }))
    .status));
  await eventually(async () =>
    (await get(`/v1/order-jobs/${made.json.id}`)).state === 'done');
  const late = await client.post(stop, { version: 2 });
  assert.equal(late.json.code, 'order_job_state', late.text);
  const more = await packer.post('/v1/order-jobs',
    { action: 'fulfil', with: { to: 'packed' }, orders: ids });
  assert.equal(more.status, 202, more.text);
});

test('each role may do to many what it may do to one, and nothing else', async () => {
  const ids = await orders(1);
  const none = (prefix) => `${prefix}_${'0'.repeat(12)}1`;
  const order = `/v1/orders/${none('ord')}`;
  // The action, and the request that does it to one.
  const acts = [
    [{ action: 'tag', with: { tags: ['a'] } }, `${order}/tags`],
    [{ action: 'untag', with: { tags: ['a'] } }, `${order}/tags`],
    [{ action: 'cancel', with: { reason: 'no' } }, `${order}/cancel`],
    [{ action: 'hold', with: { reason: 'other' } }, `${order}/holds`],
    [{ action: 'release' }, `/v1/order-holds/${none('ohd')}/release`],
    [{ action: 'fulfil', with: { to: 'released' } },
      `/v1/fulfillment-orders/${none('fo')}/open`],
    [{ action: 'fulfil', with: { to: 'packed' } }, '/v1/packages'],
    [{ action: 'label' }, `/v1/packages/${none('pkg')}/label`],
    [{ action: 'invoice' }, `${order}/invoices`]];
  const { items: roles } = await client.ok('GET', '/v1/roles');
  const builtin = roles.filter((r) => r.is_builtin);
  assert.ok(builtin.length >= 4, JSON.stringify(roles));
  const seen = { 202: 0, 403: 0 };
  for (const { code } of builtin) {
    const who = await signedIn(client, (await addPerson(client, code)).email);
    for (const [body, url] of acts) {
      const one = await who.post(url, {}, { isBad: true });
      const many = await who.post('/v1/order-jobs', { ...body, orders: ids });
      const may = one.status !== 403;
      assert.equal(many.status, may ? 202 : 403,
        `${code} ${body.action} ${url}: ${one.status}, ${many.text}`);
      seen[many.status]++;
      if (may)
        await eventually(async () => (await get(
          `/v1/order-jobs/${many.json.id}`)).state !== 'running');
    }
  }
  assert.ok(seen[202] >= acts.length && seen[403] >= acts.length,
    JSON.stringify(seen));
});

test('labels come in a job of their own, then all leaves (A5.18)', async () => {
  const ids = await orders(3);
  const [poor] = await orders(1, { shipping_address:
    { ...address, postal_code: undefined, line1: 'x'.repeat(150) } });
  await opened([...ids, poor]);
  const packed = await run({ action: 'fulfil', with: { to: 'packed' },
    orders: [ids[0]] });
  assert.equal(packed.done, 1, JSON.stringify(await items(packed)));
  const early = await run({ action: 'fulfil', with: { to: 'shipped' },
    orders: [ids[0]] });
  assert.match((await items(early))[0].error.detail, /draft/);
  const job = await run({ action: 'label', with: { account: carrier.code },
    orders: [...ids, poor] });
  assert.deepEqual([job.done, job.failed, job.asked], [3, 1, 0]);
  const [bad] = await items(job, '?state=failed');
  assert.equal(bad.order_id, poor);
  assert.ok(bad.error.code && bad.error.detail);
  const labels = await get(`/v1/label-jobs/${job.label_job_id}`);
  assert.deepEqual([labels.state, labels.bought, labels.refused],
    ['done', 3, 0]);
  const twice = await run({ action: 'label', orders: ids });
  assert.deepEqual([twice.done, twice.label_job_id], [3, null]);
  const shipped = await run({ action: 'fulfil', with: { to: 'shipped' },
    orders: ids });
  assert.equal(shipped.done, 3);
  for (const id of ids) {
    const all = (await get(`/v1/packages?order=${id}`)).items;
    assert.deepEqual(all.map((p) => p.state), ['manifested']);
    assert.equal((await get(`/v1/orders/${id}`)).status, 'completed');
  }
});

test('a label that does not come fails its order, and ends the job',
  async () => {
    const ids = await orders(3);
    await opened(ids);
    const none = await run({ action: 'label',
      with: { account: carrier.code, service: 'none' }, orders: ids });
    assert.deepEqual([none.done, none.failed, none.label_job_id], [0, 3, null]);
    const { outbound: { version } } = await get('/v1/system');
    await client.ok('POST', '/v1/system/outbound/pause',
      { version, reason: 'test' });
    const { json: job } = await client.post('/v1/order-jobs',
      { action: 'label', with: { account: carrier.code }, orders: ids });
    const asked = await eventually(async () => {
      const now = await get(`/v1/order-jobs/${job.id}`);
      return now.asked === 3 && now;
    });
    assert.deepEqual([asked.state, asked.left], ['running', 3]);
    // Its label is withdrawn; the other package is given up whole.
    for (const [i, name] of [[0, 'label/void'], [1, 'void']]) {
      const [p] = (await get(`/v1/packages?order=${ids[i]}`)).items;
      const reply = await client.post(`/v1/packages/${p.id}/${name}`,
        { version: p.version });
      assert.ok(reply.status < 300, reply.text);
    }
    await eventually(async () =>
      (await get(`/v1/order-jobs/${job.id}`)).failed === 2);
    await client.ok('POST', '/v1/system/outbound/resume',
      { version: version + 1 });
    const done = await eventually(async () => {
      const now = await get(`/v1/order-jobs/${job.id}`);
      return now.state === 'done' && now;
    });
    assert.deepEqual([done.done, done.failed], [1, 2]);
    assert.equal((await items(done))[0].error.code, 'label_refused');
  });

test('released before its time, invoiced once', async () => {
  const at = new Date(Date.now() + 86400e3).toISOString();
  const ids = await orders(2, { fulfil_at: at });
  await opened(ids);
  const job = await run({ action: 'fulfil', with: { to: 'released' },
    orders: ids });
  assert.equal(job.done, 2);
  for (const id of ids)
    assert.equal((await get(`/v1/fulfillment-orders?order=${id}`)).items[0]
      .status, 'open');
  const asked = await run({ action: 'fulfil', with: { to: 'submitted' },
    orders: ids });
  assert.deepEqual((await items(asked)).map((i) => i.error.code),
    ['location_type', 'location_type']);
  const none = await run({ action: 'invoice', orders: ids });
  assert.deepEqual((await items(none)).map((i) => i.error.code),
    ['no_invoicing', 'no_invoicing']);
  const series = fresh('ser');
  await client.ok('POST', '/v1/invoice-series', { code: series, name: 'GmbH',
    prefix: series, credit_prefix: `${series}C`,
    seller: { company: 'Wharf', country: 'DE', tax_id: 'DE1' } });
  await client.ok('PUT', `/v1/channels/${shop.channel.id}/invoicing`,
    { version: 0, series, issue_on: 'hand' });
  assert.equal((await run({ action: 'invoice', orders: ids })).done, 2);
  const twice = await run({ action: 'invoice', orders: ids });
  assert.deepEqual((await items(twice)).map((i) => i.error.code),
    ['nothing_to_bill', 'nothing_to_bill']);
});
