// Reports.tsx - which reports there are.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { Card, PageHead, ProblemView, Shades } from '../../ui/ui';
import c from './Reports.module.css';

export type Kind = Schemas['ReportKind'];

export function useKinds() {
  return useQuery({
    queryKey: ['reports'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => take(api.GET('/v1/reports')),
  });
}

// Where a report stands; what is new stands with the sales until it is sorted.
const SHELVES: [string, RegExp][] = [
  ['Fulfillment', /^(fulfillment|parcels|shipping|on_time|split|troubles)/],
  ['Refunds and returns', /^(refunds|returns|cancellations)/],
  ['Stock', /^stock/],
];
const shelfOf = (kind: Kind) => SHELVES.find(([, test]) => test.test(kind.name))?.[0] ?? 'Sales';

export default function Reports() {
  const { data, error, isPending, refetch } = useKinds();
  if (error) return <ProblemView error={error} retry={() => void refetch()} />;
  return (
    <>
      <PageHead title="Reports" />
      {isPending ? (
        <Shades lines={8} />
      ) : (
        <div className={c.shelves}>
          {['Sales', ...SHELVES.map(([name]) => name)].map((shelf) => (
            <Card key={shelf} title={shelf} isFlush>
              <ul className={c.list}>
                {data.items
                  .filter((kind) => shelfOf(kind) === shelf)
                  .map((kind) => (
                    <li key={kind.name}>
                      <Link href={`/reports/${kind.name}`}>{kind.title}</Link>
                      <p>{kind.what}</p>
                    </li>
                  ))}
              </ul>
            </Card>
          ))}
        </div>
      )}
    </>
  );
}
