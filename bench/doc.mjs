// doc.mjs - labels a second, and ten thousand of them in one file.
import { figure, finish, run, scale } from './lib.mjs';

const labels = Math.max(1, Math.round(10000 * scale));
const { out } = await run('bench_doc', [String(labels)]);
const found = Object.fromEntries(out.trim().split('\n').map((line) => line.split('=')));
for (const [key, value] of Object.entries(found)) figure(key, value);
finish('make bench-doc', [
  ['labels_pdf_peak_mib', Number(found.labels_pdf_peak_mib) <= 128, '128 MiB'],
]);
