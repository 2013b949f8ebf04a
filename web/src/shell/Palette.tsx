// Palette.tsx - pages, orders, parcels and stock by a few letters.

import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { Icon } from '../ui/icons';
import { Badge, Money } from '../ui/ui';
import { many } from '../ui/words';
import c from './Palette.module.css';
import { PAGES } from './pages';

const PAUSE_MS = 140;
const SHOWN = 8;
const TRACKING = /^[A-Za-z0-9-]{8,64}$/;

interface Found {
  orders: Schemas['OrderItem'][];
  packages: Schemas['Package'][];
  hasMore: boolean;
}

function useFound(text: string) {
  const { can } = useSession();
  return useQuery({
    queryKey: ['found', text],
    enabled: text.length >= 2 && can('orders:read'),
    placeholderData: keepPreviousData,
    queryFn: async (): Promise<Found> => {
      const isTracking = can('shipping:read') && TRACKING.test(text) && /\d{4}/.test(text);
      const [orders, packages] = await Promise.all([
        take(api.GET('/v1/orders/search', { params: { query: { q: text, limit: SHOWN } } })),
        isTracking
          ? take(api.GET('/v1/packages', { params: { query: { tracking: text, limit: 3 } } }))
          : { items: [] },
      ]);
      return { orders: orders.items, packages: packages.items, hasMore: orders.next !== null };
    },
  });
}

function OrderAction({ order, go }: { order: Schemas['OrderItem']; go: (to: string) => void }) {
  return (
    <Spotlight.Action onClick={() => go(`/orders/${order.id}`)} className={c.action}>
      <Icon name="orders" size={16} />
      <span className={c.text}>
        <b>{order.number}</b>
        <small>
          {order.customer || 'No name'} · {many(order.units, 'unit')} · <Money of={order.total} />
        </small>
      </span>
      <Badge word={order.status} />
    </Spotlight.Action>
  );
}

function PackageAction({ of, go }: { of: Schemas['Package']; go: (to: string) => void }) {
  return (
    <Spotlight.Action onClick={() => go(`/orders/${of.order_id}`)} className={c.action}>
      <Icon name="truck" size={16} />
      <span className={c.text}>
        <b>{of.tracking}</b>
        <small>Parcel by {of.carrier}; opens its order</small>
      </span>
      <Badge word={of.state} />
    </Spotlight.Action>
  );
}

export function Palette() {
  const [query, setQuery] = useState('');
  const [text] = useDebouncedValue(query.trim(), PAUSE_MS);
  const [, navigate] = useLocation();
  const { can } = useSession();
  const found = useFound(text);
  const isAsked = text.length >= 2;
  const data = isAsked ? found.data : undefined;
  const wanted = query.trim().toLowerCase();
  const pages = PAGES.filter(
    (page) => can(page.scope) && page.title.toLowerCase().includes(wanted),
  );
  const go = (to: string) => {
    spotlight.close();
    setQuery('');
    navigate(to);
  };
  // Enter takes the first of what is found, unless the arrows chose.
  const parcel = data?.packages[0]?.order_id ?? data?.orders[0]?.id;
  const first = pages[0]?.path ?? (parcel && `/orders/${parcel}`);
  function onKeyDown(event: React.KeyboardEvent) {
    if (event.key !== 'Enter' || !wanted || !first) return;
    if (!document.querySelector('[role="dialog"] [data-selected]')) go(first);
  }
  const isNothing =
    pages.length === 0 && isAsked && data && data.orders.length + data.packages.length === 0;

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      lockScroll={false}
      scrollable
      overlayProps={{ backgroundOpacity: 0.4, blur: 2 }}
      maxHeight={440}
      clearQueryOnClose
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <Spotlight.Search
        placeholder="Order number, e-mail, name, SKU, tracking number or page"
        aria-label="Search for pages, orders and parcels"
        onKeyDown={onKeyDown}
        leftSection={<Icon name="search" size={16} />}
      />
      <Spotlight.ActionsList>
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {pages.map((page) => (
              <Spotlight.Action key={page.path} onClick={() => go(page.path)} className={c.action}>
                <Icon name={page.icon} size={16} />
                <span className={c.text}>
                  <b>{page.title}</b>
                </span>
                <span className={c.keys}>
                  <kbd>g</kbd> <kbd>{page.key}</kbd>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {data && data.packages.length > 0 && (
          <Spotlight.ActionsGroup label="Parcels">
            {data.packages.map((one) => (
              <PackageAction key={one.id} of={one} go={go} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {data && data.orders.length > 0 && (
          <Spotlight.ActionsGroup label="Orders">
            {data.orders.map((order) => (
              <OrderAction key={order.id} order={order} go={go} />
            ))}
            {data.hasMore && (
              <Spotlight.Action
                onClick={() => go(`/orders?q=${encodeURIComponent(text)}`)}
                className={c.action}
              >
                <Icon name="search" size={16} />
                <span className={c.text}>
                  <b>All orders with “{text}”</b>
                </span>
              </Spotlight.Action>
            )}
          </Spotlight.ActionsGroup>
        )}
        {isNothing && <Spotlight.Empty>Nothing has “{text}” in it.</Spotlight.Empty>}
        {found.isError && isAsked && <Spotlight.Empty>{found.error.message}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
