// build.mjs - the dashboard as C: every file packed by brotli and gzip, named
// after its content, in one table (src/net/http.h: struct http_file). What a
// browser loads before each page stands, told and limited, in site.sizes.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = path.join(here, '../build/site');
const packed = path.join(here, '../build/gen/site');
const FIRST_LOAD_BYTES = 200 * 1024;
const PUBLIC_LOAD_BYTES = 20 * 1024;
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function files(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(path.join(dir, entry.name)) : [path.join(dir, entry.name)],
  );
}

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

function pack(file, index) {
  const bytes = readFileSync(file);
  const name = `/${path.relative(dist, file).split(path.sep).join('/')}`;
  const type = TYPES[path.extname(file)];
  if (!type) throw new Error(`${name}: no media type is known for it`);
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  const at = path.join(packed, String(index));
  writeFileSync(`${at}.br`, brotli);
  writeFileSync(`${at}.gz`, gzip);
  return {
    index,
    at,
    type,
    // A page answers for all below its name, the first one for the rest.
    path: name === '/index.html' ? '/' : name.replace(/\.html$/, ''),
    isPage: name.endsWith('.html'),
    etag: digest(bytes),
    size: bytes.length,
    brotli: brotli.length,
    gzip: gzip.length,
  };
}

// The bytes stand in files of their own, which the assembler reads. Their
// digests stand in the text, so that it changes when they do.
function embed(symbol, file) {
  return (
    `__asm__(".section .rodata\\n.balign 16\\n.global ${symbol}\\n.hidden ${symbol}\\n"\n` +
    `        "${symbol}:\\n.incbin \\"${file}\\"\\n.previous\\n");\n` +
    `extern const char ${symbol}[];\n`
  );
}

function row(one) {
  const { index } = one;
  return (
    `    {"${one.path}", "${one.type}", "\\"${one.etag}\\"", ${one.isPage}, ` +
    `${one.path.startsWith('/assets/')}, ${one.size},\n` +
    `     {site_br_${index}, ${one.brotli}}, {site_gz_${index}, ${one.gzip}}},\n`
  );
}

// Brotli bytes of the first load of each page: the document, what it begins
// with, and the page's own.
function firstLoads({ output }, made) {
  const chunks = new Map(output.map((one) => [one.fileName, one]));
  const size = (name) => made.find((one) => one.path === `/${name}`)?.brotli ?? 0;
  const collect = (name, into) => {
    const chunk = chunks.get(name);
    if (!chunk || into.has(name)) return into;
    into.add(name);
    for (const css of chunk.viteMetadata?.importedCss ?? []) into.add(css);
    for (const next of chunk.imports ?? []) collect(next, into);
    return into;
  };
  const scheme = output.find((one) => one.fileName.startsWith('assets/scheme-'));
  const sum = (names, page) => [...names].reduce((n, name) => n + size(name), size(page));
  const entries = output.filter((one) => one.isEntry);
  const entry = entries.find((one) => one.name === 'index');
  const loads = entry.dynamicImports.map((page) => {
    const names = collect(page, collect(entry.fileName, new Set([scheme.fileName])));
    return { page: chunks.get(page).name, bytes: sum(names, ''), max: FIRST_LOAD_BYTES };
  });
  const open = entries
    .filter((one) => one !== entry)
    .map(({ name, fileName }) => ({
      page: name,
      bytes: sum(collect(fileName, new Set()), name),
      max: PUBLIC_LOAD_BYTES,
    }));
  return [...loads, ...open];
}

const output = await build({ root: here, logLevel: 'warn' });
rmSync(packed, { recursive: true, force: true });
mkdirSync(packed, { recursive: true });
const made = files(dist)
  .filter((file) => !file.endsWith('manifest.json'))
  .sort()
  .map(pack);
const loads = firstLoads(output, made).sort((a, b) => b.bytes - a.bytes);
writeFileSync(
  path.join(here, '../build/gen/site.sizes'),
  loads.map((one) => `${one.page} ${one.bytes}\n`).join(''),
);
console.log(`the largest first load: ${loads[0].page}, ${loads[0].bytes} bytes`);
for (const one of loads)
  if (one.bytes > one.max)
    throw new Error(`${one.page}: ${one.bytes} bytes, more than ${one.max}: split it`);

const text =
  '/* Made from web/ by tools/site. */\n#include "app/site.h"\n\n' +
  made
    .map(
      (one) =>
        embed(`site_br_${one.index}`, `${one.at}.br`) +
        embed(`site_gz_${one.index}`, `${one.at}.gz`),
    )
    .join('') +
  `\nstatic const struct http_file files[] = {\n${made.map(row).join('')}};\n` +
  'const struct http_site site_built_in = {files, sizeof files / sizeof *files};\n';
const target = path.join(here, '../build/gen/site.c');
writeFileSync(`${target}.new`, text);
renameSync(`${target}.new`, target);
