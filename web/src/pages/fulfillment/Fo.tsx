// Fo.tsx - one fulfillment order: what leaves, how far it is, what to do next.
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, onceOnly, take } from '../../api/client';
import { useSession } from '../../session';
import { Icon } from '../../ui/icons';
import { useLocations } from '../../ui/refs';
import { refused, told } from '../../ui/toast';
import { Badge, Card, Empty, Facts, look, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { heldFor, many, say } from '../../ui/words';
import { Actions, Parcel } from '../order/Fulfillment';
import c from './Fulfillment.module.css';
import { type Fo, isLive, sum, useFo, useFoPackages, useFoPicks } from './useFulfillment';

function Lines({ fo }: { fo: Fo }) {
  return (
    <Card title="What leaves" aside={<span>{many(sum(fo, 'quantity'), 'unit')}</span>} isFlush>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>Item</th>
              <th className={look.right}>Units</th>
              <th className={look.right}>Picked</th>
              <th className={look.right}>Packed</th>
              <th className={look.right}>Shipped</th>
            </tr>
          </thead>
          <tbody>
            {fo.lines.map((line) => (
              <tr key={line.n}>
                <td>
                  {line.title || line.sku} {line.is_kit && <Badge word="kit" />}
                  <div className={`${look.faint} ${look.small}`}>{line.sku}</div>
                </td>
                {(['quantity', 'picked', 'packed', 'shipped'] as const).map((step) => (
                  <td key={step} className={`${look.right} ${line[step] === 0 ? look.faint : ''}`}>
                    {line[step].toLocaleString()}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Picks({ fo }: { fo: Fo }) {
  const { data, error } = useFoPicks(fo.id);
  if (error) return <ProblemView error={error} />;
  if (!data || data.items.length === 0) return null;
  return (
    <Card title="Walks" isFlush>
      <ul className={c.rows}>
        {data.items.map((task) => (
          <li key={task.id}>
            <Link href={`/picking/${task.id}`}>{say(task.mode)} walk</Link>
            <Badge word={task.state} />
            <span className={look.soft}>
              {task.picked.toLocaleString()} of {many(task.units, 'unit')}
              {task.missing > 0 && `, ${task.missing.toLocaleString()} missing`}
            </span>
            <a
              className={c.end}
              href={`/v1/pick-tasks/${task.id}/list`}
              target="_blank"
              rel="noopener"
            >
              Print the list
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Next({ fo }: { fo: Fo }) {
  const { can } = useSession();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const picks = useFoPicks(fo.id);
  const walk = picks.data?.items.find((one) => isLive(one.state));
  const toPack = sum(fo, 'picked') - sum(fo, 'packed');
  async function run(act: () => Promise<string | undefined>, text?: string) {
    setBusy(true);
    try {
      const to = await act();
      if (text) told(text);
      if (to) go(to);
    } catch (failure) {
      refused(failure);
    }
    setBusy(false);
    void queries.invalidateQueries({ queryKey: ['fulfillment'] });
    void queries.invalidateQueries({ queryKey: ['picks'] });
  }
  const pick = () =>
    run(async () => {
      const { tasks } = await take(
        api.POST('/v1/pick-tasks', {
          params: { header: onceOnly() },
          body: { fulfillment_orders: [fo.id], mode: 'single' },
        }),
      );
      if (!tasks[0]) told('There is nothing left to pick of it');
      return tasks[0] && `/picking/${tasks[0].id}`;
    });
  const open = () =>
    run(async () => {
      await take(
        api.POST('/v1/fulfillment-orders/{id}/open', {
          params: { path: { id: fo.id }, header: onceOnly() },
          body: { version: fo.version },
        }),
      );
      return undefined;
    }, 'Open: it can be picked now');
  return (
    <>
      <Actions fo={fo} />
      {can('fulfillment:write') && fo.allowed.includes('open') && (
        <Button variant="default" loading={isBusy} onClick={() => void open()}>
          Open now
        </Button>
      )}
      {walk && (
        <Button
          component={Link}
          href={`/picking/${walk.id}`}
          variant={toPack > 0 ? 'default' : 'filled'}
        >
          To the walk
        </Button>
      )}
      {can('fulfillment:write') &&
        !walk &&
        picks.data &&
        (fo.status === 'open' || fo.status === 'in_progress') &&
        sum(fo, 'picked') < sum(fo, 'quantity') &&
        fo.method !== 'digital' && (
          <Button loading={isBusy} onClick={() => void pick()}>
            Pick
          </Button>
        )}
      {can('shipping:write') && fo.method === 'ship' && toPack > 0 && (
        <Button component={Link} href={`/packing/${fo.id}`}>
          Pack {many(toPack, 'unit')}
        </Button>
      )}
    </>
  );
}

export default function FoPage({ id }: { id: string }) {
  const locations = useLocations();
  const { data: fo, error, refetch } = useFo(id);
  const packages = useFoPackages(id);
  if (error && !fo) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!fo) return <Shades lines={10} />;
  return (
    <>
      <Link href="/fulfillment" className={c.back}>
        <Icon name="back" size={14} /> Fulfillment
      </Link>
      <PageHead
        title={`${fo.order_number}, ${locations.nameOf(fo.location_id)}`}
        badges={
          <span className={look.row}>
            <Badge word={fo.status} />
            {fo.request_status !== 'unsubmitted' && <Badge word={fo.request_status} />}
          </span>
        }
      >
        <Next fo={fo} />
      </PageHead>
      {fo.hold_reason && <p className={c.heldPage}>Held: {heldFor(fo.hold_reason)}</p>}
      <div className={c.columns}>
        <div className={c.stack}>
          <Lines fo={fo} />
          <Picks fo={fo} />
          <Card title="Parcels" isFlush>
            {packages.error && <ProblemView error={packages.error} />}
            {packages.data?.items.length === 0 && <Empty title="Nothing is packed yet" />}
            <div className={c.parcels}>
              {packages.data?.items.map((one) => (
                <Parcel key={one.id} of={one} />
              ))}
            </div>
          </Card>
        </div>
        <div className={c.stack}>
          <Card title="About">
            <Facts
              rows={[
                [
                  'Order',
                  <Link key="o" href={`/orders/${fo.order}`}>
                    {fo.order_number}
                  </Link>,
                ],
                ['Location', locations.nameOf(fo.location_id)],
                ['Goes', say(fo.method)],
                ['Due', fo.deadline_at && <Time at={fo.deadline_at} />],
                ['Promised', fo.promise_at && <Time at={fo.promise_at} />],
                ['Not before', fo.fulfil_at && <Time at={fo.fulfil_at} />],
                ['Location by', fo.is_sticky ? 'a person’s choice' : 'the routing rules'],
                ['Opened', <Time key="c" at={fo.created_at} />],
                ['Over', fo.closed_at && <Time at={fo.closed_at} />],
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}
