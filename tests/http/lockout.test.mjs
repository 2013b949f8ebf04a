// lockout.test.mjs - guessing costs growing waits, and locks nobody else out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, PASSWORD, addPerson } from './lib/people.mjs';
import { engine, openHouse } from './lib/server.mjs';

// The tests speak as a proxy does, so that they can come from anywhere.
let house;
before(async () => {
  house = await openHouse({ extra: ['--proxy', '127.0.0.1'] });
});
after(() => house?.stop());

let hosts = 0;
const newAddress = () => `198.51.${100 + (++hosts >> 8)}.${hosts & 255}`;

function attempt(email, password, address, browser) {
  return (browser ?? new Browser(house.client)).signIn(email, password,
    { headers: { 'x-forwarded-for': address } });
}

async function fail(email, address, times) {
  for (let i = 0; i < times; i++)
    assert.equal((await attempt(email, 'wrong password', address)).status, 401,
      `attempt ${i}`);
}

function assertLimited(reply, least) {
  assert.equal(reply.status, 429, reply.text);
  assert.equal(reply.json.code, 'too_many_attempts');
  const wait = Number(reply.headers['retry-after']);
  assert.ok(wait >= 1 && wait <= 900, `Retry-After: ${wait}`);
  if (least) assert.ok(wait >= least, `${wait} of ${least}`);
  return wait;
}

test(`waits grow for one account from one address, and only there (${engine})`,
  async () => {
    const ann = await addPerson(house.client, 'viewer');
    const evil = newAddress();
    await fail(ann.email, evil, 6);
    // A slow machine may come when a wait is over, and fails once more.
    for (let wait = 0, tries = 0; wait < 3; tries++) {
      assert.ok(tries < 20, 'the waits do not grow');
      const reply = await attempt(ann.email, 'wrong password', evil);
      if (reply.status === 401) continue;
      wait = assertLimited(reply);
      if (wait < 3)
        await new Promise((resolve) => setTimeout(resolve, wait * 1000 + 50));
    }
    // Not even the right password is looked at while it waits.
    assertLimited(await attempt(ann.email, PASSWORD, evil));
    assert.equal((await attempt(ann.email, PASSWORD, newAddress())).status,
      201, 'she herself signs in from elsewhere');
    const bob = await addPerson(house.client, 'viewer');
    assert.equal((await attempt(bob.email, PASSWORD, evil)).status, 201,
      'others behind that address sign in');
  });

test('a browser she has signed in with lets her in from under the attack',
  async () => {
    const ann = await addPerson(house.client, 'viewer');
    const home = newAddress();
    const browser = new Browser(house.client);
    assert.equal((await attempt(ann.email, PASSWORD, home, browser)).status,
      201);
    await fail(ann.email, home, 6);
    assertLimited(await attempt(ann.email, PASSWORD, home));
    assert.equal((await attempt(ann.email, PASSWORD, home, browser)).status,
      201, 'the known device has a count of its own');
    // It is no way around for guessing either.
    for (let i = 0; i < 6; i++)
      assert.equal((await attempt(ann.email, 'wrong password', newAddress(),
        browser)).status, 401);
    assertLimited(await attempt(ann.email, PASSWORD, newAddress(), browser));
  });

test('the device cookie of one person is none of another', async () => {
  const ann = await addPerson(house.client, 'viewer');
  const eve = await addPerson(house.client, 'viewer');
  const browser = new Browser(house.client);
  const at = newAddress();
  assert.equal((await attempt(eve.email, PASSWORD, at, browser)).status, 201);
  await fail(ann.email, at, 6);
  assertLimited(await attempt(ann.email, PASSWORD, at, browser));
  // Both may use one browser.
  const shared = newAddress();
  assert.equal((await attempt(ann.email, PASSWORD, shared, browser)).status,
    201);
  await fail(ann.email, shared, 6);
  for (const who of [ann, eve])
    assert.equal((await attempt(who.email, PASSWORD, shared, browser)).status,
      201);
});

