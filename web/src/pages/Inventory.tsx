// Inventory.tsx - every SKU at every location, with each bucket of its stock.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { useAddress } from '../ui/address';
import { Csv } from '../ui/Csv';
import { Icon } from '../ui/icons';
import { useLocations } from '../ui/refs';
import { Badge, Empty, look, PageHead, ProblemView, Shades } from '../ui/ui';
import { Views } from '../ui/Views';
import { many } from '../ui/words';
import c from './Inventory.module.css';
import { StockIn } from './StockIn';

type Level = Schemas['Level'];
const PAGE = 100;

export const BUCKETS = [
  ['on_hand', 'On hand'],
  ['committed', 'Committed'],
  ['reserved', 'Reserved'],
  ['held', 'Held'],
  ['damaged', 'Damaged'],
  ['quality_control', 'In check'],
  ['incoming', 'Incoming'],
  ['safety_stock', 'Safety'],
] as const satisfies [keyof Level, string][];

function Row({ level }: { level: Level }) {
  const locations = useLocations();
  const name = locations.all.find((one) => one.id === level.location_id)?.name ?? level.location;
  return (
    <tr className={c.row}>
      <td>
        <Link href={`/inventory/${level.sku_id}/${level.location_id}`}>{level.sku}</Link>
        {level.is_kit && <Badge word="kit" />}
        {level.low_stock !== null && level.available_raw <= level.low_stock && (
          <Badge word="low" tone="warn" />
        )}
        <div className={`${look.faint} ${c.under}`}>{name}</div>
      </td>
      <td className={c.wide}>{name}</td>
      <td className={look.right}>
        <b className={level.available === 0 ? c.none : undefined}>
          {level.available.toLocaleString()}
        </b>
      </td>
      {BUCKETS.map(([bucket]) => (
        <td
          key={bucket}
          className={`${look.right} ${bucket === 'on_hand' ? '' : c.wide} ${level[bucket] === 0 ? look.faint : ''}`}
        >
          {level[bucket].toLocaleString()}
        </td>
      ))}
    </tr>
  );
}

function useLevels(sku: string, location: string) {
  return useInfiniteQuery({
    queryKey: ['levels', sku, location],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/inventory/levels', {
          params: {
            query: {
              limit: PAGE,
              after: pageParam,
              sku: sku || undefined,
              location: location || undefined,
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

function Table({ sku, location }: { sku: string; location: string }) {
  const query = useLevels(sku, location);
  const levels = (query.data?.pages ?? []).flatMap((page) => page.items);
  if (query.error && levels.length === 0)
    return <ProblemView error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <Shades lines={8} />;
  if (levels.length === 0)
    return (
      <Empty title={sku || location ? 'No stock is known of this' : 'No stock yet'}>
        <p>
          {sku
            ? 'A SKU is found by its whole code.'
            : 'A level begins with the first receipt or adjustment of a SKU at a location.'}
        </p>
      </Empty>
    );
  return (
    <>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>SKU</th>
              <th className={c.wide}>Location</th>
              <th className={look.right}>Available</th>
              {BUCKETS.map(([bucket, name]) => (
                <th key={bucket} className={`${look.right} ${bucket === 'on_hand' ? '' : c.wide}`}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {levels.map((level) => (
              <Row key={`${level.sku_id} ${level.location_id}`} level={level} />
            ))}
          </tbody>
        </table>
      </div>
      <div className={c.more}>
        <span className={look.faint}>
          {many(levels.length, 'level')}
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

export default function Inventory() {
  const [address, set] = useAddress();
  const locations = useLocations();
  const { can } = useSession();
  const [isIn, setIn] = useState(false);
  const sku = address.get('sku') ?? '';
  const location = address.get('location') ?? '';
  const [text, setText] = useState(sku);
  useEffect(() => setText(sku), [sku]);
  function find(event: FormEvent) {
    event.preventDefault();
    set({ sku: text.trim() });
  }
  return (
    <>
      <PageHead title="Inventory">
        <form onSubmit={find} className={c.find}>
          <TextInput
            aria-label="SKU"
            placeholder="Whole SKU code, Enter"
            leftSection={<Icon name="search" size={15} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={() => text.trim() === '' && set({ sku: '' })}
          />
        </form>
        <NativeSelect
          aria-label="Location"
          value={location}
          onChange={(event) => set({ location: event.currentTarget.value })}
          data={[
            { value: '', label: 'All locations' },
            ...locations.all.map((one) => ({ value: one.code, label: one.name })),
          ]}
        />
        <Csv path="/v1/inventory/levels" name="levels" filters={{ sku, location }} />
        {can('inventory:write') && <Button onClick={() => setIn(true)}>Receive…</Button>}
      </PageHead>
      <Views list="inventory" path="/inventory" all="All stock" share="inventory:write" />
      <div className={look.card}>
        <Table key={`${sku} ${location}`} sku={sku} location={location} />
      </div>
      {isIn && <StockIn onClose={() => setIn(false)} />}
    </>
  );
}
