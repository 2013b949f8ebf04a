// useOrders.ts - pages of orders, newest first, kept as they change.
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { api, type Schemas, take } from '../api/client';
import { type LiveEvent, useLiveEvents } from '../api/live';

export type OrderItem = Schemas['OrderItem'];
export interface OrderFilter {
  q?: string;
  status?: Schemas['OrderStatus'];
  payment_status?: Schemas['PaymentStatus'];
  channel?: string;
  received_from?: string;
  received_to?: string;
}
interface Page {
  items: OrderItem[];
  next: string | null;
}
type Cursor = string | undefined;
type Pages = InfiniteData<Page, Cursor>;

const LIMIT = 50;
const QUIET_MS = 500;
const LATER_MS = 900;

function fetchPage({ q, ...filter }: OrderFilter, after: Cursor): Promise<Page> {
  if (q)
    return take(api.GET('/v1/orders/search', { params: { query: { q, limit: LIMIT, after } } }));
  return take(api.GET('/v1/orders', { params: { query: { ...filter, limit: LIMIT, after } } }));
}

// What a page shows now, before what has only moved down since it was read.
// Undefined where nothing of the old page is left: then there is a gap.
export function mergeFirst(old: OrderItem[], fresh: Page): Page | undefined {
  const last = fresh.items.at(-1);
  if (!last || fresh.next === null) return fresh;
  const at = old.findIndex((item) => item.id === last.id);
  if (at >= 0) {
    const rest = old.slice(at + 1);
    return { items: [...fresh.items, ...rest], next: fresh.next };
  }
  return undefined;
}

export function useOrders(filter: OrderFilter) {
  const queries = useQueryClient();
  const key = useMemo(() => ['orders', filter], [filter]);
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as Cursor,
    queryFn: ({ pageParam }) => fetchPage(filter, pageParam),
    getNextPageParam: (page) => page.next ?? undefined,
  });

  const refresh = useCallback(
    async (changed: Set<string>) => {
      const before = queries.getQueryData<Pages>(key);
      if (!before) return;
      const isStale = (page: Page, i: number) =>
        i === 0 || page.items.some((item) => changed.has(item.id));
      const fresh = await Promise.all(
        before.pages.map((page, i) =>
          isStale(page, i) ? fetchPage(filter, before.pageParams[i]).catch(() => page) : page,
        ),
      );
      queries.setQueryData<Pages>(key, (now) => {
        if (!now || now.pages.length !== fresh.length) return now;
        const first = fresh[0];
        if (!first || first === now.pages[0]) return now;
        const merged = mergeFirst(now.pages[0]?.items ?? [], first);
        // Too much is new for the pages to meet: begin at the top.
        if (!merged) return { pages: [first], pageParams: [undefined] };
        return { ...now, pages: [merged, ...fresh.slice(1)] };
      });
    },
    [queries, key, filter],
  );

  const changed = useRef(new Set<string>());
  const timers = useRef<{ quiet?: number; later?: number }>({});
  const onEvents = useCallback(
    (events: LiveEvent[], hasGap: boolean) => {
      const ours = events.filter((event) => event.subject.kind === 'order');
      if (ours.length === 0 && !hasGap) return;
      for (const event of ours) if (event.subject.id) changed.current.add(event.subject.id);
      const run = () => {
        timers.current.quiet = undefined;
        const ids = changed.current;
        changed.current = new Set();
        void refresh(ids);
        // The list follows the log by a moment.
        window.clearTimeout(timers.current.later);
        timers.current.later = window.setTimeout(() => void refresh(ids), LATER_MS);
      };
      timers.current.quiet ??= window.setTimeout(run, hasGap ? 0 : QUIET_MS / 4);
    },
    [refresh],
  );
  useLiveEvents(onEvents);
  useEffect(() => {
    const held = timers.current;
    return () => {
      window.clearTimeout(held.quiet);
      window.clearTimeout(held.later);
      held.quiet = undefined;
    };
  }, []);

  const items = useMemo(() => {
    const seen = new Set<string>();
    return (query.data?.pages ?? [])
      .flatMap((page) => page.items)
      .filter((item) => !seen.has(item.id) && seen.add(item.id));
  }, [query.data]);
  return { ...query, items };
}
