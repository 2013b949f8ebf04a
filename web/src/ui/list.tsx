// list.tsx - a list that is read page by page: what it holds, and how to go on.
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Empty, look, ProblemView, Shades } from './ui';
import { many } from './words';

interface Page<T> {
  items: T[];
  next: string | null;
}

const EMPTY_MOST = 20;

export function useList<T>(key: string[], read: (after?: string) => Promise<Page<T>>) {
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => read(pageParam),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = (query.data?.pages ?? []).flatMap((page) => page.items);
  // A search that found nothing so far goes on by itself, for a while.
  const isInVain = items.length === 0 && query.hasNextPage;
  const isEnough = (query.data?.pages.length ?? 0) % EMPTY_MOST === 0;
  const isToGoOn = isInVain && !isEnough && !query.isFetching && !query.isError;
  const { fetchNextPage } = query;
  useEffect(() => {
    if (isToGoOn) void fetchNextPage();
  }, [isToGoOn, fetchNextPage]);
  const isAtRest = isInVain && isEnough && !query.isFetching;
  return { query, items, isAtRest };
}

export function Table<T>({
  of: { query, items, isAtRest },
  noun,
  nouns,
  heads,
  row,
  empty,
  hint,
}: {
  of: ReturnType<typeof useList<T>>;
  noun: string;
  nouns?: string;
  heads: [string, string?][];
  row: (item: T) => ReactNode;
  empty: string;
  hint?: string;
}) {
  if (query.error && items.length === 0)
    return <ProblemView error={query.error} retry={() => void query.refetch()} />;
  if (isAtRest)
    return (
      <Empty title="Nothing so far">
        <p>It is a long list, and none of what was looked at so far is it.</p>
        <Button size="xs" variant="default" onClick={() => void query.fetchNextPage()}>
          Look further
        </Button>
      </Empty>
    );
  if (query.isPending || (items.length === 0 && query.hasNextPage)) return <Shades lines={6} />;
  if (items.length === 0) return <Empty title={empty}>{hint && <p>{hint}</p>}</Empty>;
  return (
    <>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              {heads.map(([name, className]) => (
                <th key={name} className={className}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{items.map(row)}</tbody>
        </table>
      </div>
      <div className={look.more}>
        <span className={look.faint}>
          {many(items.length, noun, nouns)}
          {query.hasNextPage ? ' so far' : ''}
        </span>
        {query.hasNextPage && (
          <Button
            size="xs"
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
    </>
  );
}
