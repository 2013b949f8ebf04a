// Rules.tsx - from where a channel ships: its scenarios and its places, best
// first, and what they would do with orders that came.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { api, onceOnly, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useOnce } from '../../ui/once';
import { Rank } from '../../ui/Rank';
import { useLocations } from '../../ui/refs';
import { Badge, Card, look, ProblemView, Shades, Time } from '../../ui/ui';
import { many, say, sayMoney } from '../../ui/words';
import { RULES, type Scenario, ScenarioDialog } from './Scenario';

type Rules = Schemas['ChannelRouting'];
type Channel = Schemas['Channel'];
const TRIED = 20;

const isMoney = (value: object): value is Schemas['Money'] => 'currency' in value;
const sayValue = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(sayValue).join(', ');
  if (typeof value !== 'object' || value === null) return value === true ? '' : String(value);
  if (isMoney(value)) return sayMoney(value);
  return Object.values(value).map(sayValue).join(' ');
};
const sayAsked = (of: object) =>
  Object.entries(of).map(([name, value]) =>
    `${say(name).toLowerCase()} ${value === false ? 'no' : sayValue(value)}`.trim(),
  );

// "Orders with countries DE; tags gift. Nearest: nearest, then fewest parcels"
function sayScenario({ when, steps }: Scenario): string {
  const conditions = sayAsked(when ?? {});
  const ranks = steps.map(({ name, filter, rank = [], allocate, then, max_packages }) => {
    const rules = rank
      .map(({ by, ...more }) => [RULES[by].toLowerCase(), sayValue(more)].filter(Boolean).join(' '))
      .join(', then ');
    const rest = sayAsked({
      ...filter,
      ...(allocate && { allocate: say(allocate).toLowerCase() }),
      ...(max_packages && { max_packages }),
      ...(then && { then }),
    });
    return [name, [rules, ...rest].filter(Boolean).join('; ')].filter(Boolean).join(': ');
  });
  const meets = conditions.length > 0 ? `Orders with ${conditions.join('; ')}` : 'Every order';
  return `${meets}. ${ranks.join(' → ')}`;
}

