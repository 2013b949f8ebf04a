// refs.ts - names of what other things point to by id: locations, channels.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, take } from '../api/client';
import { useSession } from '../session';

const FRESH_MS = 5 * 60_000;
const PAGE = 250;
const PAGES_MAX = 8;

// All of them; 2,000 at most.
export async function whole<T>(
  page: (after?: string) => Promise<{ items: T[]; next: string | null }>,
) {
  const items: T[] = [];
  let after: string | undefined;
  for (let i = 0; i < PAGES_MAX; i++) {
    const got = await page(after);
    items.push(...got.items);
    if (got.next === null) break;
    after = got.next;
  }
  return items;
}

export function useLocations() {
  const { can } = useSession();
  const { data } = useQuery({
    queryKey: ['locations'],
    staleTime: FRESH_MS,
    enabled: can('inventory:read'),
    queryFn: () =>
      whole((after) =>
        take(api.GET('/v1/locations', { params: { query: { limit: PAGE, after } } })),
      ),
  });
  return useMemo(() => {
    const byId = new Map((data ?? []).map((one) => [one.id as string, one]));
    return { all: data ?? [], nameOf: (id: string) => byId.get(id)?.name ?? id };
  }, [data]);
}

export function useChannels() {
  const { can } = useSession();
  const { data } = useQuery({
    queryKey: ['channels'],
    staleTime: FRESH_MS,
    enabled: can('channels:read'),
    queryFn: () =>
      whole((after) =>
        take(api.GET('/v1/channels', { params: { query: { limit: PAGE, after } } })),
      ),
  });
  return useMemo(() => {
    const byCode = new Map((data ?? []).map((one) => [one.code as string, one]));
    return { all: data ?? [], nameOf: (code: string) => byCode.get(code)?.name ?? code };
  }, [data]);
}
