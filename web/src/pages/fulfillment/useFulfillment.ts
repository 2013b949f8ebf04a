// useFulfillment.ts - what the pages of the warehouse ask for and send.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';

export type Fo = Schemas['FulfillmentOrder'];
export type FoStatus = Schemas['FulfillmentStatus'];
export type PickTask = Schemas['PickTask'];
export type PickHead = Schemas['PickTaskHead'];
export type Package = Schemas['Package'];

const PAGE = 25;

export function useFoCounts() {
  return useQuery({
    queryKey: ['fulfillment', 'counts'],
    queryFn: () => take(api.GET('/v1/fulfillment-orders/counts')),
  });
}

// What waits longest, first; of what is over, the latest.
export function useFos(location: string, status: FoStatus) {
  const isOver = status === 'closed' || status === 'cancelled';
  return useInfiniteQuery({
    queryKey: ['fulfillment', 'list', location, status],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/fulfillment-orders', {
          params: {
            query: {
              status,
              location: location || undefined,
              sort: isOver ? 'newest' : 'oldest',
              limit: PAGE,
              after: pageParam,
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useFo(id: string) {
  return useQuery({
    queryKey: ['fulfillment', 'one', id],
    queryFn: () => take(api.GET('/v1/fulfillment-orders/{id}', { params: { path: { id } } })),
  });
}

export function useFoPackages(fo: string) {
  const { can } = useSession();
  return useQuery({
    queryKey: ['packages', 'fo', fo],
    enabled: can('shipping:read'),
    queryFn: () =>
      take(api.GET('/v1/packages', { params: { query: { fulfillment_order: fo, limit: 250 } } })),
  });
}

export function useFoPicks(fo: string) {
  return useQuery({
    queryKey: ['picks', 'fo', fo],
    queryFn: () =>
      take(api.GET('/v1/pick-tasks', { params: { query: { fulfillment_order: fo, limit: 50 } } })),
  });
}

export const sum = (fo: Fo, of: 'quantity' | 'picked' | 'packed' | 'shipped') =>
  fo.lines.reduce((n, line) => n + line[of], 0);

export const isLive = (state: Schemas['PickState']) =>
  state === 'created' || state === 'assigned' || state === 'picking';