// What the rules as they are kept would do with the latest orders, now.
function Trial({ channel }: { channel: Channel }) {
  const locations = useLocations();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['routing-trial', channel.id],
    enabled: false,
    queryFn: async () => {
      const orders = await take(
        api.GET('/v1/orders', { params: { query: { channel: channel.code, limit: TRIED } } }),
      );
      const ids = orders.items.map((one) => one.id);
      if (ids.length === 0) return [];
      const told = await take(
        api.POST('/v1/routing/preview', {
          params: { header: onceOnly() },
          body: { orders: ids },
        }),
      );
      return told.items.map((item, i) => ({ item, order: orders.items[i] }));
    },
  });
  const places = (decision: unknown) => {
    const { plan = [], backordered = [] } = (decision ?? {}) as Partial<Schemas['RoutingDecision']>;
    const names = [...new Set(plan.map((one) => one.location))].map((id) =>
      id ? locations.nameOf(id) : 'Anywhere',
    );
    return [...names, ...(backordered.length > 0 ? ['waits for goods'] : [])].join(', ');
  };
  return (
    <Card
      title="Tried on past orders"
      isFlush
      aside={
        <Button size="xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
          Try the latest {TRIED}
        </Button>
      }
    >
      {error && <ProblemView error={error} />}
      {!data && (
        <div className={look.cardBody}>
          <p className={look.faint}>
            What the rules as they are saved would do with the latest orders, with the stock that is
            free now. Nothing is taken.
          </p>
        </div>
      )}
      {data && (
        <div className={look.scroll}>
          <table className={look.table}>
            <thead>
              <tr>
                <th>Order</th>
                <th>Would ship from</th>
                <th className={look.roomy}>Promised</th>
              </tr>
            </thead>
            <tbody>
              {data.map(({ item, order }) => (
                <tr key={item.order}>
                  <td className={look.strong}>
                    <Link href={`/orders/${item.order}`}>{order?.number}</Link>
                  </td>
                  <td>
                    {places(item.decision)}{' '}
                    {item.refused && (
                      <Badge word="refused" label={item.refused.detail} tone="bad" />
                    )}
                  </td>
                  <td className={look.roomy}>{item.promise_at && <Time at={item.promise_at} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

// What somebody makes of the rules `from`.
interface Draft {
  from: Rules;
  places: string[];
  scenarios: Scenario[];
}
const sayAll = (names: string[]) => names.join(', ') || 'none';

// Each scenario with what it says, and whether the other side says the same.
function Side({ of, other }: { of: Scenario[]; other: Scenario[] }) {
  if (of.length === 0) return 'none';
  const said = other.map((one) => `${one.name} ${sayScenario(one)}`);
  return (
    <ol className={look.plain}>
      {of.map((one) => {
        const isSame = said.includes(`${one.name} ${sayScenario(one)}`);
        return (
          <li key={one.name}>
            <b>{one.name}</b> {!isSame && <Badge word="differs" tone="warn" />}
            <div className={look.small}>{isSame ? 'The same' : sayScenario(one)}</div>
          </li>
        );
      })}
    </ol>
  );
}

// Another was faster: nothing that was made here goes without a word.
function Difference({
  mine,
  theirs,
  onTop,
  leave,
}: {
  mine: Draft;
  theirs: Rules;
  onTop: () => void;
  leave: () => void;
}) {
  const locations = useLocations();
  const rows: [string, ReactNode, ReactNode][] = [
    [
      'Places',
      sayAll(theirs.locations.map(locations.nameOf)),
      sayAll(mine.places.map(locations.nameOf)),
    ],
    [
      'Scenarios',
      <Side key="theirs" of={theirs.scenarios} other={mine.scenarios} />,
      <Side key="mine" of={mine.scenarios} other={theirs.scenarios} />,
    ],
  ];
  return (
    <div role="alert">
      Somebody else saved these rules in the meantime.
      <table className={look.table}>
        <thead>
          <tr>
            <th>{null}</th>
            <th>As saved by them</th>
            <th>Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, there, here]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{there}</td>
              <td>{here}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={look.acts}>
        <Button size="xs" variant="default" onClick={leave}>
          Take theirs
        </Button>
        <Button size="xs" onClick={onTop}>
          Keep mine, to be saved over it
        </Button>
      </div>
    </div>
  );
}

function SaveBar({
  draft,
  now,
  channel,
  set,
}: {
  draft: Draft;
  now: Rules;
  channel: Channel;
  set: (draft: Draft | null) => void;
}) {
  const queries = useQueryClient();
  const rules = ['routing-rules', channel.id];
  const keys = [rules, ['routing-trial', channel.id]];
  const { run, isBusy, problem } = useOnce(draft.from.version, keys, () => {});
  const isBehind = now.version !== draft.from.version;
  const { places, scenarios } = draft;
  const save = () =>
    void run(async (key, version) => {
      const saved = await take(
        api.PUT('/v1/channels/{id}/routing', {
          params: { path: { id: channel.id }, header: { 'Idempotency-Key': key } },
          body: { version, locations: places, scenarios },
        }),
      );
      queries.setQueryData(rules, saved);
      set(null);
    }, 'Saved; the next order goes by it');
  if (isBehind)
    return (
      <div className={look.savebar} role="group" aria-label="Not saved yet">
        <Difference
          mine={draft}
          theirs={now}
          onTop={() => set({ ...draft, from: now })}
          leave={() => set(null)}
        />
      </div>
    );
  return (
    <div className={look.savebar} role="group" aria-label="Not saved yet">
      <span>{problem || 'Not saved yet'}</span>
      <Button variant="default" size="xs" onClick={() => set(null)}>
        Undo
      </Button>
      <Button size="xs" loading={isBusy} onClick={save}>
        Save
      </Button>
    </div>
  );
}

function Editor({ of, channel }: { of: Rules; channel: Channel }) {
  const { can } = useSession();
  const locations = useLocations();
  const [draft, setDraft] = useState<Draft | null>(null);
  const { places, scenarios } = draft ?? { places: of.locations, scenarios: of.scenarios };
  const [open, setOpen] = useState<number | 'new' | null>(null);
  const edit = (change: Partial<Draft>) =>
    setDraft({ from: draft?.from ?? of, places, scenarios, ...change });
  const setPlaces = (next: string[]) => edit({ places: next });
  const setScenarios = (next: Scenario[]) => edit({ scenarios: next });
  const mayChange = can('channels:write');
  const others = locations.all.filter((one) => one.is_active && !places.includes(one.id));
  return (
    <>
      {draft && (
        <SaveBar key={draft.from.version} draft={draft} now={of} channel={channel} set={setDraft} />
      )}
      <Card
        title="Scenarios"
        isFlush
        aside={
          mayChange && (
            <Button size="xs" variant="default" onClick={() => setOpen('new')}>
              New scenario…
            </Button>
          )
        }
      >
        {scenarios.length === 0 && (
          <div className={look.cardBody}>
            <p className={look.faint}>
              None: every order goes by the places below. The first scenario that an order meets
              counts.
            </p>
          </div>
        )}
        <Rank
          of={scenarios}
          keyOf={(one) => one.name}
          nameOf={(one) => one.name}
          isFixed={!mayChange}
          onMove={setScenarios}
        >
          {(one, at) => (
            <>
              <span className={look.wide}>
                <b>{one.name}</b>
                <div className={look.faint}>{sayScenario(one)}</div>
              </span>
              {mayChange && (
                <>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change ${one.name}`}
                    onClick={() => setOpen(at)}
                  >
                    Change…
                  </Button>
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    aria-label={`Remove ${one.name}`}
                    onClick={() => setScenarios(scenarios.toSpliced(at, 1))}
                  >
                    Remove
                  </Button>
                </>
              )}
            </>
          )}
        </Rank>
      </Card>
      <Card title="Places, best first" isFlush>
        {places.length === 0 && (
          <div className={look.cardBody}>
            <p className={look.faint}>None: all that ship count, in the order they were made.</p>
          </div>
        )}
        <Rank
          of={places}
          keyOf={(id) => id}
          nameOf={locations.nameOf}
          isFixed={!mayChange}
          onMove={setPlaces}
        >
          {(id, at) => (
            <>
              <span className={look.wide}>
                <Link href={`/locations/${id}`}>{locations.nameOf(id)}</Link>
              </span>
              {mayChange && (
                <Button
                  size="xs"
                  variant="subtle"
                  color="red"
                  aria-label={`Leave ${locations.nameOf(id)} out`}
                  onClick={() => setPlaces(places.toSpliced(at, 1))}
                >
                  Leave out
                </Button>
              )}
            </>
          )}
        </Rank>
        {mayChange && others.length > 0 && (
          <div className={look.more}>
            <NativeSelect
              aria-label="Add a place"
              value=""
              onChange={(event) => {
                if (event.currentTarget.value) setPlaces([...places, event.currentTarget.value]);
              }}
              data={[
                { value: '', label: 'Add a place…' },
                ...others.map((one) => ({ value: one.id as string, label: one.name })),
              ]}
            />
            <span className={look.faint}>{many(places.length, 'place')}</span>
          </div>
        )}
      </Card>
      {open !== null && (
        <ScenarioDialog
          of={open === 'new' ? null : (scenarios[open] ?? null)}
          currency={channel.currency}
          onClose={() => setOpen(null)}
          onSet={(next) => {
            setScenarios(
              open === 'new' ? [...scenarios, next] : scenarios.toSpliced(open, 1, next),
            );
            setOpen(null);
          }}
        />
      )}
    </>
  );
}

export function Routing({ channel }: { channel: Channel }) {
  const { can } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['routing-rules', channel.id],
    queryFn: () =>
      take(api.GET('/v1/channels/{id}/routing', { params: { path: { id: channel.id } } })),
  });
  if (error && !data) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={6} />;
  return (
    <>
      <Editor of={data} channel={channel} />
      {can('orders:read') && <Trial channel={channel} />}
    </>
  );
}
