// Board.tsx - what is to leave, by location and status; what waits longest is
// on top. Which location is shown stands in the address.
import { Button, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { api, onceOnly, take } from '../../api/client';
import { useSession } from '../../session';
import { useLocations } from '../../ui/refs';
import { refused, told } from '../../ui/toast';
import { Badge, Card, Empty, look, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { Views } from '../../ui/Views';
import { heldFor, many, say } from '../../ui/words';
import c from './Fulfillment.module.css';
import { type Fo, type FoStatus, sum, useFoCounts, useFos } from './useFulfillment';

const COLUMNS: FoStatus[] = ['scheduled', 'open', 'on_hold', 'in_progress', 'incomplete'];
const ALWAYS: FoStatus[] = ['open', 'on_hold', 'in_progress'];
const HINTS: Partial<Record<FoStatus, string>> = {
  open: 'Nothing waits to be picked.',
  on_hold: 'Nothing is held.',
  in_progress: 'Nobody has anything in hand.',
};
const LINES = 3;

const late = (fo: Fo) => fo.deadline_at !== null && Date.parse(fo.deadline_at) < Date.now();

function useCells() {
  const { data, error, refetch } = useFoCounts();
  const of = (location: string, status?: FoStatus) => {
    const cells = (data?.items ?? []).filter(
      (one) => (!location || one.location_id === location) && (!status || one.status === status),
    );
    const n = cells.reduce((all, one) => all + one.fulfillment_orders, 0);
    return { n, text: `${n.toLocaleString()}${cells.some((one) => one.is_at_least) ? '+' : ''}` };
  };
  return { data, error, refetch, of };
}

function state(fo: Fo): string {
  const total = sum(fo, 'quantity');
  for (const step of ['shipped', 'packed', 'picked'] as const) {
    const done = sum(fo, step);
    if (done > 0) return `${done.toLocaleString()} of ${total.toLocaleString()} ${step}`;
  }
  return many(total, 'unit');
}

function CardOf({
  fo,
  isAnywhere,
  isChosen,
  choose,
}: {
  fo: Fo;
  isAnywhere: boolean;
  isChosen: boolean;
  choose?: () => void;
}) {
  const locations = useLocations();
  const rest = fo.lines.length - LINES;
  return (
    <li className={c.card} data-late={late(fo)} data-chosen={isChosen}>
      <div className={c.cardTop}>
        {choose && (
          <input
            type="checkbox"
            aria-label={`Choose ${fo.order_number}`}
            checked={isChosen}
            onChange={choose}
          />
        )}
        <Link href={`/fulfillment/${fo.id}`} className={c.number}>
          {fo.order_number}
        </Link>
        {fo.method !== 'ship' && <Badge word={fo.method} tone="info" />}
        {fo.request_status !== 'unsubmitted' && <Badge word={fo.request_status} />}
      </div>
      {isAnywhere && <div className={look.faint}>{locations.nameOf(fo.location_id)}</div>}
      <ul className={c.cardLines}>
        {fo.lines.slice(0, LINES).map((line) => (
          <li key={line.n}>
            <b>{line.quantity.toLocaleString()}</b> × {line.title || line.sku}
          </li>
        ))}
        {rest > 0 && <li className={look.faint}>and {many(rest, 'line')} more</li>}
      </ul>
      {fo.hold_reason && <p className={c.held}>Held: {heldFor(fo.hold_reason)}</p>}
      <div className={c.cardFoot}>
        <span>{state(fo)}</span>
        {fo.status === 'scheduled' && fo.fulfil_at ? (
          <span>
            From <Time at={fo.fulfil_at} />
          </span>
        ) : (
          fo.deadline_at && (
            <span className={late(fo) ? c.late : undefined}>
              {late(fo) ? 'Was due' : 'Due'} <Time at={fo.deadline_at} />
            </span>
          )
        )}
      </div>
    </li>
  );
}

function Column({
  location,
  status,
  count,
  isShown,
  chosen,
  toggle,
}: {
  location: string;
  status: FoStatus;
  count: string;
  isShown: boolean;
  chosen: Set<string>;
  toggle?: (id: string) => void;
}) {
  const query = useFos(location, status);
  const fos = (query.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <section className={c.column} aria-label={say(status)} data-shown={isShown}>
      <div className={c.columnHead}>
        <h2>{say(status)}</h2>
        <span className={c.count}>{count}</span>
      </div>
      {query.error && <ProblemView error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Shades lines={4} />}
      {query.data && fos.length === 0 && (
        <p className={c.none}>{HINTS[status] ?? 'Nothing here.'}</p>
      )}
      <ul className={c.cards}>
        {fos.map((fo) => (
          <CardOf
            key={fo.id}
            fo={fo}
            isAnywhere={!location}
            isChosen={chosen.has(fo.id)}
            choose={toggle && (() => toggle(fo.id))}
          />
        ))}
      </ul>
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
    </section>
  );
}

// How many stand where: the way into each location.
function Places({ cells }: { cells: ReturnType<typeof useCells> }) {
  const locations = useLocations();
  const used = COLUMNS.filter((status) => cells.of('', status).n > 0);
  const busy = locations.all.filter((one) => cells.of(one.id).n > 0);
  if (busy.length < 2) return null;
  return (
    <div className={c.places}>
      <Card title="By location" isFlush>
        <div className={look.scroll}>
          <table className={look.table}>
            <thead>
              <tr>
                <th>Location</th>
                {used.map((status) => (
                  <th key={status} className={look.right}>
                    {say(status)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {busy.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Link href={`/fulfillment?location=${encodeURIComponent(one.code)}`}>
                      {one.name}
                    </Link>
                  </td>
                  {used.map((status) => (
                    <td key={status} className={look.right}>
                      <Link
                        href={`/fulfillment?location=${encodeURIComponent(one.code)}&status=${status}`}
                        aria-label={`${cells.of(one.id, status).text} ${say(status)}, ${one.name}`}
                      >
                        {cells.of(one.id, status).text}
                      </Link>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}

// Walks for what was chosen, or for what is due first at a location.
function Walks({
  location,
  chosen,
  done,
}: {
  location: string;
  chosen: string[];
  done: () => void;
}) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [isBusy, setBusy] = useState(false);
  async function make() {
    setBusy(true);
    try {
      const { tasks, skipped } = await take(
        api.POST('/v1/pick-tasks', {
          params: { header: onceOnly() },
          body: chosen.length
            ? {
                fulfillment_orders: chosen as Fo['id'][],
                mode: chosen.length > 1 ? 'batch' : 'single',
              }
            : { location, mode: 'batch' },
        }),
      );
      done();
      void queries.invalidateQueries({ queryKey: ['picks'] });
      void queries.invalidateQueries({ queryKey: ['fulfillment'] });
      const one = tasks[0];
      if (!one) told('All of it stands in a walk already');
      else {
        told(
          `${many(tasks.length, 'walk')} made${skipped.length ? `, ${skipped.length.toLocaleString()} left out` : ''}`,
        );
        go(tasks.length === 1 ? `/picking/${one.id}` : `/picking?location=${one.location}`);
      }
    } catch (failure) {
      refused(failure);
    }
    setBusy(false);
  }
  return (
    <Button loading={isBusy} onClick={() => void make()}>
      {chosen.length ? `Pick ${many(chosen.length, 'order')}` : 'Pick what is due first'}
    </Button>
  );
}

export default function Board() {
  const { can } = useSession();
  const locations = useLocations();
  const cells = useCells();
  const [address, setAddress] = useSearchParams();
  const [chosen, setChosen] = useState(new Set<string>());
  const code = address.get('location') ?? '';
  const id = locations.all.find((one) => one.code === code)?.id ?? '';
  const asked = COLUMNS.find((one) => one === address.get('status')) ?? 'open';
  const mayPick = can('fulfillment:write');
  // What was chosen is of the place it was chosen at.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is what counts
  useEffect(() => setChosen(new Set()), [code, asked]);
  const set = (name: string, value: string) =>
    setAddress(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const toggle = (one: string) => {
    const next = new Set(chosen);
    if (!next.delete(one)) next.add(one);
    setChosen(next);
  };
  const shown = COLUMNS.filter(
    (status) => ALWAYS.includes(status) || status === asked || cells.of(id, status).n > 0,
  );
  return (
    <>
      <PageHead title="Fulfillment">
        <NativeSelect
          aria-label="Location"
          value={code}
          onChange={(event) => set('location', event.currentTarget.value)}
          data={[
            { value: '', label: `All locations (${cells.of('').text})` },
            ...locations.all.map((one) => ({
              value: one.code,
              label: `${one.name} (${cells.of(one.id).text})`,
            })),
          ]}
        />
        {mayPick && id && cells.of(id, 'open').n > 0 && (
          <Walks location={code} chosen={[...chosen]} done={() => setChosen(new Set())} />
        )}
      </PageHead>
      <Views list="fulfillment" path="/fulfillment" all="Everywhere" share="fulfillment:write" />
      {cells.error && <ProblemView error={cells.error} retry={() => void cells.refetch()} />}
      {!code && <Places cells={cells} />}
      <fieldset className={c.tabs}>
        <legend className="sr-only">Status</legend>
        {shown.map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={status === asked}
            onClick={() => set('status', status)}
          >
            {say(status)} <span>{cells.of(id, status).text}</span>
          </button>
        ))}
      </fieldset>
      {code && !id && locations.all.length > 0 ? (
        <Empty title="There is no such location" />
      ) : (
        <div className={c.board}>
          {shown.map((status) => (
            <Column
              key={`${code} ${status}`}
              location={code}
              status={status}
              count={cells.of(id, status).text}
              isShown={status === asked}
              chosen={chosen}
              toggle={mayPick && code && status === 'open' ? toggle : undefined}
            />
          ))}
        </div>
      )}
    </>
  );
}
