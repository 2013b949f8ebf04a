// tasks.test.mjs - what waits for a person: opened by events, assigned,
// resolved, reopened (issue 4, seams).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openHouse } from './lib/server.mjs';
import { eventually, fresh, logged, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client,
    { channel: { stock_policy: 'backorder' } });
});
after(() => house?.stop());

const get = (url) => house.client.ok('GET', url);

// An order whose promise is over: a task for it.
async function overdue() {
  const sku = fresh('sku');
  await shop.stock(sku, 0);
  await house.client.ok('POST', '/v1/expected-receipts',
    { sku, location: shop.location.code, quantity: 5,
      expected_at: new Date(Date.now() - 1000).toISOString() });
  const order = (await shop.place([[sku, 1, 100]])).json;
  const task = await eventually(async () =>
    (await get(`/v1/tasks?order=${order.id}`)).items[0]);
  return { sku, order, task };
}

test('an event opens a task, a person resolves and reopens it (A11.02)', async () => {
  const { order, task } = await overdue();
  assert.deepEqual([task.kind, task.subject, task.order_id, task.state,
    task.owner_role, task.times, task.version],
  ['order_overdue', order.id, order.id, 'open', 'manager', 1, 1]);
  const url = `/v1/tasks/${task.id}`;
  const due = new Date(Date.now() + 60000).toISOString();
  const assigned = await house.client.ok('PATCH', url,
    { version: 1, owner_role: 'support', due_at: due });
  assert.deepEqual([assigned.owner_role, assigned.due_at, assigned.version],
    ['support', due, 2]);
  const stale = await house.client.patch(url, { version: 1, owner_role: null });
  assert.equal(stale.status, 409, stale.text);
  const nobody = await house.client.patch(url,
    { version: 2, owner_role: 'no-such-role' });
  assert.equal(nobody.json.code, 'role_unknown', nobody.text);
  const odd = await house.client.post(`${url}/resolve`,
    { version: 2, resolution: 'over' }, { isBad: true });
  assert.equal(odd.status, 422, odd.text);
  const done = await house.client.ok('POST', `${url}/resolve`,
    { version: 2, resolution: 'done', note: 'asked the supplier' });
  assert.deepEqual([done.state, done.resolution, done.note],
    ['resolved', 'done', 'asked the supplier']);
  const again = await house.client.post(`${url}/resolve`,
    { version: 3, resolution: 'done' });
  assert.equal(again.status, 409, again.text);
  assert.match(again.json.detail, /resolve.*resolved.*reopen/);
  assert.equal((await get(`/v1/tasks?order=${order.id}`)).items.length, 0);
  assert.equal((await get(`/v1/tasks?state=any&order=${order.id}`))
    .items[0].id, task.id);
  const open = await house.client.ok('POST', `${url}/reopen`, { version: 3 });
  assert.deepEqual([open.state, open.resolution, open.resolved_at],
    ['open', null, null]);
  await logged(house.client);
  const events = await get(`/v1/events?subject=${task.id}`);
  assert.deepEqual(events.items.map((e) => e.type), ['task.opened',
    'task.assigned', 'task.resolved', 'task.reopened']);
  assert.ok(!events.items.some((e) => JSON.stringify(e).includes('supplier')));
});

test('what is over closes its task by itself', async () => {
  const { sku, task } = await overdue();
  await shop.adjust(sku, 5);
  const closed = await eventually(async () => {
    const now = await get(`/v1/tasks/${task.id}`);
    return now.state === 'resolved' && now;
  });
  assert.equal(closed.resolution, 'over');
});

test('pages follow the due time; filters are checked', async () => {
  const ids = [];
  for (let i = 0; i < 3; i++) ids.push((await overdue()).task.id);
  const seen = [];
  for (let after = ''; after !== null;) {
    const page = await get('/v1/tasks?limit=2&kind=order_overdue' +
      (after && `&after=${after}`));
    seen.push(...page.items);
    after = page.next;
  }
  for (let i = 1; i < seen.length; i++)
    assert.ok(seen[i - 1].due_at <= seen[i].due_at);
  for (const id of ids) assert.ok(seen.some((t) => t.id === id));
  assert.equal((await get('/v1/tasks?owner_role=warehouse')).items.length, 0);
  assert.equal((await get('/v1/tasks?due_before=2020-01-01T00:00:00Z'))
    .items.length, 0);
  const odd = await house.client.get('/v1/tasks?kind=no_such');
  assert.equal(odd.status, 422, odd.text);
});

test('scopes are tasks:read and tasks:write', async () => {
  const key = await house.client.ok('POST', '/v1/api-keys',
    { name: 'reader', scopes: ['tasks:read'] });
  const { task } = await overdue();
  const reader = house.client.as(key.secret);
  assert.equal((await reader.get('/v1/tasks')).status, 200);
  const denied = await reader.post(`/v1/tasks/${task.id}/reopen`,
    { version: 1 });
  assert.equal(denied.status, 403, denied.text);
});
