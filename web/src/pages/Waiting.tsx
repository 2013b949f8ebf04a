// Waiting.tsx - how fast orders come, and what a person should look at now. Each
// number is the way to what it counts.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, take } from '../api/client';
import { useSession } from '../session';
import c from './Home.module.css';

const MINUTES = 10;
const MOST = 250;

interface Count {
  n: number;
  isMore?: boolean;
}
const counted = (n: number, { next }: { next: string | null }): Count => ({
  n,
  isMore: next !== null,
});
const sayCount = ({ n, isMore }: Count) => `${n.toLocaleString()}${isMore ? '+' : ''}`;

function useMinute() {
  return useQuery({
    queryKey: ['latest', 'minute'],
    refetchInterval: 15_000,
    queryFn: async () => {
      const received_from = new Date(Date.now() - MINUTES * 60_000).toISOString();
      const page = await take(
        api.GET('/v1/orders', { params: { query: { received_from, limit: MOST } } }),
      );
      return counted(page.items.length, page);
    },
  }).data;
}

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
  const inState = (status: string): Count => {
    const cells = (fos.data?.items ?? []).filter((one) => one.status === status);
    return {
      n: cells.reduce((n, one) => n + one.fulfillment_orders, 0),
      isMore: cells.some((one) => one.is_at_least),
    };
  };
  const failing = (webhooks.data?.items ?? []).filter((one) =>
    ['failing', 'disabled'].includes(one.health.state),
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
  ];
}

export function Waiting() {
  const minute = useMinute();
  const numbers = useWaiting().filter(([count]) => count.n > 0);
  return (
    <ul className={c.numbers} aria-label="Now">
      {minute && (
        <li>
          <Link href="/orders">
            <b>
              {(minute.n / MINUTES).toLocaleString(undefined, { maximumFractionDigits: 1 })}
              {minute.isMore && '+'}
            </b>
            <span>orders a minute</span>
          </Link>
        </li>
      )}
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
