// Level.tsx - one SKU at one location: its buckets, and every move of a unit.
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { useLocations } from '../ui/refs';
import { Card, Empty, Facts, look, PageHead, ProblemView, Shades, Time } from '../ui/ui';
import { say } from '../ui/words';
import { BUCKETS } from './Inventory';
import c from './Inventory.module.css';
import { StockDeeds } from './Stock';

const PAGE = 50;

function Move({ of }: { of: Schemas['Movement'] }) {
  return (
    <tr>
      <td>
        <Time at={of.at} />
      </td>
      <td>
        {say(of.type)}
        {of.reason && <div className={`${look.faint} ${look.small}`}>{say(of.reason)}</div>}
      </td>
      <td className={look.soft}>
        {say(of.from)} → {say(of.to)}
      </td>
      <td className={look.right}>{of.qty.toLocaleString()}</td>
      <td>{of.order_id && <Link href={`/orders/${of.order_id}`}>Order</Link>}</td>
    </tr>
  );
}

function Moves({ sku, location }: { sku: string; location: string }) {
  const query = useInfiniteQuery({
    queryKey: ['movements', sku, location],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/inventory/levels/{sku_id}/{location_id}/movements', {
          params: {
            path: { sku_id: sku, location_id: location },
            query: { limit: PAGE, after: pageParam },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const moves = (query.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <Card title="Movements" isFlush>
      {query.error && <ProblemView error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Shades lines={6} />}
      {query.data && moves.length === 0 && <Empty title="Nothing has moved here yet" />}
      {moves.length > 0 && (
        <div className={look.scroll}>
          <table className={look.table}>
            <thead>
              <tr>
                <th>When</th>
                <th>What</th>
                <th>From, to</th>
                <th className={look.right}>Units</th>
                <th>For</th>
              </tr>
            </thead>
            <tbody>
              {moves.map((move) => (
                <Move key={move.id} of={move} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {query.hasNextPage && (
        <div className={c.more}>
          <Button
            size="xs"
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </Card>
  );
}

export default function Level({ sku, location }: { sku: string; location: string }) {
  const locations = useLocations();
  const { can } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['levels', 'one', sku, location],
    queryFn: async () => {
      const level = await take(
        api.GET('/v1/inventory/levels/{sku_id}/{location_id}', {
          params: { path: { sku_id: sku, location_id: location } },
        }),
      );
      return level as Schemas['Level']; // As it is now, not as it was.
    },
  });
  if (error && !data) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={8} />;
  return (
    <>
      <PageHead title={data.sku}>
        <Link href={`/inventory?sku=${encodeURIComponent(data.sku)}`}>At all locations</Link>
        {can('inventory:write') && <StockDeeds key={data.version} of={data} />}
      </PageHead>
      <div className={c.columns}>
        <Moves sku={sku} location={location} />
        <Card title={locations.nameOf(location)}>
          <Facts
            rows={[
              ['Available', <b key="a">{data.available.toLocaleString()}</b>],
              ...BUCKETS.map(([bucket, name]): [string, React.ReactNode] => [
                name,
                data[bucket].toLocaleString(),
              ]),
              ['Low at', data.low_stock?.toLocaleString()],
            ]}
          />
        </Card>
      </div>
    </>
  );
}
