// Documents are read back by programs that are not ours: pdftotext for every
// name in its script, zbarimg for every barcode, another ZPL interpreter for
// what a printer would print.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { bin } from './lib/server.mjs';

const run = promisify(execFile);
const samples = path.join(path.dirname(bin), 'doc_samples');
const names = {
  latin: ['Zoë Ångström-Müller', '1600 Amphitheatre Parkway', 'UNITED STATES'],
  polish: ['Łukasz Wiśniewski', 'Księgarnia Żółw i Gęś', 'ul. Świętojańska 12/3'],
  cyrillic: ['Олександра Шевченко', 'вулиця Хрещатик, 22, кв. 14', 'Київ'],
  greek: ['Γιώργος Παπαδόπουλος', 'Λεωφόρος Βασιλίσσης Σοφίας 12', 'Αθήνα'],
  arabic: ['محمد بن عبد الله', 'شارع الملك فهد', 'الرياض'],
  hebrew: ['יעל כהן', 'רחוב דיזנגוף', 'תל אביב'],
  devanagari: ['अनुष्का क्षत्रिय', 'महात्मा गांधी मार्ग', 'नई दिल्ली'],
  thai: ['สมชาย ใจดี', 'กรุงเทพมหานคร'],
  japanese: ['山田 太郎 様', '株式会社ワーフ商事', '東京都千代田区', '丸の内1丁目9番1号'],
  chinese: ['王小明', '浦东新区世纪大道100号', '上海市'],
  korean: ['김민수', '세종대로 110', '서울특별시중구'],
  escapes: ["^XA~JA_5E \\& >; O'Neil", '^FDx^FS 1 Very Long Street Name'],
};
const codes = [
  'CODE-128:00340123450000000017',
  'CODE-128:WL123456789012DE',
  'QR-Code:https://track.example.com/t/Zk3q9x7Lw2PbN8sT',
];
let dir;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'wharf-docs-'));
  await run(samples, [dir]);
});
after(() => rm(dir, { recursive: true, force: true }));

// Without marks of direction and with one kind of blank.
const plain = (text) =>
  text.normalize('NFC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').replace(/\s+/g, ' ');

async function textOf(name) {
  const { stdout } = await run('pdftotext', ['-enc', 'UTF-8', path.join(dir, name), '-']);
  return plain(stdout);
}
async function codesOf(image) {
  const { stdout } = await run('zbarimg', ['-q', '--nodbus', path.join(dir, image)]);
  return stdout.trim().split('\n').sort();
}
// At the resolution of a thermal printer, in black and white.
async function pictureOf(name, page = 1) {
  const to = `${name}.${page}`;
  await run('pdftoppm', ['-r', '203', '-mono', '-f', page, '-l', page, '-singlefile',
    path.join(dir, name), path.join(dir, to)]);
  return `${to}.pbm`;
}

for (const [script, wanted] of Object.entries(names)) {
  test(`a label in ${script} reads as written`, async () => {
    const text = await textOf(`label_${script}.pdf`);
    for (const name of wanted) assert.ok(text.includes(plain(name)), `${name} in: ${text}`);
    assert.deepEqual(await codesOf(await pictureOf(`label_${script}.pdf`)), codes);
  });
}

test('labels in ZPL print the same codes', async () => {
  const { api } = await createRequire(import.meta.url)('zpl-renderer-js').ready;
  for (const script of ['latin', 'arabic', 'japanese', 'escapes']) {
    const zpl = await readFile(path.join(dir, `label_${script}.zpl`), 'utf8');
    const png = await api.zplToBase64Async(zpl, 101.6, 152.4, 8);
    await writeFile(path.join(dir, `${script}.png`), Buffer.from(png, 'base64'));
    assert.deepEqual(await codesOf(`${script}.png`), codes, script);
  }
});

test('a label of few facts is whole', async () => {
  assert.match(await textOf('label_bare.pdf'), /RETURN TO .*TRACKING NUMBER.*00012345678905/);
  assert.deepEqual(await codesOf(await pictureOf('label_bare.pdf')), ['CODE-128:00012345678905']);
});