test('many addresses on one account: strangers wait, known devices do not',
  async () => {
    const ann = await addPerson(house.client, 'viewer');
    const browser = new Browser(house.client);
    assert.equal((await attempt(ann.email, PASSWORD, newAddress(), browser))
      .status, 201);
    for (let i = 0; i < 31; i++) await fail(ann.email, newAddress(), 1);
    const wait = assertLimited(
      await attempt(ann.email, PASSWORD, newAddress()));
    assert.ok(wait <= 60, 'a minute at most');
    assert.equal((await attempt(ann.email, PASSWORD, newAddress(), browser))
      .status, 201);
  });

test('one address over many accounts waits, also for those that are none',
  async () => {
    const evil = newAddress();
    const seen = [];
    for (let i = 0; i < 60 && !seen.includes(429); i++) {
      const reply = await attempt(`nobody${i}@shop.example`, 'wrong password',
        evil);
      seen.push(reply.status);
      if (reply.status === 429) assert.ok(assertLimited(reply) <= 60);
    }
    assert.equal(seen.filter((s) => s === 401).length, 51);
    assert.ok(seen.includes(429));
  });

test('an account that is none waits like one that is', async () => {
  const evil = newAddress();
  await fail('ghost@shop.example', evil, 6);
  assertLimited(await attempt('GHOST@shop.example', PASSWORD, evil));
});

test('many attempts at once do not slip through together', async () => {
  const ann = await addPerson(house.client, 'viewer');
  const evil = newAddress();
  const all = await Promise.all(Array.from({ length: 30 }, () =>
    attempt(ann.email, 'wrong password', evil)));
  const passed = all.filter((r) => r.status === 401).length;
  assert.ok(passed <= 6, `${passed} were looked at`);
  assert.ok(all.every((r) => [401, 429].includes(r.status)));
});

test('guessing the present password in a session waits too', async () => {
  const ann = await addPerson(house.client, 'viewer');
  const browser = new Browser(house.client);
  await attempt(ann.email, PASSWORD, newAddress(), browser);
  for (let i = 0; i < 6; i++) {
    const reply = await browser.post('/v1/session/password',
      { current_password: `guess number ${i}`, password: 'a new password' });
    assert.equal(reply.status, 403);
  }
  assertLimited(await browser.post('/v1/session/password',
    { current_password: PASSWORD, password: 'a new password' }));
  assert.equal((await browser.get('/v1/session')).status, 200);
  assert.equal((await attempt(ann.email, PASSWORD, newAddress())).status, 201,
    'whoever found the session open does not lock its owner out');
});

test('cookies are Secure where the proxy says that it speaks TLS',
  async () => {
    const ann = await addPerson(house.client, 'viewer');
    const reply = await new Browser(house.client).signIn(ann.email, PASSWORD,
      { headers: { 'x-forwarded-proto': 'https',
        'x-forwarded-for': newAddress() } });
    const cookies = reply.headers['set-cookie'];
    assert.equal(cookies.length, 2);
    for (const cookie of cookies) assert.match(cookie, /; Secure$/);
  });

test('who is not the proxy cannot say where he comes from', async () => {
  const other = await openHouse();
  const ann = await addPerson(other.client, 'viewer');
  const statuses = [];
  for (let i = 0; i < 8; i++) {
    const reply = await new Browser(other.client).signIn(ann.email, 'wrong one',
      { headers: { 'x-forwarded-for': newAddress(),
        'x-forwarded-proto': 'https' } });
    statuses.push(reply.status);
  }
  assert.deepEqual(statuses.slice(6), [429, 429]);
  const session = await addPerson(other.client, 'viewer');
  const reply = await new Browser(other.client).signIn(session.email, PASSWORD,
    { headers: { 'x-forwarded-proto': 'https' } });
  assert.doesNotMatch(reply.headers['set-cookie'].join(), /Secure/);
  assert.equal(reply.json.session.address, '127.0.0.1');
  await other.stop();
});

test('of a list of addresses the last one counts, and only if it is one',
  async () => {
    const ann = await addPerson(house.client, 'viewer');
    const at = newAddress();
    for (const [said, want] of [[`203.0.113.9, ${at}`, at],
      [`${at}, <script>`, '127.0.0.1'], ['2001:db8::7', '2001:db8::7'],
      ['x'.repeat(100), '127.0.0.1']]) {
      const reply = await attempt(ann.email, PASSWORD, said);
      assert.equal(reply.json.session.address, want, said);
    }
  });
