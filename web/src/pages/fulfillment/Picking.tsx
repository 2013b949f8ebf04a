// Picking.tsx - the walks there are: whose, how far, and the way into each.
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { api, take } from '../../api/client';
import { useSession } from '../../session';
import { useLocations } from '../../ui/refs';
import { Badge, Card, Empty, look, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { many, say } from '../../ui/words';
import c from './Fulfillment.module.css';
import type { PickHead } from './useFulfillment';

const GROUPS = [
  ['picking', 'Under way'],
  ['assigned', 'Given to somebody'],
  ['created', 'For whoever comes'],
  ['picked', 'Picked, to be packed'],
  ['short', 'Picked, with units missing'],
] as const;
const PAGE = 50;

function Walk({ of, me }: { of: PickHead; me?: string }) {
  const locations = useLocations();
  const done = of.picked + of.missing;
  return (
    <li className={c.walk}>
      <Link href={`/picking/${of.id}`} className={c.walkName}>
        {of.zone ? `Zone ${of.zone}` : `${say(of.mode)} walk`}, {many(of.units, 'unit')}
      </Link>
      <span className={look.soft}>
        {locations.nameOf(of.location_id)} · {many(of.line_count, 'line')}
        {of.tote && ` · tote ${of.tote}`}
      </span>
      <span className={c.end}>
        {of.assignee && <Badge word={of.assignee === me ? 'yours' : 'taken'} tone="info" />}
      </span>
      <progress max={of.units || 1} value={done} aria-label="Units dealt with" />
      <span className={`${look.faint} ${look.small}`}>
        {done.toLocaleString()} of {of.units.toLocaleString()}
        {of.missing > 0 && `, ${of.missing.toLocaleString()} missing`}
        {of.deadline_at && (
          <>
            {' '}
            · due <Time at={of.deadline_at} />
          </>
        )}
      </span>
    </li>
  );
}

function Group({
  state,
  title,
  location,
}: {
  state: (typeof GROUPS)[number][0];
  title: string;
  location: string;
}) {
  const { state: session } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['picks', 'list', location, state],
    queryFn: () =>
      take(
        api.GET('/v1/pick-tasks', {
          params: { query: { state, location: location || undefined, limit: PAGE } },
        }),
      ),
  });
  if (error) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={2} />;
  if (data.items.length === 0 && state !== 'created') return null;
  return (
    <Card
      title={title}
      aside={
        <span className={look.faint}>
          {data.items.length.toLocaleString()}
          {data.next && '+'}
        </span>
      }
      isFlush
    >
      {data.items.length === 0 && (
        <Empty title="No walk waits">
          <p>
            Walks are made on the <Link href="/fulfillment">fulfillment board</Link>, or by
            themselves where a location picks so.
          </p>
        </Empty>
      )}
      <ul className={c.walks}>
        {data.items.map((one) => (
          <Walk key={one.id} of={one} me={session.who?.user?.id} />
        ))}
      </ul>
    </Card>
  );
}

export default function Picking() {
  const [address, setAddress] = useSearchParams();
  const locations = useLocations();
  const location = address.get('location') ?? '';
  return (
    <>
      <PageHead title="Picking">
        <NativeSelect
          aria-label="Location"
          value={location}
          onChange={(event) => {
            const code = event.currentTarget.value;
            setAddress(code ? { location: code } : {}, { replace: true });
          }}
          data={[
            { value: '', label: 'All locations' },
            ...locations.all.map((one) => ({ value: one.code, label: one.name })),
          ]}
        />
      </PageHead>
      <div className={c.stack}>
        {GROUPS.map(([state, title]) => (
          <Group key={`${location} ${state}`} state={state} title={title} location={location} />
        ))}
      </div>
    </>
  );
}
