// Start.tsx - the way of a new shop from nothing to its first parcel. It goes
// once that has left.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, type Scope, take } from '../api/client';
import { useSession } from '../session';
import { Icon } from '../ui/icons';
import { Card, look } from '../ui/ui';
import c from './Start.module.css';

// A shop with more orders than this needs no guide, and is not asked.
const ORDERS_MOST = 20;
const ONE = { params: { query: { limit: 1 } } };
const has = ({ items }: { items: unknown[] }) => items.length > 0;

// Each with the page where it is done, and how it is seen to be done.
const STEPS: {
  title: string;
  how: string;
  to: string;
  scope: Scope;
  isDone: () => Promise<boolean>;
}[] = [
  {
    title: 'Name a location',
    how: 'Where stock lies and parcels leave. Its address stands on labels.',
    to: '/locations',
    scope: 'inventory:write',
    isDone: async () => has(await take(api.GET('/v1/locations', ONE))),
  },
  {
    title: 'Open a channel',
    how: 'Where you sell: your shop, a marketplace, a till.',
    to: '/channels',
    scope: 'channels:write',
    isDone: async () => has(await take(api.GET('/v1/channels', ONE))),
  },
  {
    title: 'Add a product',
    how: 'A SKU is what orders name and shelves hold.',
    to: '/products',
    scope: 'catalog:write',
    isDone: async () => has(await take(api.GET('/v1/skus', ONE))),
  },
  {
    title: 'Receive stock',
    how: 'Press “Receive…”, type the SKU and how many came in.',
    to: '/inventory',
    scope: 'inventory:write',
    isDone: async () => has(await take(api.GET('/v1/inventory/levels', ONE))),
  },
  {
    title: 'Add a carrier',
    how: 'Labels are bought with it. “Own delivery” needs no contract.',
    to: '/carriers',
    scope: 'shipping:write',
    isDone: async () => has(await take(api.GET('/v1/carrier-accounts', ONE))),
  },
  {
    title: 'Take the first order',
    how: 'Write it by hand, or let your shop send it by the API.',
    to: '/orders/new',
    scope: 'orders:write',
    isDone: async () => has(await take(api.GET('/v1/orders', ONE))),
  },
  {
    title: 'Pick, pack and ship it',
    how: 'Open it on the board: pick, pack, buy the label, and let it go.',
    to: '/fulfillment',
    scope: 'fulfillment:write',
    isDone: async () =>
      has(
        await take(api.GET('/v1/orders', { params: { query: { limit: 1, status: 'completed' } } })),
      ),
  },
];

export function Start({ orders }: { orders: number }) {
  const { can } = useSession();
  const { data: done } = useQuery({
    queryKey: ['start', String(orders)],
    enabled: orders <= ORDERS_MOST,
    staleTime: 0,
    queryFn: () => Promise.all(STEPS.map((step) => !can(step.scope) || step.isDone())),
  });
  if (orders > ORDERS_MOST || !done || done.at(-1)) return null;
  const next = done.indexOf(false);
  const left = done.filter((one) => !one).length;
  return (
    <div className={c.card}>
      <Card
        title="From nothing to the first parcel"
        aside={<span className={look.faint}>{left} to go</span>}
        isFlush
      >
        <ol className={c.steps}>
          {STEPS.map((step, i) =>
            can(step.scope) ? (
              <li
                key={step.to}
                data-is={done[i] ? 'done' : 'open'}
                aria-current={i === next ? 'step' : undefined}
              >
                <span className={c.mark} role="img" aria-label={done[i] ? 'Done' : 'To do'}>
                  {done[i] && <Icon name="check" size={14} />}
                </span>
                <div>
                  <Link href={step.to}>{step.title}</Link>
                  {i === next && <p>{step.how}</p>}
                </div>
              </li>
            ) : null,
          )}
        </ol>
      </Card>
    </div>
  );
}
