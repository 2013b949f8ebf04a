// Order.tsx - one order, whole.
import { Button, Menu } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useCommands } from '../../ui/commands';
import { Icon } from '../../ui/icons';
import { Notes } from '../../ui/Notes';
import { Badge, look, PageHead, ProblemView, Shades } from '../../ui/ui';
import { CancelDialog } from './Cancel';
import { Fulfillment } from './Fulfillment';
import { HoldDialog, Holds } from './Holds';
import { Lines } from './Lines';
import { Money } from './Money';
import { Paper } from './Paper';
import { ReplaceDialog } from './Replace';
import { Returns } from './Returns';
import { Routing } from './Routing';
import { About, People } from './Side';
import { Tags } from './Tags';
import { Timeline, useActor } from './Timeline';
import { useOrder } from './useOrder';

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

type Act = 'cancel' | 'hold' | 'replace';

// The items of its menu, which the palette does not see while it is shut.
function useMenuCommands(order: Schemas['Order'], ask: (act: Act) => void) {
  const { can } = useSession();
  const [, go] = useLocation();
  const mayWrite = can('orders:write');
  const hasShipped = order.lines.some((line) => line.shipped > 0);
  const { id, number } = order;
  useCommands(
    useMemo(() => {
      const command = (name: string, run: () => void) => ({ name, about: number, run });
      return [
        ...(mayWrite
          ? [
              command('Hold the order…', () => ask('hold')),
              ...(hasShipped ? [command('Send again…', () => ask('replace'))] : []),
              command('Duplicate', () => go(`/orders/new?from=${id}`)),
            ]
          : []),
        command('Print', () => window.print()),
      ];
    }, [mayWrite, hasShipped, id, number, ask, go]),
  );
}

function Acts({ order, ask }: { order: Schemas['Order']; ask: (act: Act) => void }) {
  const { can } = useSession();
  const mayWrite = can('orders:write');
  const open = order.lines.reduce((n, line) => n + line.cancellable, 0);
  useMenuCommands(order, ask);
  return (
    <>
      {mayWrite && (
        <Button variant="default" component={Link} href={`/orders/${order.id}/edit`}>
          Edit
        </Button>
      )}
      {mayWrite && open > 0 && (
        <Button variant="default" color="red" onClick={() => ask('cancel')}>
          Cancel…
        </Button>
      )}
      <Menu position="bottom-end" width={220} withinPortal>
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayWrite && <Menu.Item onClick={() => ask('hold')}>Hold the order…</Menu.Item>}
          {mayWrite && order.lines.some((line) => line.shipped > 0) && (
            <Menu.Item onClick={() => ask('replace')}>Send again…</Menu.Item>
          )}
          {mayWrite && (
            <Menu.Item component={Link} href={`/orders/new?from=${order.id}`}>
              Duplicate
            </Menu.Item>
          )}
          <Menu.Item onClick={() => window.print()}>Print</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function OrderNotes({ id }: { id: Schemas['OrderId'] }) {
  const { can } = useSession();
  const actor = useActor();
  return (
    <Notes
      cacheKey={['order', id, 'notes']}
      read={async (after) => {
        const page = await take(
          api.GET('/v1/orders/{id}/notes', {
            params: { path: { id }, query: { limit: 50, after } },
          }),
        );
        return {
          ...page,
          items: page.items.map((one) => ({
            id: one.id,
            text: one.text,
            at: one.created_at,
            by: actor(one.actor),
          })),
        };
      }}
      add={
        can('orders:write')
          ? (key, text) =>
              take(
                api.POST('/v1/orders/{id}/notes', {
                  params: { path: { id }, header: { 'Idempotency-Key': key } },
                  body: { text },
                }),
              )
          : undefined
      }
    />
  );
}

export default function Order({ id }: { id: string }) {
  const { can } = useSession();
  const [asked, ask] = useState<Act | null>(null);
  const { data: order, error, refetch } = useOrder(id);
  if (error && !order) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!order) return <Shades lines={10} />;
  const close = () => ask(null);
  return (
    <>
      <Link href="/orders" className={look.back}>
        <Icon name="back" size={14} /> Orders
      </Link>
      <PageHead title={order.number} badges={<Badges order={order} />}>
        <Acts order={order} ask={ask} />
      </PageHead>
      <div className={look.columns}>
        <div className={look.column}>
          <Holds order={order} />
          <Lines order={order} />
          {can('fulfillment:read') && <Fulfillment order={order} />}
          <Returns order={order} />
          <Routing order={order} />
          <Timeline order={order} />
        </div>
        <div className={look.column}>
          <Money order={order} />
          <Paper order={order} />
          <People order={order} />
          <Tags order={order} />
          <OrderNotes id={order.id} />
          <About order={order} />
        </div>
      </div>
      {asked === 'cancel' && <CancelDialog order={order} onClose={close} />}
      {asked === 'hold' && <HoldDialog order={order} onClose={close} />}
      {asked === 'replace' && <ReplaceDialog order={order} onClose={close} />}
    </>
  );
}
