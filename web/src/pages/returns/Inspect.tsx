// Inspect.tsx - the units of a return: what each is, whether it is taken back,
// and where it goes.
import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { Badge, Card, look } from '../../ui/ui';
import { say } from '../../ui/words';
import { Place } from './Receive';

type Rma = Schemas['Return'];
type Unit = Rma['units'][number];
type Judged = Schemas['ReturnInspectIn']['items'][number];
type Verdict = NonNullable<Judged['acceptance']>;

const VERDICTS: Verdict[] = ['accepted', 'rejected', 'manual'];

function Row({
  unit,
  judged,
  set,
}: {
  unit: Unit;
  judged: Partial<Judged>;
  set?: (to: Partial<Judged>) => void;
}) {
  const locations = useLocations();
  const name = `unit ${unit.unit}, ${unit.sku}`;
  return (
    <tr className={look.cell}>
      <td>
        {unit.quantity.toLocaleString()} × {unit.sku}
        <div className={look.faint}>{[unit.lot, ...unit.serials].filter(Boolean).join(', ')}</div>
      </td>
      <td>
        <Badge word={unit.reception} />
        {unit.location_id && <div className={look.faint}>{locations.nameOf(unit.location_id)}</div>}
      </td>
      <td>
        <Badge word={unit.acceptance} />
        {set && (
          <select
            aria-label={`Verdict on ${name}`}
            value={judged.acceptance ?? ''}
            onChange={(event) =>
              set({ acceptance: (event.currentTarget.value as Verdict) || undefined })
            }
          >
            <option value="">Leave it</option>
            {VERDICTS.map((one) => (
              <option key={one} value={one}>
                {one === 'manual' ? 'For somebody else' : say(one)}
              </option>
            ))}
          </select>
        )}
      </td>
      <td>
        {unit.disposition ? say(unit.disposition) : <span className={look.faint}>Nowhere yet</span>}
        {set && (
          <Place
            name={`Place of ${name}`}
            none="Leave it"
            value={judged.disposition ?? ''}
            set={(to) => set({ disposition: to || undefined })}
          />
        )}
      </td>
    </tr>
  );
}

export function Inspect({ rma }: { rma: Rma }) {
  const { can } = useSession();
  const [judged, setJudged] = useState<Record<number, Partial<Judged>>>({});
  const { run, isBusy, problem } = useOnce(rma.version, [['returns'], ['order']], () => {});
  const mayJudge = can('fulfillment:write') && rma.allowed.includes('inspect');
  const isHere = (unit: Unit) => unit.reception !== 'awaiting' && unit.reception !== 'in_transit';
  const items = Object.entries(judged)
    .map(([unit, one]) => ({ ...one, unit: Number(unit) }))
    .filter((one) => one.acceptance || one.disposition);
  const set = (unit: number, to: Partial<Judged>) =>
    setJudged((old) => ({ ...old, [unit]: { ...old[unit], ...to } }));
  function submit(event: FormEvent) {
    event.preventDefault();
    void run(
      (key, version) =>
        take(
          api.POST('/v1/returns/{id}/inspect', {
            params: { path: { id: rma.id }, header: { 'Idempotency-Key': key } },
            body: { version, items },
          }),
        ),
      'Judged',
    );
  }
  return (
    <Card title="Units" isFlush>
      <form onSubmit={submit}>
        <div className={look.scroll}>
          <table className={look.table}>
            <thead>
              <tr>
                <th>Units</th>
                <th>Came</th>
                <th>Taken back</th>
                <th>Goes to</th>
              </tr>
            </thead>
            <tbody>
              {rma.units.map((unit) => (
                <Row
                  key={unit.unit}
                  unit={unit}
                  judged={judged[unit.unit] ?? {}}
                  set={mayJudge && isHere(unit) ? (to) => set(unit.unit, to) : undefined}
                />
              ))}
            </tbody>
          </table>
        </div>
        {problem}
        {mayJudge && (
          <div className={look.more}>
            <span className={look.faint}>
              What was paid for accepted units is taken off the order.
            </span>
            <Button type="submit" loading={isBusy} disabled={items.length === 0}>
              Judge {items.length.toLocaleString()}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}
