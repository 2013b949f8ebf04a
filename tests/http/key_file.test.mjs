// key_file.test.mjs - the command `wharf key-file`: the keys that seal secrets,
// made, shown and renewed without one sealed secret being lost.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Receiver } from './lib/receiver.mjs';
import { openHouse, Store } from './lib/server.mjs';

const options = ['--allow-private', '127.0.0.1'];
let house;
before(async () => { house = await openHouse({ extra: options }); });
after(() => house?.stop());

const said = /^(.+): key ([0-9a-f]{8}) seals, (\d+) can open\n$/;
async function keyFile(store, ...words) {
  const { stdout } = await store.must(['key-file', ...words]);
  assert.match(stdout, said);
  const [, file, key, count] = stdout.match(said);
  return { file, key, count: Number(count) };
}

test('status makes the file for its owner alone and shows it again', async () => {
  const store = new Store();
  const file = path.join(store.dir, 'apart.key');
  const first = await keyFile(store, 'status', '--key-file', file);
  assert.equal(first.file, file);
  assert.equal(first.count, 1);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(await keyFile(store, 'status', '--key-file', file), first);
  const text = readFileSync(file, 'utf8');
  const { stdout } = await store.must(['key-file', 'status', '--key-file', file]);
  for (const word of text.split(/\s+/).filter((w) => w.length > 20))
    assert.ok(!stdout.includes(word), 'a key is never shown');
  store.drop();
});

test('rotate puts a new key in front, the old ones stay', async () => {
  const store = new Store();
  const own = (verb) => keyFile(store, verb);
  const before = await own('status');
  const seen = new Set([before.key]);
  for (let i = 2; i <= 4; i++) {
    const now = await own('rotate');
    assert.equal(now.count, i);
    assert.ok(!seen.has(now.key));
    seen.add(now.key);
    assert.deepEqual(await own('status'), now);
  }
  assert.equal(statSync(before.file).mode & 0o777, 0o600);
  store.drop();
});

test('a file that others may read is refused, and so is what is none',
  async () => {
    const store = new Store();
    const { file } = await keyFile(store, 'status');
    const text = readFileSync(file, 'utf8');
    chmodSync(file, 0o644);
    for (const verb of ['status', 'rotate']) {
      const done = await store.run(['key-file', verb]);
      assert.equal(done.code, 1, verb);
      assert.match(done.stderr, /others/);
      assert.equal(readFileSync(file, 'utf8'), text);
    }
    const none = await store.run(['key-file', 'status', '--key-file',
      path.join(store.dir, 'no', 'such', 'folder.key')]);
    assert.equal(none.code, 1);
    const wrong = await store.run(['key-file', 'borrow']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /say status or rotate/);
    assert.ok(existsSync(file));
    store.drop();
  });

test('secrets sealed before a rotation sign after it', async () => {
  const receiver = await Receiver.start();
  const make = () => house.client.ok('POST', '/v1/webhooks',
    { url: receiver.url, types: ['sku.*'] });
  const ping = (hook) => house.client.ok('POST',
    `/v1/webhooks/${hook.id}/ping`, {}, { status: 202 });
  const old = await make();
  const { count } = await keyFile(house.store, 'rotate');
  assert.equal(count, 2);
  await house.restart(options);
  const young = await make();
  for (const [i, hook] of [old, young].entries()) {
    await ping(hook);
    await receiver.until((got) => got.length === i + 1);
    new Webhook(hook.secret).verify(receiver.got[i].text,
      receiver.got[i].headers);
  }
  await receiver.stop();
});
