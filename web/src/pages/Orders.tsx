// Orders.tsx - the list: filters that live in the address, rows that live.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { api, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { Csv } from '../ui/Csv';
import { dayStart, isMoment, useDay } from '../ui/days';
import { Icon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { useChannels } from '../ui/refs';
import { Badge, Empty, Money, PageHead, ProblemView, Shades, Time } from '../ui/ui';
import { Views } from '../ui/Views';
import { many, say } from '../ui/words';
import { BulkBar, NONE, toggled, useBulkActions } from './jobs/Bulk';
import c from './Orders.module.css';
import { type OrderFilter, type OrderItem, useOrders } from './useOrders';

const STATUSES: Schemas['OrderStatus'][] = [
  'confirmed',
  'pending',
  'draft',
  'completed',
  'cancelled',
];
const PAYMENTS: Schemas['PaymentStatus'][] = [
  'unpaid',
  'pending',
  'partially_authorized',
  'authorized',
  'partially_paid',
  'paid',
  'overpaid',
  'partially_refunded',
  'refunded',
  'voided',
  'disputed',
  'not_required',
];
const FILTERS = ['status', 'payment', 'channel', 'from', 'to'];
const ROW = 45;
const TALL_ROW = 76;
const PHONE = '(max-width: 760px)';
const TYPING_MS = 250;

function filterOf(address: URLSearchParams): OrderFilter {
  const q = address.get('q')?.trim();
  if (q) return { q };
  return {
    status: STATUSES.find((one) => one === address.get('status')),
    payment_status: PAYMENTS.find((one) => one === address.get('payment')),
    channel: address.get('channel') || undefined,
    received_from: dayStart(address.get('from')),
    received_to: dayStart(address.get('to'), 1),
  };
}

function useCounts() {
  return useQuery({
    queryKey: ['counts'],
    queryFn: () => take(api.GET('/v1/orders/counts')),
  });
}

function StatusTabs({ filter, set }: { filter: OrderFilter; set: Set }) {
  const { data } = useCounts();
  const count = (status?: string) =>
    (data?.items ?? [])
      .filter(
        (one) =>
          (!status || one.status === status) && (!filter.channel || one.channel === filter.channel),
      )
      .reduce((sum, one) => sum + one.orders, 0);
  const shown = STATUSES.filter((status) => count(status) > 0 || filter.status === status);
  return (
    <fieldset className={c.tabs}>
      <legend className="sr-only">Status</legend>
      {[undefined, ...shown].map((status) => (
        <button
          key={status ?? 'all'}
          type="button"
          aria-pressed={!filter.q && filter.status === status}
          onClick={() => set({ status: status ?? null, q: null })}
        >
          {status ? say(status) : 'All'}
          {data && <span>{count(status).toLocaleString()}</span>}
        </button>
      ))}
    </fieldset>
  );
}

type Set = (change: Record<string, string | null>) => void;

function Search({
  q,
  set,
  box,
}: {
  q: string;
  set: Set;
  box: React.RefObject<HTMLInputElement | null>;
}) {
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  // Ends with the page: what was typed last must not bring it back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing begins a search
  useEffect(() => {
    if (text.trim() === q) return;
    const later = setTimeout(() => set({ q: text.trim() || null }), TYPING_MS);
    return () => clearTimeout(later);
  }, [text]);
  return (
    <TextInput
      ref={box}
      className={c.search}
      inputMode="search"
      aria-label="Search orders"
      placeholder="Number, name, e-mail, SKU…"
      leftSection={<Icon name="search" size={15} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  );
}

function Day({ label, value, set }: { label: string; value: string; set: (to: string) => void }) {
  const { text, change } = useDay(value, set);
  return (
    <label className={c.day}>
      {label}
      <input
        type="date"
        value={text}
        aria-invalid={text !== '' && !isMoment(text)}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}

function Filters({
  address,
  filter,
  set,
}: {
  address: URLSearchParams;
  filter: OrderFilter;
  set: Set;
}) {
  const channels = useChannels();
  const isSet = FILTERS.some((name) => address.has(name));
  const [isOpen, setOpen] = useState(isSet);
  return (
    <>
      <Button
        className={c.more}
        variant="default"
        size="compact-sm"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        Filters
      </Button>
      <div className={c.filters} data-open={isOpen}>
        <NativeSelect
          aria-label="Payment"
          value={filter.payment_status ?? ''}
          onChange={(event) => set({ payment: event.currentTarget.value || null })}
          data={[
            { value: '', label: 'Any payment' },
            ...PAYMENTS.map((one) => ({ value: one, label: say(one) })),
          ]}
        />
        {channels.all.length > 0 && (
          <NativeSelect
            aria-label="Channel"
            value={filter.channel ?? ''}
            onChange={(event) => set({ channel: event.currentTarget.value || null })}
            data={[
              { value: '', label: 'All channels' },
              ...channels.all.map((one) => ({ value: one.code, label: one.name })),
            ]}
          />
        )}
        <Day
          label="From"
          value={address.get('from') ?? ''}
          set={(day) => set({ from: day || null })}
        />
        <Day label="To" value={address.get('to') ?? ''} set={(day) => set({ to: day || null })} />
        {isSet && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => set(Object.fromEntries(FILTERS.map((name) => [name, null])))}
          >
            Clear
          </Button>
        )}
      </div>
    </>
  );
}

function Row({
  order,
  index,
  isAt,
  isChosen,
  choose,
  top,
}: {
  order: OrderItem;
  index: number;
  isAt: boolean;
  isChosen: boolean;
  choose: (() => void) | undefined;
  top: number;
}) {
  const channels = useChannels();
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      className={c.row}
      data-at={isAt || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={c.choose}>
        {choose && (
          <input
            type="checkbox"
            aria-label={`Choose ${order.number}`}
            checked={isChosen}
            onChange={choose}
          />
        )}
      </span>
      <span role="cell" className={c.number}>
        <Link href={`/orders/${order.id}`} id={`order-${index}`}>
          {order.number}
        </Link>
      </span>
      <span role="cell" className={c.when}>
        <Time at={order.placed_at} />
      </span>
      <span role="cell" className={c.customer}>
        {order.customer || <i>No name</i>}
      </span>
      <span role="cell" className={c.channel}>
        {channels.nameOf(order.channel)}
      </span>
      <span role="cell" className={c.badges}>
        <Badge word={order.status} />
      </span>
      <span role="cell" className={c.badges}>
        <Badge word={order.payment_status} />
      </span>
      <span role="cell" className={c.units}>
        {many(order.units, 'unit')}
        {order.backordered > 0 && (
          <Badge
            word="backordered"
            tone="warn"
            label={`${order.backordered.toLocaleString()} wait`}
          />
        )}
      </span>
      <span role="cell" className={c.total}>
        <Money of={order.total} />
      </span>
    </div>
  );
}

function useIsPhone() {
  const [isPhone, setPhone] = useState(() => window.matchMedia(PHONE).matches);
  useEffect(() => {
    const media = window.matchMedia(PHONE);
    const on = () => setPhone(media.matches);
    media.addEventListener('change', on);
    return () => media.removeEventListener('change', on);
  }, []);
  return isPhone;
}

function List({ filter }: { filter: OrderFilter }) {
  const { items, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useOrders(filter);
  const [, go] = useLocation();
  const [at, setAt] = useState(-1);
  const [margin, setMargin] = useState(0);
  const [choice, setChoice] = useState(NONE);
  const mayChoose = useBulkActions().length > 0;
  const list = useRef<HTMLDivElement>(null);
  const isPhone = useIsPhone();
  const height = isPhone ? TALL_ROW : ROW;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => document.getElementById('main'),
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: margin,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => rows.measure(), [height]);
  const isEmpty = items.length === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these move the list
  useLayoutEffect(() => {
    const main = document.getElementById('main');
    if (list.current && main)
      setMargin(
        list.current.getBoundingClientRect().top -
          main.getBoundingClientRect().top +
          main.scrollTop,
      );
  }, [isEmpty, isPhone, choice.ids.size === 0]);

  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= items.length - 15) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const keys = useMemo(() => {
    const move = (by: number) => {
      const next = Math.max(0, Math.min(items.length - 1, at + by));
      setAt(next);
      rows.scrollToIndex(next, { align: 'auto' });
    };
    const open = (event: KeyboardEvent) => {
      const order = items[at];
      if (order && !(event.target as HTMLElement).closest('a,button,input'))
        go(`/orders/${order.id}`);
    };
    const choose = () => {
      const order = items[at];
      if (order && mayChoose) setChoice((old) => toggled(old, order.id));
    };
    return {
      j: () => move(1),
      k: () => move(-1),
      x: choose,
      Enter: open,
    };
  }, [at, items, rows, go, mayChoose]);
  useKeys(keys);

  if (error && items.length === 0)
    return <ProblemView error={error} retry={() => void refetch()} />;
  if (isPending) return <Shades lines={10} />;
  if (items.length === 0 && !hasNextPage)
    return (
      <Empty title={filter.q ? `No order has “${filter.q}” in it` : 'No orders here'}>
        <p>
          {filter.q
            ? 'Every word must begin a word of the order: its number, a name, an e-mail, a SKU.'
            : 'Orders show up here the moment a channel or a key places them.'}
        </p>
      </Empty>
    );
  return (
    <>
      <BulkBar choice={choice} filter={filter} set={setChoice} />
      <div role="table" aria-label="Orders" aria-rowcount={hasNextPage ? -1 : items.length + 1}>
        <div role="row" className={c.headings}>
          <span role="columnheader" className={c.choose}>
            {mayChoose && (
              <input
                type="checkbox"
                aria-label="Choose all that are read"
                checked={items.length > 0 && items.every((one) => choice.ids.has(one.id))}
                onChange={(event) =>
                  setChoice(
                    event.currentTarget.checked
                      ? { ids: new Set(items.map((one) => one.id)), isAll: false }
                      : NONE,
                  )
                }
              />
            )}
          </span>
          {['Order', 'Placed', 'Customer', 'Channel', 'Status', 'Payment', 'Units', 'Total'].map(
            (name) => (
              <span role="columnheader" key={name}>
                {name}
              </span>
            ),
          )}
        </div>
        <div role="rowgroup" ref={list} className={c.rows} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, key, start }) => {
            const order = items[index];
            return order ? (
              <Row
                key={key}
                order={order}
                index={index}
                isAt={index === at}
                isChosen={choice.isAll || choice.ids.has(order.id)}
                choose={mayChoose ? () => setChoice(toggled(choice, order.id)) : undefined}
                top={start - margin}
              />
            ) : null;
          })}
        </div>
      </div>
    </>
  );
}

