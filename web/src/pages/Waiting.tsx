// Waiting.tsx - how fast orders come, and what a person should look at now. Each
// number is the way to what it counts.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, take } from '../api/client';
import { useSession } from '../session';
import c from './Home.module.css';

const MOST = 250;

export type Recent = { minutes: number; orders: number; is_at_least: boolean };

interface Count {
  n: number;
  isMore?: boolean;
}
const counted = (n: number, { next }: { next: string | null }): Count => ({
  n,
  isMore: next !== null,
});
const sayCount = ({ n, isMore }: Count) => `${n.toLocaleString()}${isMore ? '+' : ''}`;

function useWaiting(): [Count, string, string][] {
  const { can } = useSession();
  const fos = useQuery({
    queryKey: ['fulfillment', 'counts', 'home'],
    enabled: can('fulfillment:read'),
    queryFn: () => take(api.GET('/v1/fulfillment-orders/counts')),
  });
  const webhooks = useQuery({
    queryKey: ['webhooks', 'failing'],
    enabled: can('webhooks:read'),
    queryFn: () => take(api.GET('/v1/webhooks', { params: { query: { limit: MOST } } })),
  });
  const returns = useQuery({
    queryKey: ['returns', 'requested'],
    queryFn: () =>
      take(api.GET('/v1/returns', { params: { query: { state: 'requested', limit: MOST } } })),
  });
  const system = useQuery({
    queryKey: ['system'],
    enabled: can('system:read'),
    queryFn: () => take(api.GET('/v1/system')),
  });
  const inState = (status: string): Count => {
    const cells = (fos.data?.items ?? []).filter((one) => one.status === status);
    return {
      n: cells.reduce((n, one) => n + one.fulfillment_orders, 0),
      isMore: cells.some((one) => one.is_at_least),
    };
  };
  // What somebody switched off waits for nobody.
  const failing = (webhooks.data?.items ?? []).filter(
    (one) =>
      ['failing', 'disabled'].includes(one.health.state) && one.disabled_reason !== 'by_hand',
  );
  return [
    [inState('on_hold'), 'held back', '/fulfillment?status=on_hold'],
    [inState('incomplete'), 'short of units', '/fulfillment?status=incomplete'],
    [
      returns.data ? counted(returns.data.items.length, returns.data) : { n: 0 },
      'returns to answer',
      '/returns?state=requested',
    ],
    [{ n: failing.length }, 'webhooks that fail', '/webhooks'],
    [{ n: system.data?.stopped_consumers.length ?? 0 }, 'readers of the log stopped', '/system'],
  ];
}

export function Waiting({ recent }: { recent: Recent }) {
  const numbers = useWaiting().filter(([count]) => count.n > 0);
  return (
    <ul className={c.numbers} aria-label="Now">
      <li>
        <Link href="/orders">
          <b>
            {(recent.orders / recent.minutes).toLocaleString(undefined, {
              maximumFractionDigits: 1,
            })}
            {recent.is_at_least && '+'}
          </b>
          <span>orders a minute</span>
        </Link>
      </li>
      {numbers.map(([count, what, to]) => (
        <li key={to}>
          <Link href={to}>
            <b className={c.late}>{sayCount(count)}</b>
            <span>{what}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
