import { createTheme } from '@mantine/core';

// Also read by vite.config.ts, which makes the CSS variables of it.
export const theme = createTheme({
  primaryColor: 'harbor',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: {
    harbor: [
      '#e9f6f9',
      '#d5eaf0',
      '#a8d4e0',
      '#79bdcf',
      '#4fa6bd',
      '#2f90aa',
      '#1a7c96',
      '#0b6780',
      '#07566b',
      '#044556',
    ],
    dark: [
      '#e6e9ec',
      '#b9c0c7',
      '#98a1aa',
      '#6d7781',
      '#414a53',
      '#323a42',
      '#242b32',
      '#1a2026',
      '#13181d',
      '#0d1115',
    ],
  },
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  headings: { fontWeight: '600' },
});
