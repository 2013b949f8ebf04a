// useOrders.ts - pages of orders, newest first, kept as they change.
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { api, type Schemas, take } from '../api/client';
import { type LiveEvent, useLiveEvents } from '../api/live';
import { pace } from '../api/pace';
import { mergeFirst, type Page } from './merge';

export type OrderItem = Schemas['OrderItem'];
export interface OrderFilter {
  q?: string;
  status?: Schemas['OrderStatus'];
  payment_status?: Schemas['PaymentStatus'];
  channel?: string;
  received_from?: string;
  received_to?: string;
}
type Cursor = string | undefined;
type Pages = InfiniteData<Page<OrderItem>, Cursor>;

const LIMIT = 50;
const QUIET_MS = 500;
const LATER_MS = 900;

function fetchPage({ q, ...filter }: OrderFilter, after: Cursor): Promise<Page<OrderItem>> {
  if (q)
    return take(api.GET('/v1/orders/search', { params: { query: { q, limit: LIMIT, after } } }));
  return take(api.GET('/v1/orders', { params: { query: { ...filter, limit: LIMIT, after } } }));
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
      const isStale = (page: Page<OrderItem>, i: number) =>
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
        const merged = mergeFirst([...now.pages.slice(0, 1), ...fresh.slice(1)], first);
        // Too much is new for the pages to meet: begin at the top.
        const pages = merged ?? [first];
        return { pages, pageParams: now.pageParams.slice(0, pages.length) };
      });
    },
    [queries, key, filter],
  );

  const paced = useMemo(
    () => pace<string>((changed) => void refresh(new Set(changed)), QUIET_MS, LATER_MS),
    [refresh],
  );
  useEffect(() => () => paced.stop(), [paced]);
  const onEvents = useCallback(
    (events: LiveEvent[], hasGap: boolean) => {
      const ours = events.filter((event) => event.subject.kind === 'order');
      // A gap has no id; the first page is read anew in any case.
      const changed = ours.map((event) => event.subject.id ?? '');
      if (changed.length > 0 || hasGap) paced.add(hasGap ? ['', ...changed] : changed);
    },
    [paced],
  );
  useLiveEvents(onEvents);

  const items = useMemo(() => {
    const seen = new Set<string>();
    return (query.data?.pages ?? [])
      .flatMap((page) => page.items)
      .filter((item) => !seen.has(item.id) && seen.add(item.id));
  }, [query.data]);
  return { ...query, items };
}
