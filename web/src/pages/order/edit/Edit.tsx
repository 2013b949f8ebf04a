// Edit.tsx - changes an order: what it would do stands beside it before it is
// done, and what somebody else did meanwhile is told, not written over.
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, onceOnly, ProblemError, type Schemas, take } from '../../../api/client';
import { useSession } from '../../../session';
import { AddressFields } from '../../../ui/AddressFields';
import { When } from '../../../ui/fields';
import { Icon } from '../../../ui/icons';
import { useOnce } from '../../../ui/once';
import { Card, look, PageHead, ProblemView, Shades } from '../../../ui/ui';
import { typeMoney, zone } from '../../../ui/words';
import { useOrder } from '../useOrder';
import e from './Edit.module.css';
import { EditLines } from './EditLines';
import { OutlookGoods, OutlookMoney } from './Outlook';
import { actionsOf, changesOf, NOTHING, type Wish } from './wish';

type OrderOf = Schemas['Order'];
type Action = Schemas['OrderChangeAction'];
const PAUSE_MS = 300;

function useOutlook(order: OrderOf, actions: Action[], isRight: boolean) {
  const body = { version: order.version, reason: 'preview', actions };
  const [asked] = useDebouncedValue(JSON.stringify(body), PAUSE_MS);
  const query = useQuery({
    queryKey: ['outlook', 'change', order.id, asked],
    enabled: isRight && actions.length > 0 && JSON.parse(asked).actions.length > 0,
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      take(
        api.POST('/v1/orders/{id}/changes/preview', {
          params: { path: { id: order.id }, header: onceOnly() },
          body: JSON.parse(asked),
        }),
      ),
  });
  const isShown = isRight && actions.length > 0 && !query.error;
  return {
    error: isRight && actions.length > 0 ? query.error : null,
    outlook: isShown ? query.data : undefined,
    isOld: query.isPlaceholderData || asked !== JSON.stringify(body),
  };
}

// Drafted, asked for and confirmed; what is refused on the way leaves none behind.
async function change(
  order: OrderOf,
  key: string,
  body: Schemas['OrderChangeDraft'],
): Promise<unknown> {
  const header = (step: string) => ({ 'Idempotency-Key': `${key}-${step}` });
  const draft = await take(
    api.POST('/v1/orders/{id}/changes', {
      params: { path: { id: order.id }, header: header('draft') },
      body,
    }),
  );
  const path = { id: draft.id };
  let { version } = draft;
  try {
    ({ version } = await take(
      api.POST('/v1/order-changes/{id}/request', {
        params: { path, header: header('request') },
        body: { version },
      }),
    ));
    return await take(
      api.POST('/v1/order-changes/{id}/confirm', {
        params: { path, header: header('confirm') },
        body: { version },
      }),
    );
  } catch (failure) {
    if (failure instanceof ProblemError)
      await api
        .POST('/v1/order-changes/{id}/cancel', {
          params: { path, header: header('cancel') },
          body: { version },
        })
        .catch(() => {});
    throw failure;
  }
}

function Charges({
  order,
  wish,
  set,
}: {
  order: OrderOf;
  wish: Wish;
  set: (to: Partial<Wish>) => void;
}) {
  return (
    <Card title="Shipping, fees and discount">
      <div className={look.pairs}>
        <TextInput
          label={`Shipping and fees together, ${order.currency}`}
          inputMode="decimal"
          value={wish.charges ?? typeMoney(order.charges_now)}
          onChange={(event) => set({ charges: event.currentTarget.value })}
        />
        <TextInput
          label={`Discount on the whole order, ${order.currency}`}
          description="Shared out over the lines"
          inputMode="decimal"
          value={wish.off}
          onChange={(event) => set({ off: event.currentTarget.value })}
        />
      </div>
    </Card>
  );
}