const papers = {
  packing_slip: {
    words: ['Packing slip', 'Anna-Sophie Žáčková', 'Engraving: Für Žofie, 22. 11. 2026', 'LOCKET-R-925',
      'Lot: L-2031, best before 2027-04-01', 'SN-005478-0059', 'Alles Gute zum Geburtstag, liebe Žofie! 🎂',
      '— Jürgen & 家族', '64 units in this package', 'page 1 of 1'],
    not: ['EUR'],
    codes: ['CODE-128:pkg_01hq8m3x5t7v9', 'QR-Code:https://track.example.com/t/Zk3q9x7Lw2PbN8sT'],
  },
  packing_slip_prices: { words: ['89.00 EUR', '12,345.00 EUR'], not: ['Alles Gute'] },
  pick_list: {
    words: ['Wave 12, 5 orders', '308 units, 24 lines', 'Take lot L-2031', 'Engraving: Für Žofie', 'page 2 of 2'],
    codes: ['CODE-128:PT-2026-0412', 'CODE-128:TEA-1000-250', 'CODE-128:4006381333931'],
  },
  manifest: {
    words: ['WL123456789012DE', 'WL123456789081DE', '210.455 kg', 'Received for the carrier', 'page 3 of 3'],
    codes: ['CODE-128:MF-2026-11-22-01'],
  },
  commercial_invoice: {
    words: ['Commercial invoice', '山田 太郎 様', 'EORI DE123456789012345', 'DDP', '7113.11.00', '95.40 EUR',
      '244.10 EUR', '271.60 EUR', '2.35 kg', 'Sale of goods'],
  },
  cn22: { words: ['CN 22', '12 × Linen tea towel', '6302.91', '244.10 EUR', 'Gift / Cadeau'],
    codes: ['CODE-128:WL123456789012DE'] },
  cn23: { words: ['CN 23', '東京都千代田区', '0902 30 00', '24.50 EUR', 'Jürgen Petersen'],
    codes: ['CODE-128:WL123456789012DE'] },
  return: { words: ['Please send it by 2026-12-22.', 'Cut out the label', 'Linen tea towel 茶巾', 'RETURN TO'],
    codes: ['CODE-128:RMA-2026-0099', 'CODE-128:WL000000000099DE'] },
};
for (const [name, paper] of Object.entries(papers)) {
  test(`${name} reads as its facts`, async () => {
    const text = await textOf(`${name}.pdf`);
    for (const word of paper.words) assert.ok(text.includes(plain(word)), `${word} in: ${text}`);
    for (const word of paper.not ?? []) assert.ok(!text.includes(word), `${word} in: ${text}`);
    if (!paper.codes) return;
    const found = await codesOf(await pictureOf(`${name}.pdf`));
    for (const code of paper.codes) assert.ok(found.includes(code), `${code} in: ${found}`);
  });
}

test('lines of a pick list stand in the order they came in, that of the walk', async () => {
  const { stdout } = await run('pdftotext', ['-layout', path.join(dir, 'pick_list.pdf'), '-']);
  const bins = [...stdout.matchAll(/\bA-0\d-\d+\b|no bin/g)].map(([bin]) => bin);
  const came = Array.from({ length: 24 }, (_, i) => (i * 7) % 24)
    .map((n, i) => (i === 9 ? 'no bin' : `A-0${Math.floor(n / 6) + 1}-${(n % 6) * 2}`));
  assert.deepEqual(bins, came);
});

test('no page has a font that is not in the file', async () => {
  for (const file of (await readdir(dir)).filter((f) => f.endsWith('.pdf'))) {
    const { stdout } = await run('pdffonts', [path.join(dir, file)]);
    for (const line of stdout.trim().split('\n').slice(2))
      assert.match(line, / yes +yes +yes +\d+ +\d+$/, `${file}: embedded, subset, unicode`);
  }
});

test('a second run writes the same bytes', async () => {
  const again = await mkdtemp(path.join(tmpdir(), 'wharf-docs-'));
  await run(samples, [again]);
  for (const file of (await readdir(again)).sort())
    assert.ok((await readFile(path.join(dir, file))).equals(await readFile(path.join(again, file))), file);
  await rm(again, { recursive: true, force: true });
});
