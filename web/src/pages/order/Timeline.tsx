// Timeline.tsx - what happened to the order, newest first.
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useLocations } from '../../ui/refs';
import { Card, look, ProblemView, Shades, Time } from '../../ui/ui';
import { many, say, sayMoney } from '../../ui/words';
import c from './Order.module.css';

type Event = Schemas['OrderEvent'];
const PAGE = 100;

// Members of an event's data, whatever they are.
function text(data: Record<string, unknown>, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : '';
}

// "order.placed" is Placed, "order_note.added" is Note added.
const titleOf = (type: string) => say(type.replace(/^order[._]/, ''));

// Where the stock was looked at, and which units come from where.
function routed(data: Record<string, unknown>, nameOf: (id: string) => string): string[] {
  const parts: string[] = [];
  const { considered, backordered } = data;
  if (typeof considered === 'number' && considered > 0)
    parts.push(`stock looked at in ${many(considered, 'location')}`);
  for (const at of data.allocated as { location: string; quantity: number }[])
    parts.push(`${many(at.quantity, 'unit')} from ${nameOf(at.location)}`);
  if (typeof backordered === 'number' && backordered > 0)
    parts.push(`${many(backordered, 'unit waits', 'units wait')} for stock`);
  if (text(data, 'rule') === 'untracked') parts.push(text(data, 'why'));
  if (text(data, 'reason')) parts.push(say(text(data, 'reason')).toLowerCase());
  return parts;
}

function detail(event: Event, nameOf: (id: string) => string): string {
  const data = event.data as Record<string, unknown>;
  if (event.type === 'order.routed') return routed(data, nameOf).join(' · ');
  const at = text(data, 'location');
  const parts: string[] = [];
  if (event.type === 'order.placed') {
    const total = data.total as Schemas['Money'] | undefined;
    if (typeof data.units === 'number') parts.push(many(data.units, 'unit'));
    if (total) parts.push(sayMoney(total));
    if (typeof data.backordered === 'number' && data.backordered > 0)
      parts.push(`${data.backordered} wait for stock`);
  }
  if (at) parts.push(nameOf(at));
  if (text(data, 'carrier')) parts.push(`by ${text(data, 'carrier')}`);
  if (text(data, 'tracking')) parts.push(text(data, 'tracking'));
  if (text(data, 'reason')) parts.push(`“${text(data, 'reason')}”`);
  const payment = data.payment as Schemas['OrderPayment'] | undefined;
  if (payment?.status) parts.push(say(payment.status));
  return parts.join(' · ');
}

export function useActor() {
  const { can, state } = useSession();
  const { data } = useQuery({
    queryKey: ['users'],
    staleTime: 5 * 60_000,
    enabled: can('users:read'),
    queryFn: () => take(api.GET('/v1/users', { params: { query: { limit: 250 } } })),
  });
  return ({ kind, id }: Event['actor']): string => {
    if (kind === 'system') return 'Wharf';
    if (kind === 'cli') return 'Command line';
    if (kind === 'key') return 'API key';
    if (id === state.who?.user?.id) return 'You';
    return data?.items.find((one) => one.id === id)?.name ?? 'A person';
  };
}

export function Timeline({ order }: { order: Schemas['Order'] }) {
  const locations = useLocations();
  const actor = useActor();
  const query = useInfiniteQuery({
    queryKey: ['timeline', order.id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/orders/{id}/timeline', {
          params: { path: { id: order.id }, query: { limit: PAGE, after: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const events = (query.data?.pages ?? []).flatMap((page) => page.items).reverse();
  return (
    <Card title="Timeline">
      {query.error && <ProblemView error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Shades lines={4} />}
      {query.hasNextPage && (
        <p className={c.hint}>
          These are the first {events.length}.{' '}
          <Button variant="subtle" size="compact-sm" onClick={() => void query.fetchNextPage()}>
            Read on
          </Button>
        </p>
      )}
      <ol className={c.timeline}>
        {events.map((event) => {
          const more = detail(event, locations.nameOf);
          return (
            <li key={event.id}>
              <div>
                <b>{titleOf(event.type)}</b>
                {more && <span className={look.soft}> {more}</span>}
                {event.type === 'order.routed' && (
                  <>
                    {' '}
                    <a href={`#${event.id}`}>why</a>
                  </>
                )}
              </div>
              <div className={`${look.faint} ${look.small}`}>
                <Time at={event.at} /> · {actor(event.actor)}
              </div>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
