// Palette.tsx - what can be done here, pages, orders, parcels, goods and buyers
// by a few letters.

import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useSession } from '../session';
import { type Command, commandsNow } from '../ui/commands';
import { Icon, type IconName } from '../ui/icons';
import { Badge, Money } from '../ui/ui';
import { many } from '../ui/words';
import { type Found, useFound } from './found';
import c from './Palette.module.css';
import { DOORS, PAGES } from './pages';
import { ranked } from './rank';

const PAUSE_MS = 140;
const COMMANDS_SHOWN = 6; // Before anything is typed.

interface Choice {
  id: string;
  icon: IconName;
  name: string;
  about?: ReactNode;
  aside?: ReactNode;
  run: () => void;
}
type Go = (to: string) => void;

function Group({ label, choices }: { label: string; choices: Choice[] }) {
  if (choices.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={label}>
      {choices.map((one) => (
        <Spotlight.Action key={one.id} onClick={one.run} className={c.action}>
          <Icon name={one.icon} size={16} />
          <span className={c.text}>
            <b>{one.name}</b>
            {one.about && <small>{one.about}</small>}
          </span>
          {one.aside}
        </Spotlight.Action>
      ))}
    </Spotlight.ActionsGroup>
  );
}

function choicesOf(found: Found, go: Go): [string, Choice[]][] {
  return [
    [
      'Parcels',
      found.packages.map((one) => ({
        id: one.id,
        icon: 'truck',
        name: one.tracking ?? '',
        about: `Parcel by ${one.carrier}; opens its order`,
        aside: <Badge word={one.state} />,
        run: () => go(`/orders/${one.order_id}`),
      })),
    ],
    [
      'Orders',
      found.orders.map((one) => ({
        id: one.id,
        icon: 'orders',
        name: one.number,
        about: (
          <>
            {one.customer || 'No name'} · {many(one.units, 'unit')} · <Money of={one.total} />
          </>
        ),
        aside: <Badge word={one.status} />,
        run: () => go(`/orders/${one.id}`),
      })),
    ],
    [
      'Goods',
      found.skus.map((one) => ({
        id: one.id,
        icon: 'tag',
        name: one.title,
        about: `${one.code}; opens its stock`,
        run: () => go(`/inventory?sku=${encodeURIComponent(one.code)}`),
      })),
    ],
    [
      'Buyers',
      [
        ...found.customers.map((one) => ({
          id: one.id,
          icon: 'person' as const,
          name: one.name || 'No name',
          about: 'Customer',
          run: () => go(`/customers/${one.id}`),
        })),
        ...found.companies.map((one) => ({
          id: one.id,
          icon: 'firm' as const,
          name: one.name,
          about: 'Company',
          run: () => go(`/companies/${one.id}`),
        })),
      ],
    ],
  ];
}

export function Palette() {
  const [query, setQuery] = useState('');
  const [text] = useDebouncedValue(query.trim(), PAUSE_MS);
  const isChosen = useRef(false);
  const [commands, setCommands] = useState<Command[]>([]);
  const [, navigate] = useLocation();
  const { can } = useSession();
  const found = useFound(text);
  const [entered, setEntered] = useState(''); // What Enter waits for the finds of.
  const isAsked = text.length >= 2;
  const data = isAsked ? found.data : undefined;
  const wanted = query.trim().toLowerCase();
  const leave = (then: () => void) => {
    spotlight.close();
    setQuery('');
    then();
  };
  const go: Go = (to) => leave(() => navigate(to));
  const open = [...PAGES, ...DOORS].filter((page) => can(page.scope));
  const met = wanted
    ? ranked(commands, open, wanted)
    : {
        acts: commands.slice(0, COMMANDS_SHOWN),
        pages: open.filter((page) => page.key),
        isPageFirst: false,
      };
  const acts: Choice[] = met.acts.map((one) => ({
    id: `${one.name} ${one.about}`,
    icon: 'next',
    name: one.name,
    about: one.about,
    run: () => leave(one.run),
  }));
  const pages: Choice[] = met.pages.map((page) => ({
    id: page.path,
    icon: page.icon,
    name: page.title,
    aside: page.key && (
      <span className={c.keys}>
        <kbd>g</kbd> <kbd>{page.key}</kbd>
      </span>
    ),
    run: () => go(page.path),
  }));
  const all: Choice[] = data?.hasMore
    ? [
        {
          id: 'all',
          icon: 'search',
          name: `All orders with “${text}”`,
          run: () => go(`/orders?q=${encodeURIComponent(text)}`),
        },
      ]
    : [];
  const actsGroup: [string, Choice[]] = ['On this page', acts];
  const pagesGroup: [string, Choice[]] = ['Pages', pages];
  const groups: [string, Choice[]][] = [
    ...(met.isPageFirst ? [pagesGroup, actsGroup] : [actsGroup, pagesGroup]),
    ...(data ? choicesOf(data, go) : []),
    ['Further', all],
  ];
  // Enter takes the first of what is found, unless the arrows chose. A scanner's
  // comes at once: it does not mean what was found for the letters before.
  const first = groups.flatMap(([, choices]) => choices)[0];
  const isOld =
    wanted.length >= 2 &&
    (text !== query.trim() || (found.isFetching && (found.isPlaceholderData || !found.data)));
  const waits = isOld && acts.length + pages.length === 0;
  function onKeyDown(event: React.KeyboardEvent) {
    if (event.key.startsWith('Arrow')) isChosen.current = true;
    if (event.key !== 'Enter' || !wanted || isChosen.current) return;
    // Marked as it was typed, when what stood first may have been another.
    document.querySelector('[role="dialog"] [data-selected]')?.removeAttribute('data-selected');
    if (waits) setEntered(query);
    else first?.run();
  }
  useEffect(() => {
    if (entered === '' || waits) return;
    setEntered('');
    if (entered === query) first?.run();
  });
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={(next) => {
        isChosen.current = false;
        setQuery(next);
      }}
      onSpotlightOpen={() => {
        isChosen.current = false;
        setCommands(commandsNow());
      }}
      shortcut={['mod + K']}
      lockScroll={false}
      scrollable
      overlayProps={{ backgroundOpacity: 0.4, blur: 2 }}
      maxHeight={440}
      clearQueryOnClose
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <Spotlight.Search
        placeholder="What to do, where to go, what to find"
        aria-label="Search for pages, orders and parcels"
        onKeyDown={onKeyDown}
        leftSection={<Icon name="search" size={16} />}
      />
      <Spotlight.ActionsList>
        {groups.map(([label, choices]) => (
          <Group key={label} label={label} choices={choices} />
        ))}
        {data && !first && <Spotlight.Empty>Nothing has “{text}” in it.</Spotlight.Empty>}
        {found.isError && isAsked && <Spotlight.Empty>{found.error.message}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
