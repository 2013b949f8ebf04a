// Order.tsx - one order, whole.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Icon } from '../../ui/icons';
import { Badge, look, PageHead, ProblemView, Shades } from '../../ui/ui';
import { CancelDialog } from './Cancel';
import { Fulfillment } from './Fulfillment';
import { Lines } from './Lines';
import { Money } from './Money';
import { Returns } from './Returns';
import { Routing } from './Routing';
import { About, People } from './Side';
import { Timeline } from './Timeline';

function Badges({ order }: { order: Schemas['Order'] }) {
  return (
    <span className={look.row}>
      <Badge word={order.status} />
      <Badge word={order.payment_status} />
      {order.fulfillment_status !== 'not_required' && <Badge word={order.fulfillment_status} />}
      {order.delivery_status !== 'none' && <Badge word={order.delivery_status} />}
      {order.return_status !== 'none' && <Badge word={order.return_status} />}
    </span>
  );
}

export default function Order({ id }: { id: string }) {
  const { can } = useSession();
  const [isCancelling, setCancelling] = useState(false);
  const {
    data: order,
    error,
    refetch,
  } = useQuery({
    queryKey: ['order', id],
    queryFn: () => take(api.GET('/v1/orders/{id}', { params: { path: { id } } })),
  });
  if (error && !order) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!order) return <Shades lines={10} />;
  const open = order.lines.reduce((n, l) => n + l.cancellable, 0);
  return (
    <>
      <Link href="/orders" className={look.back}>
        <Icon name="back" size={14} /> Orders
      </Link>
      <PageHead title={order.number} badges={<Badges order={order} />}>
        {can('orders:write') && open > 0 && (
          <Button variant="default" color="red" onClick={() => setCancelling(true)}>
            Cancel…
          </Button>
        )}
      </PageHead>
      <div className={look.columns}>
        <div className={look.column}>
          <Lines order={order} />
          {can('fulfillment:read') && <Fulfillment order={order} />}
          <Returns order={order} />
          <Routing order={order} />
          <Timeline order={order} />
        </div>
        <div className={look.column}>
          <Money order={order} />
          <People order={order} />
          <About order={order} />
        </div>
      </div>
      {isCancelling && <CancelDialog order={order} onClose={() => setCancelling(false)} />}
    </>
  );
}