function Delivery({
  order,
  wish,
  set,
}: {
  order: OrderOf;
  wish: Wish;
  set: (to: Partial<Wish>) => void;
}) {
  return (
    <Card title="Delivery">
      <div className={look.dialog}>
        <Checkbox
          label="To another address"
          checked={wish.address !== undefined}
          onChange={(event) =>
            set({
              address: event.currentTarget.checked ? (order.shipping_address ?? {}) : undefined,
            })
          }
        />
        {wish.address && (
          <AddressFields value={wish.address} onChange={(address) => set({ address })} />
        )}
        <div className={look.pairs}>
          <TextInput
            label="Service"
            maxLength={64}
            value={wish.service ?? order.service ?? ''}
            onChange={(event) => set({ service: event.currentTarget.value })}
          />
          <When
            label={`Leaves not before, ${zone.replaceAll('_', ' ')}`}
            value={wish.date ?? ''}
            set={(date) => set({ date })}
          />
        </div>
      </div>
    </Card>
  );
}

function Editor({ order }: { order: OrderOf }) {
  const [, go] = useLocation();
  const [wish, setWish] = useState(NOTHING);
  const [reason, setReason] = useState('');
  const set = (to: Partial<Wish>) => setWish((old) => ({ ...old, ...to }));
  const back = `/orders/${order.id}`;
  const once = useOnce(
    order.version,
    [
      ['order', order.id],
      ['timeline', order.id],
    ],
    () => go(back),
  );
  const base = useRef(order);
  if (!once.isStale && order.version === once.seen) base.current = order;
  const theirs = once.isStale ? changesOf(base.current, order) : [];

  const wanted = actionsOf(wish, order);
  const actions = wanted.filter((one) => one !== null);
  const isRight = actions.length === wanted.length;
  const { outlook, error, isOld } = useOutlook(order, actions, isRight);
  const nameOf = (n: number) => {
    const line = order.lines.find((one) => one.n === n);
    return line?.title || line?.sku || outlook?.lines.find((one) => one.n === n)?.sku || '';
  };
  const isReady =
    reason.trim() && outlook?.is_possible && !isOld && !once.isStale && actions.length > 0;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isReady)
      void once.run(
        (key, version) => change(order, key, { version, reason: reason.trim(), actions }),
        `${order.number} is changed`,
      );
  }
  return (
    <form onSubmit={submit}>
      <div className={look.columns}>
        <div className={look.column}>
          <EditLines
            order={order}
            wish={wish}
            set={set}
            totalOf={(n) => outlook?.lines.find((one) => one.n === n)?.total_after}
          />
          <Charges order={order} wish={wish} set={set} />
          <Delivery order={order} wish={wish} set={set} />
        </div>
        <div className={`${look.column} ${e.aside}`}>
          <Card title="What it does">
            {wanted.length === 0 && (
              <span className={look.faint}>
                Change something: what it does to money, stock and picks stands here before it is
                done.
              </span>
            )}
            {!isRight && (
              <span className={look.faint}>Something is no number yet, or has no price.</span>
            )}
            {error && <ProblemView error={error} />}
            {outlook && (
              <div aria-busy={isOld}>
                <OutlookMoney of={outlook} />
                <OutlookGoods of={outlook} nameOf={nameOf} />
              </div>
            )}
          </Card>
          <Card title="Confirm">
            <div className={look.dialog}>
              <Textarea
                label="Reason"
                description="Stays on the timeline; no names or addresses."
                maxLength={500}
                rows={2}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
              {once.problem}
              {theirs.length > 0 && (
                <div className={e.stops}>
                  What is another now:
                  <ul>
                    {theirs.map((one) => (
                      <li key={one}>{one}</li>
                    ))}
                  </ul>
                </div>
              )}
              <div className={look.buttons}>
                <Button variant="default" component={Link} href={back}>
                  Leave it
                </Button>
                <Button type="submit" loading={once.isBusy} disabled={!isReady}>
                  Change the order
                </Button>
              </div>
            </div>
          </Card>
        </div>
      </div>
    </form>
  );
}

export default function Edit({ id }: { id: string }) {
  const { can } = useSession();
  const { data: order, error, refetch } = useOrder(id);
  if (error && !order) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!order) return <Shades lines={10} />;
  return (
    <>
      <Link href={`/orders/${id}`} className={look.back}>
        <Icon name="back" size={14} /> {order.number}
      </Link>
      <PageHead title={`Change ${order.number}`} />
      {can('orders:write') ? (
        <Editor order={order} />
      ) : (
        <ProblemView error={new Error('forbidden')} />
      )}
    </>
  );
}
