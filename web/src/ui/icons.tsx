// icons.tsx - line drawings on a grid of 24, in the colour of the text.
const PATHS = {
  home: 'M3 11.5 12 4l9 7.5M5.5 9.5V20h13V9.5M10 20v-5.5h4V20',
  orders: 'M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  boxes: 'M12 3 4 7v10l8 4 8-4V7zM4 7l8 4 8-4M12 11v10',
  shelf: 'M4 3v18M20 3v18M4 9h16M4 17h16M7 9V5.5h4V9M13 17v-4h4v4',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 20 20',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6',
  people:
    'M9 5a3.4 3.4 0 1 1 0 6.8A3.4 3.4 0 0 1 9 5ZM2.5 19.5c.5-3.4 3-5 6.5-5s6 1.6 6.5 5M15.5 5.5a3.2 3.2 0 0 1 0 6M17.5 14.8c2.3.6 3.6 2.1 4 4.7',
  tag: 'M4 4h8l8.5 8.5-8 8L4 12zM8 8h.01',
  store: 'M4 9.5 5.5 4h13L20 9.5M4 9.5h16M5.5 9.5V20h13V9.5M10 20v-6h4v6',
  firm: 'M4.5 20.5v-16h9v16M13.5 9h6v11.5M3 20.5h18M7.5 8h3M7.5 11.5h3M7.5 15h3M16.5 12.5h.01M16.5 16h.01',
  book: 'M12 6.5C10 5 7 4.5 4 4.5v14c3 0 6 .5 8 2 2-1.5 5-2 8-2v-14c-3 0-6 .5-8 2ZM12 6.5v14',
  coins:
    'M9 4.5c3 0 5.5 1 5.5 2.5S12 9.5 9 9.5 3.5 8.5 3.5 7 6 4.5 9 4.5ZM3.5 7v9c0 1.5 2.5 2.5 5.5 2.5M14.5 7v3M15 11c3 0 5.5 1 5.5 2.5S18 16 15 16s-5.5-1-5.5-2.5S12 11 15 11ZM9.5 13.5v4c0 1.5 2.5 2.5 5.5 2.5s5.5-1 5.5-2.5v-4',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4',
  key: 'M8 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 12h9M17 12v3.5M20.5 12v2.5',
  leave: 'M14 4h5v16h-5M3.5 12H15M11 8l4 4-4 4',
  back: 'M19 12H5M11 6l-6 6 6 6',
  next: 'M9 5l7 7-7 7',
  copy: 'M8 8h12v12H8zM4 16V4h12',
  chart: 'M4 20h16M7 20v-7M12 20V5M17 20v-10',
  label: 'M3.5 5h17v14h-17zM7 8.5v7M10 8.5v7M12.5 8.5v7M17 8.5v7',
  pin: 'M12 21s-7-6.4-7-11.5a7 7 0 0 1 14 0C19 14.6 12 21 12 21ZM12 7.2a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2Z',
  gauge: 'M4 17a8 8 0 1 1 16 0M12 17l4-5M12 17h.01',
  swap: 'M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4',
  more: 'M5.2 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0M11.2 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0M17.2 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0',
  basket: 'M3.5 10h17l-2 10h-13zM8 10l3-6M16 10l-3-6M9.5 13.5v3M14.5 13.5v3',
  check: 'M4.5 12.5 10 18 19.5 7',
  truck:
    'M2.5 6h11v10h-11zM13.5 10h4l4 3.5V16h-8M7 18.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM17 18.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
