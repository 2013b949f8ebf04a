// user_cmd.test.mjs - `wharf user`: the first admin comes by the command line.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { PASSWORD, Browser, signedIn } from './lib/people.mjs';
import { Server, Store, bin, engine } from './lib/server.mjs';

let store, file;
before(() => {
  store = new Store();
  file = path.join(store.dir, 'password');
  writeFileSync(file, PASSWORD + '\n', { mode: 0o600 });
});
after(() => store?.drop());

// Runs `wharf user WORDS…` with that typed in.
function typed(words, input) {
  return new Promise((resolve) => {
    const child = execFile(bin, ['user', ...words, ...store.args],
      { env: store.env }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }));
    child.stdin.end(input);
  });
}

test(`the first admin signs in with the password of the file (B10, ${engine})`,
  async () => {
    await store.must(['user', 'create', '--email', 'ann@shop.example',
      '--role', 'admin', '--password-file', file]);
    const server = await Server.start(store);
    const client = new Client(server.port, null);
    const browser = await signedIn(client, 'ann@shop.example');
    const made = await browser.post('/v1/users',
      { email: 'bob@shop.example', name: 'Bob', roles: ['viewer'] });
    assert.equal(made.status, 201, made.text);
    client.close();
    await server.stop();
  });

test('a password is typed twice, and the same', async () => {
  const words = ['password', '--email', 'bob@shop.example'];
  const other = await typed(words, `${PASSWORD}\nsomething else 1\n`);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /not the same/);
  const short = await typed(words, 'short\nshort\n');
  assert.equal(short.code, 1);
  assert.match(short.stderr, /12 bytes/);
  assert.equal((await typed(words, `${PASSWORD}\n${PASSWORD}\n`)).code, 0);
});

test('a terminal does not show what is typed and is left as it was',
  async () => {
    const words = ['user', 'password', '--email', 'bob@shop.example',
      ...store.args].join(' ');
    const out = await new Promise((resolve) => {
      const child = execFile('script', ['-qec',
        `${bin} ${words}; stty -a`, '/dev/null'], { env: store.env },
        (error, stdout) => { child.stdin.end(); resolve(stdout); });
      let said = '', asked = 0;
      child.stdout.on('data', (part) => {
        said += part;
        for (; said.split(/assword: |again: /).length - 1 > asked; asked++)
          child.stdin.write('typed in secret\n');
      });
    });
    assert.ok(!out.includes('typed in secret'), out);
    assert.match(out, /[^-]echo /, out);
  });

test('the last admin cannot be disabled, others can', async () => {
  const last = await store.run(['user', 'disable', '--email',
    'ann@shop.example']);
  assert.equal(last.code, 1);
  assert.match(last.stderr, /last active admin/);
  await store.must(['user', 'disable', '--email', 'BOB@shop.example']);
  const list = await store.must(['user', 'list', '--json']);
  const people = list.stdout.trim().split('\n').map((l) => JSON.parse(l));
  assert.deepEqual(people.map((p) => [p.email, p.is_active]),
    [['bob@shop.example', false], ['ann@shop.example', true]]);
  await store.must(['user', 'enable', '--email', 'bob@shop.example']);
});

test('wrong calls say what is missing and open no store', async () => {
  for (const [words, code] of [[[], 2], [['create'], 2], [['sing'], 2],
    [['create', '--email', 'x@y'], 1],
    [['create', '--email', 'x@y', '--role', 'king', '--password-file', file],
      1],
    [['disable', '--email', 'who@shop.example'], 1],
    [['create', '--email', 'x@y', '--role', 'admin', '--password', 'p'], 2]]) {
    const done = await store.run(['user', ...words]);
    assert.equal(done.code, code, words.join(' ') + done.stderr);
  }
  assert.equal((await store.verify()).code, 0);
});
