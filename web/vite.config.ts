import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { theme } from './src/theme';

const here = fileURLToPath(new URL('.', import.meta.url));

// Mantine writes its variables into a <style>, which our policy forbids: here
// they become part of the style sheet.
function mantineVariables(): Plugin {
  const id = 'virtual:mantine-variables.css';
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  return {
    name: 'mantine-variables',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (source) =>
      source === `\0${id}`
        ? convertCssVariables(defaultCssVariablesResolver(merged), ':root')
        : undefined,
  };
}

// Light or dark before the first paint: a script, and a file, since nothing
// may stand inline.
function schemeScript(): Plugin {
  const source = readFileSync(new URL('./src/scheme.js', import.meta.url), 'utf8');
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 8);
  const fileName = `assets/scheme-${digest}.js`;
  return {
    name: 'scheme-script',
    apply: 'build',
    // The pages of buyers ask the system alone, by their style sheet.
    transformIndexHtml: (_html, { filename }) =>
      filename.endsWith('index.html')
        ? [{ tag: 'script', attrs: { src: `/${fileName}` }, injectTo: 'head-prepend' }]
        : [],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

export default defineConfig({
  plugins: [react(), mantineVariables(), schemeScript()],
  build: {
    outDir: '../build/site',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: ['index', 'track', 'return', 'q'].map((name) => `${here}${name}.html`),
    },
  },
  // `npm run dev` beside a running `wharf serve`, which takes a change only from
  // a page of its own host.
  server: {
    proxy: {
      '/v1': { target: process.env.WHARF_URL ?? 'http://127.0.0.1:8080', changeOrigin: false },
    },
  },
});
