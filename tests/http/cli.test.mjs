// The command line itself: lists, pages, options, exit codes.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { bin } from './lib/server.mjs';

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
    for (const [option] of examples.matchAll(/--[a-z-]+/g))
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