export default function Orders() {
  const { can } = useSession();
  const [address, setAddress] = useSearchParams();
  const query = address.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(query)), [query]);
  const box = useRef<HTMLInputElement>(null);
  const set: Set = (change) =>
    setAddress(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(change))
          if (value === null) next.delete(name);
          else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const keys = useMemo(
    () => ({
      '/': (event: KeyboardEvent) => {
        event.preventDefault();
        box.current?.focus();
      },
    }),
    [],
  );
  useKeys(keys);
  return (
    <>
      <PageHead title="Orders">
        <Search q={address.get('q') ?? ''} set={set} box={box} />
        <Button variant="default" component={Link} href="/jobs">
          Jobs
        </Button>
        <Csv
          path={filter.q ? '/v1/orders/search' : '/v1/orders'}
          name="orders"
          filters={filter.q ? { q: filter.q } : { ...filter }}
        />
        {can('orders:write') && (
          <Button component={Link} href="/orders/new">
            New order
          </Button>
        )}
      </PageHead>
      <Views list="orders" path="/orders" all="All orders" share="orders:write" />
      <div className={c.card}>
        <div className={c.tools}>
          <StatusTabs filter={filter} set={set} />
          {filter.q ? (
            <span className={c.note}>
              Searching all orders; filters rest meanwhile.{' '}
              <Button variant="subtle" size="compact-sm" onClick={() => set({ q: null })}>
                End search
              </Button>
            </span>
          ) : (
            <Filters address={address} filter={filter} set={set} />
          )}
        </div>
        <List key={query} filter={filter} />
      </div>
      <p className={c.help}>
        <kbd>j</kbd> <kbd>k</kbd> move, <kbd>x</kbd> chooses, <kbd>Enter</kbd> opens, <kbd>/</kbd>{' '}
        searches
      </p>
    </>
  );
}
