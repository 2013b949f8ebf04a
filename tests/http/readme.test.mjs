// readme.test.mjs - commands of the README and of the walk through money, run as
// they stand there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync,
  symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Server, Store, root } from './lib/server.mjs';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
let dir, store, server;

// A folder that looks as the checkout does to who follows the README.
before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'wharf-readme-'));
  store = new Store();
  await store.must(['demo']);
  mkdirSync(path.join(dir, 'data'));
  writeFileSync(path.join(dir, 'data/demo.key'), `${await store.key()}\n`);
  symlinkSync(path.join(root, 'docs'), path.join(dir, 'docs'));
  server = await Server.start(store);
});
after(async () => {
  await server?.stop();
  const verified = await store.verify();
  store.drop();
  rmSync(dir, { recursive: true, force: true });
  assert.equal(verified.code, 0, verified.stdout);
});

const MARK = '=== ';

// The indented lines of a section: commands, and behind `# ` what they print.
function commands(title, page = readme) {
  const [, section] = page.split(`\n## ${title}\n`);
  assert.ok(section, title);
  return section.split('\n## ')[0].split('\n')
    .filter((line) => line.startsWith('    ')).map((line) => line.slice(4));
}

function run(lines) {
  const script = ['set -eu'], wanted = [];
  for (const line of lines) {
    if (!line.startsWith('# ')) { script.push(line); continue; }
    script.push(`echo; echo '${MARK}'`);
    wanted.push(line.slice(2));
  }
  const shown = execFileSync('bash', ['-c', script.join('\n')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${server.port}`)],
  { cwd: dir, encoding: 'utf8' });
  return { shown, wanted, printed: shown.split(MARK).slice(0, -1)
    .map((part) => part.trim().split('\n').at(-1)) };
}

// Numbers of parcels are others each time.
const plain = (text) => text.replace(/\d{20}/g, 'N');
const start = (name) =>
  readFileSync(path.join(dir, 'data', name), 'latin1').slice(0, 5);

test('First order: placed, sent again, and listed', () => {
  const { shown } = run(commands('First order'));
  assert.match(shown, /"external_id":"shop-1001".*"items":\[/s);
});

test('From order to parcel: every command, what it prints, and the files', () => {
  const { wanted, printed } = run([...commands('First order').slice(0, 1),
    ...commands('From order to parcel')]);
  assert.deepEqual(printed.map(plain), wanted.map(plain));
  assert.equal(wanted.length, 11);
  for (const name of ['pick-list.pdf', 'label.pdf', 'slip.pdf'])
    assert.equal(start(name), '%PDF-', name);
  assert.equal(start('label.zpl').slice(0, 3), '^XA');
});

test('docs/money-walk.md: every command and every balance', () => {
  const page = readFileSync(path.join(root, 'docs/money-walk.md'), 'utf8');
  const { wanted, printed } = run(commands('The walk', page));
  assert.deepEqual(printed, wanted);
  assert.equal(wanted.length, 23);
});

// ---- pages ----

const inDocs = readdirSync(path.join(root, 'docs'), { recursive: true })
  .filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);

// What a page links to, as paths from the root.
function links(page) {
  const text = readFileSync(path.join(root, page), 'utf8');
  return [...text.matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)]
    .map(([, link]) => path.join(path.dirname(page), link));
}

test('ARCHITECTURE.md has every room', () => {
  const told = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
  for (const at of readdirSync(path.join(root, 'src/oms'),
    { withFileTypes: true }))
    assert.ok(!at.isDirectory() || told.includes(`| \`${at.name}\` |`), at.name);
});

test('links between pages lead somewhere', () => {
  for (const page of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md',
    ...inDocs])
    for (const link of links(page))
      assert.ok(existsSync(path.join(root, link)), `${page}: ${link}`);
});

test('the list of pages has them all', () => {
  const listed = new Set(links('docs/README.md'));
  assert.deepEqual(inDocs.filter((page) => page !== 'docs/README.md' &&
    !page.startsWith('docs/decisions/') && !listed.has(page)), []);
});
