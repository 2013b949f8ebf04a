// units.test.mjs - what the dashboard works out without a page.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const esbuild = createRequire(path.join(root, 'web/package.json'))('esbuild');

async function load(file) {
  const dir = mkdtempSync(path.join(tmpdir(), 'wharf-units-'));
  try {
    const outfile = path.join(dir, 'unit.mjs');
    await esbuild.build({ entryPoints: [path.join(root, 'web/src', file)],
      bundle: true, format: 'esm', outfile, logLevel: 'error' });
    return await import(outfile);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('a first page read anew keeps the pages behind it', async () => {
  const { mergeFirst } = await load('pages/merge.ts');
  const page = (next, ...ids) => ({ items: ids.map((id) => ({ id })), next });
  const shown = (pages) => pages?.flatMap((p) => p.items.map((i) => i.id)).join('');
  const two = [page('g', 'i', 'h', 'g'), page('d', 'f', 'e', 'd')];
  assert.equal(shown(mergeFirst(two, page('h', 'j', 'i', 'h'))), 'jihgfed');
  // h leaves the filter: the page ends with what the next one begins with.
  assert.equal(shown(mergeFirst(two, page('f', 'i', 'g', 'f'))), 'igfed');
  // The last one leaves, and what was older than all of the page is there.
  assert.equal(shown(mergeFirst(two, page('f', 'j', 'h', 'f'))), 'jhfed');
  const all = mergeFirst([page(null, 'c', 'b', 'a')], page('b', 'd', 'c', 'b'));
  assert.deepEqual([shown(all), all.at(-1).next], ['dcba', null]);
  assert.equal(shown(mergeFirst(two, page(null, 'z'))), 'z');
  // Nothing of the old page is within reach: there is a gap.
  assert.equal(mergeFirst(two, page('x', 'z', 'y', 'x')), undefined);
});

test('a day with an odd year is none, and none that is typed is another one',
  async () => {
    const { momentOf, dayStart } = await load('ui/days.ts');
    for (const odd of ['', '0202-01-05', '0020-01-05', '20226-01-05', '3000-01-05',
      '2026-01', '2026-13-05', 'tomorrow'])
      for (const text of [odd, odd && `${odd}T09:30`]) {
        assert.equal(momentOf(text), null, text);
        assert.equal(dayStart(text), undefined, text);
      }
    assert.equal(momentOf('2026-01-05'), new Date(2026, 0, 5, 12).toISOString());
    assert.equal(momentOf('2026-01-05', '23:59:59'),
      new Date(2026, 0, 5, 23, 59, 59).toISOString());
    assert.equal(momentOf('2026-01-05T09:30'),
      new Date(2026, 0, 5, 9, 30).toISOString());
    assert.equal(dayStart('2026-12-31', 1), new Date(2027, 0, 1).toISOString());
  });

test('what changes is asked for at once, and again, also under load',
  async (t) => {
    const { pace } = await load('api/pace.ts');
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const asked = [];
    const paced = pace((changed) => asked.push(changed.join('')), 600, 900);
    paced.add(['a']);
    assert.deepEqual(asked, ['a']);
    // b changes all the time: a is asked for once more all the same.
    for (let at = 0; at < 9; at++) { t.mock.timers.tick(100); paced.add(['b']); }
    assert.deepEqual(asked, ['a', 'b', 'a']);
    t.mock.timers.tick(300);
    assert.deepEqual(asked, ['a', 'b', 'a', 'b']);
    t.mock.timers.tick(5000);
    assert.deepEqual(asked, ['a', 'b', 'a', 'b', 'b']);
    paced.add(['c']);
    paced.stop();
    t.mock.timers.tick(5000);
    assert.equal(asked.at(-1), 'c');
    assert.equal(asked.length, 6);
  });

test('the last time is asked so long after the last change, whenever that was',
  async (t) => {
    const { pace } = await load('api/pace.ts');
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
    const asked = [];
    const paced = pace(() => asked.push(Date.now()), 400, 400);
    for (let at = 0; at < 5000; at += 50) {
      if (at < 500) paced.add(['a']);
      t.mock.timers.tick(50);
    }
    assert.equal(asked[0], 0);
    assert.ok(asked.length <= 4, `${asked}`);
    assert.equal(asked.at(-1), 450 + 400, `${asked}`);
  });

test('a draft that is changed keeps what its form does not show', async () => {
  const { formOfDraft, bodyOf } = await load('pages/drafts/form.ts');
  const eur = (amount) => ({ amount, currency: 'EUR' });
  const discounts = [{ title: 'ten', amount: eur(100) }];
  const form = formOfDraft({ company_id: null, po_number: null, terms_days: null,
    order: { channel: 'web', currency: 'EUR', tax_mode: 'exclusive',
      lines: [{ sku: 'MUG', title: 'Mug', quantity: 2, unit_price: eur(900),
        discounts, tax_lines: [], total: eur(1700), attrs: { engraved: 'Ada' } }],
      shipping_lines: [{ title: 'Express', price: eur(490), tax_lines: [] },
        { title: 'Insurance', price: eur(100), tax_lines: [] }],
      fees: [{ title: 'Gift', amount: eur(200), tax_lines: [] }],
      totals: { total: eur(2490) }, incoterm: 'DDP' } });
  form.lines[0].quantity = '3';
  form.shipping = '5.90';
  const wanted = { channel: 'web', incoterm: 'DDP',
    fees: [{ title: 'Gift', amount: eur(200) }],
    lines: [{ sku: 'MUG', title: 'Mug', quantity: 3, unit_price: eur(900),
      discounts, attrs: { engraved: 'Ada' } }],
    shipping_lines: [{ title: 'Express', price: eur(590) },
      { title: 'Insurance', price: eur(100) }] };
  assert.deepEqual(bodyOf(form, 'EUR'), wanted);
  form.shipping = '';
  assert.deepEqual(bodyOf(form, 'EUR').shipping_lines, [wanted.shipping_lines[1]]);
});

test('rows of a CSV file are counted, not its lines', async () => {
  const { countRows } = await load('ui/rows.ts');
  assert.equal(countRows('a,b\n1,2\n'), 2);
  assert.equal(countRows('a,b\n1,"two\nlines, ""said""\n"\n3,4\n'), 3);
  assert.equal(countRows(''), 0);
});

test('a search goes on where a page of it is empty, and stops with enough',
  async () => {
    const { some } = await load('ui/some.ts');
    const asked = [];
    const read = (pages) => async (limit, after) => {
      asked.push([limit, after]);
      return pages.shift();
    };
    const found = await some(3, read([{ items: [], next: 'a' },
      { items: [1], next: 'b' }, { items: [2, 3], next: 'c' }, null]));
    assert.deepEqual(found, { items: [1, 2, 3], next: 'c' });
    assert.deepEqual(asked, [[3, undefined], [3, 'a'], [2, 'b']]);
    assert.deepEqual(await some(3, read([{ items: [1], next: null }])),
      { items: [1], next: null });
    // It does not go on for ever.
    let calls = 0;
    await some(1, async () => ({ items: [], next: String(++calls) }));
    assert.equal(calls, 40);
  });

test('Enter in the palette goes to the page of that name', async () => {
  const { ranked } = await load('shell/rank.ts');
  const acts = [{ name: 'CSV', about: 'Orders' }, { name: 'Save', about: 'Orders' },
    { name: 'Return…', about: 'Returns' }, { name: 'Returns', about: 'DE-1' }];
  const pages = ['Orders', 'Purchase orders', 'Returns', 'Reports'].map((title) =>
    ({ title }));
  const told = (wanted) => {
    const { acts: met, pages: to, isPageFirst } = ranked(acts, pages, wanted);
    return [isPageFirst, met.map((one) => one.name), to.map((one) => one.title)];
  };
  // An act that only stands on a page of that name is not meant.
  assert.deepEqual(told('ord'),
    [true, ['CSV', 'Save'], ['Orders', 'Purchase orders']]);
  // An act of that name is, unless a page is named just so.
  assert.deepEqual(told('ret'), [false, ['Return…', 'Returns'], ['Returns']]);
  assert.deepEqual(told('returns'), [true, ['Returns', 'Return…'], ['Returns']]);
  assert.deepEqual(told('csv'), [false, ['CSV'], []]);
  assert.deepEqual(told('csv orders'), [false, ['CSV'], []]);
});
