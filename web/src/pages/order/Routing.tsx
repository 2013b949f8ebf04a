// Routing.tsx - why the order ships from where it ships.
import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../../api/client';
import { useLocations } from '../../ui/refs';
import { Badge, Card, look, ProblemView, Shades, Time } from '../../ui/ui';
import { many, say, type Tone } from '../../ui/words';
import c from './Order.module.css';

type Decision = Schemas['RoutingDecision'];
type Candidate = Decision['candidates'][number];

const OUTCOMES: Record<Candidate['outcome'], [string, Tone]> = {
  chosen: ['Chosen', 'good'],
  ranked_lower: ['Ranked lower', 'neutral'],
  short: ['Has too little', 'warn'],
  empty: ['Has none', 'warn'],
  excluded: ['Left out', 'neutral'],
  filtered: ['Filtered out', 'neutral'],
};
const FILTERS: Record<NonNullable<Candidate['filter']>, string> = {
  method: 'does not serve this way of getting it',
  group: 'is not in the groups asked for',
  type: 'is of another type',
  country: 'is in another country',
  market: 'is in another market',
  closed: 'was closed',
  capacity: 'had no capacity left',
  distance: 'is too far away',
  promise: 'would be too late',
  request: 'was left out by request',
};

function why(one: Candidate): string {
  if (one.filter) return FILTERS[one.filter];
  if (one.by)
    return one.by.map((rule) => `${say(rule.rule)} ${rule.value.toLocaleString()}`).join(', ');
  return '';
}

function Candidates({ of }: { of: Decision }) {
  const locations = useLocations();
  return (
    <div className={look.scroll}>
      <table className={look.table}>
        <thead>
          <tr>
            <th>Rank</th>
            <th>Location</th>
            <th>Outcome</th>
            <th>Why</th>
            <th className={look.right}>Could have sold</th>
          </tr>
        </thead>
        <tbody>
          {of.candidates.map((one) => {
            const [text, tone] = OUTCOMES[one.outcome];
            return (
              <tr key={one.location}>
                <td>{one.rank}</td>
                <td>{locations.nameOf(one.location)}</td>
                <td>
                  <Badge word={one.outcome} tone={tone} label={text} />
                </td>
                <td className={look.soft}>{why(one)}</td>
                <td className={look.right}>
                  {one.available.map((n) => n.toLocaleString()).join(', ')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Outcome({ of }: { of: Decision }) {
  const locations = useLocations();
  const where = new Map<string, number>();
  for (const one of of.plan)
    if (one.location) where.set(one.location, (where.get(one.location) ?? 0) + one.quantity);
  const waits = of.backordered.reduce((n, one) => n + one.quantity, 0);
  const parts = [...where].map(([id, n]) => `${many(n, 'unit')} from ${locations.nameOf(id)}`);
  if (waits > 0) parts.push(`${many(waits, 'unit')} ${waits === 1 ? 'waits' : 'wait'} for stock`);
  const left = of.unnamed + of.excluded.inactive + of.excluded.not_shipping;
  return (
    <div className={c.decision}>
      <div className={look.row}>
        <b>{parts.join(' · ') || 'Nothing to ship'}</b>
        <span className={`${look.faint} ${c.end}`}>
          <Time at={of.at} />
        </span>
      </div>
      <p>
        {of.why.charAt(0).toUpperCase() + of.why.slice(1)}.
        {of.scenario && ` Scenario “${of.scenario}”.`}
        {of.reason && ` Asked again: ${say(of.reason).toLowerCase()}.`}
        {left > 0 && ` ${many(left, 'other location')} stood out of question.`}
      </p>
    </div>
  );
}

export function Routing({ order }: { order: Schemas['Order'] }) {
  const { data, error } = useQuery({
    queryKey: ['routing', order.id],
    queryFn: () => take(api.GET('/v1/orders/{id}/routing', { params: { path: { id: order.id } } })),
  });
  if (error)
    return (
      <Card title="Routing">
        <ProblemView error={error} />
      </Card>
    );
  if (data?.items.length === 0) return null;
  return (
    <Card title="Routing" isFlush>
      {!data && <Shades lines={2} />}
      {data?.items.map((one) => (
        <div key={one.id} id={one.id} className={c.block}>
          <Outcome of={one} />
          {one.candidates.length > 0 && (
            <details className={c.details}>
              <summary>{many(one.candidates.length, 'location')} considered</summary>
              <Candidates of={one} />
            </details>
          )}
        </div>
      ))}
    </Card>
  );
}
