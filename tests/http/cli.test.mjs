// The command line itself: lists, pages, options, exit codes.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bin, root } from './lib/server.mjs';

function wharf(...words) {
  const done = spawnSync(bin, words, { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const list = wharf('help').out;
const commands = [...list.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map((m) => m[1]);

test('help lists the commands and is what no word gets', () => {
  for (const name of ['serve', 'migrate', 'key', 'import', 'verify', 'demo',
    'version', 'help'])
    assert.ok(commands.includes(name), name);
  assert.equal(wharf('--help').out, list);
  const none = wharf();
  assert.equal(none.code, 2);
  assert.equal(none.err, list);
  assert.match(wharf('--version').out, /^wharf \d+\.\d+\.\d+\n$/);
});

for (const name of commands)
  test(`wharf ${name} has a page: usage, options, exit codes, examples`, () => {
    const page = wharf(name, '--help');
    assert.equal(page.code, 0);
    assert.equal(page.err, '');
    assert.ok(page.out.startsWith(`Usage: wharf ${name}`));
    for (const part of ['\nOptions:\n', '\nExit codes:\n', '\nExamples:\n'])
      assert.ok(page.out.includes(part), part);
    assert.equal(wharf('help', name).out, page.out);
    for (const line of page.out.split('\n'))
      assert.ok(line.length < 80, `too wide: ${line}`);
    // Examples name only options that the page names.
    const [head, examples] = page.out.split('\nExamples:\n');
    const own = examples.split('\n')
      .filter((line) => line.startsWith(`  wharf ${name}`)).join('\n');
    for (const [option] of own.matchAll(/--[a-z-]+/g))
      assert.ok(head.includes(`  ${option}`), option);
  });

for (const [words, said] of [
  [['key', '--nope', 'list'], '--nope is not an option of this command'],
  [['verify', '--listen', '127.0.0.1:0'], '--listen is not an option'],
  [['key', 'create', '--name'], '--name needs a value'],
  [['import', '--dry-run=yes'], '--dry-run takes no value'],
  [['serve', '--threads', '99'], '--threads must be a number from 1 to 16'],
  [['serve', '--threads=two'], '--threads must be a number from 1 to 16'],
  [['key', '-n', 'x'], 'options are written out, as --store'],
  [['key', 'borrow'], 'say create, list, rotate or revoke'],
  [['nope'], "there is no command 'nope'"],
])
  test(`wharf ${words.join(' ')} is wrong usage`, () => {
    const { code, out, err } = wharf(...words);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.ok(err.includes(said), err);
    assert.equal(err.trim().split('\n').length, 1);
  });

test('words after -- are no options', () => {
  const { code, err } = wharf('help', '--', '--help');
  assert.equal(code, 2);
  assert.match(err, /there is no such command/);
});

test('packaging/man/wharf.1 is what wharf help --man prints', () => {
  const page = wharf('help', '--man').out;
  const kept = readFileSync(path.join(root, 'packaging/man/wharf.1'), 'utf8');
  assert.equal(kept, page,
    'stale: build/dev/wharf help --man > packaging/man/wharf.1');
  for (const name of commands) assert.ok(page.includes(`.SS wharf ${name}\n`));
});

test('the manual page is one that man can read',
  { skip: spawnSync('groff', ['--version']).error ? 'no groff here' : false },
  () => {
    const done = spawnSync('groff', ['-k', '-man', '-Tutf8', '-ww',
      path.join(root, 'packaging/man/wharf.1')], { encoding: 'utf8' });
    assert.equal(done.status, 0);
    assert.equal(done.stderr, '');
  });

test('completion: bash takes it and completes; zsh and fish are there', () => {
  const script = wharf('completion', 'bash').out;
  const done = spawnSync('bash', ['-c', `${script}
    COMP_WORDS=(wharf ver); COMP_CWORD=1; _wharf; echo "\${COMPREPLY[@]}"
    COMP_WORDS=(wharf key --sc); COMP_CWORD=2; _wharf; echo "\${COMPREPLY[@]}"`],
  { encoding: 'utf8' });
  assert.equal(done.stderr, '');
  assert.equal(done.stdout, 'verify version\n--scopes\n');
  assert.match(wharf('completion', 'zsh').out, /^#compdef wharf\n/);
  const fish = wharf('completion', 'fish').out;
  for (const name of commands) assert.ok(fish.includes(` -a ${name} `));
  const odd = wharf('completion', 'cmd');
  assert.equal(odd.code, 2);
});
