// Exchange.tsx - goods that go out for what comes back, with the difference
// before it is done.
import { Button, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, onceOnly, ProblemError, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { Badge, look, Money, ProblemView } from '../../ui/ui';
import { readMoney, say, sayMoney } from '../../ui/words';
import { AddedLines } from './edit/EditLines';
import { OutlookGoods, OutlookMoney } from './edit/Outlook';
import { type Added, readUnits } from './edit/wish';

type OrderOf = Schemas['Order'];
type Return = Schemas['Return'];
type ExchangeOf = Schemas['Exchange'];
type Draft = Schemas['ExchangeDraft'];
const PAUSE_MS = 300;
const keysOf = (id: string) => [['order', id], ['returns'], ['fulfillment']];

function linesOf(lines: Added[], currency: string): Draft['lines'] | null {
  const made = lines.map(({ sku, quantity, price }) => {
    const units = readUnits(quantity);
    const unit_price = readMoney(price, currency);
    return units && unit_price ? { sku, quantity: units, unit_price } : null;
  });
  const right = made.filter((line) => line !== null);
  return right.length > 0 && right.length === made.length ? right : null;
}

function useOutlook(id: OrderOf['id'], body: Draft, isRight: boolean) {
  const [asked] = useDebouncedValue(JSON.stringify(body), PAUSE_MS);
  const query = useQuery({
    queryKey: ['outlook', 'exchange', id, asked],
    enabled: isRight && JSON.parse(asked).lines.length > 0,
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      take(
        api.POST('/v1/orders/{id}/exchanges/preview', {
          params: { path: { id }, header: onceOnly() },
          body: JSON.parse(asked),
        }),
      ),
  });
  return {
    error: isRight ? query.error : null,
    outlook: isRight && !query.error ? query.data : undefined,
    isOld: query.isPlaceholderData || asked !== JSON.stringify(body),
  };
}

// Drafted and confirmed; what is refused on the way leaves none behind.
async function exchange(order: OrderOf['id'], key: string, body: Draft) {
  const header = (step: string) => ({ 'Idempotency-Key': `${key}-${step}` });
  const { id, version } = await take(
    api.POST('/v1/orders/{id}/exchanges', {
      params: { path: { id: order }, header: header('draft') },
      body,
    }),
  );
  try {
    return await take(
      api.POST('/v1/exchanges/{id}/confirm', {
        params: { path: { id }, header: header('confirm') },
        body: { version },
      }),
    );
  } catch (failure) {
    if (failure instanceof ProblemError)
      await api
        .POST('/v1/exchanges/{id}/cancel', {
          params: { path: { id }, header: header('cancel') },
          body: { version },
        })
        .catch(() => {});
    throw failure;
  }
}

export function ExchangeDialog({
  order,
  of,
  onClose,
}: {
  order: OrderOf;
  of: Return;
  onClose: () => void;
}) {
  const [added, setAdded] = useState<Added[]>([]);
  const [reason, setReason] = useState('');
  const { run, isBusy, problem, isStale } = useOnce(order.version, keysOf(order.id), onClose);
  const lines = linesOf(added, order.currency);
  const ask = { return: of.id, lines: lines ?? [] };
  const { outlook, error, isOld } = useOutlook(
    order.id,
    { ...ask, version: order.version, reason: 'preview' },
    lines !== null,
  );
  const nameOf = (n: number) => outlook?.lines.find((one) => one.n === n)?.sku ?? '';
  const act = () =>
    void run(
      (key, version) => exchange(order.id, key, { ...ask, version, reason: reason.trim() }),
      (done) => `The exchange: ${say(done.exchange.state).toLowerCase()}`,
    );
  return (
    <Ask
      title={`Exchange ${of.number}`}
      act="Exchange"
      size="lg"
      isBusy={isBusy}
      isReady={reason.trim() !== '' && outlook?.is_possible === true && !isOld && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>What goes out for what comes back, and what it costs now.</p>
      <AddedLines
        lines={added}
        currency={order.currency}
        totalOf={(i) => outlook?.lines[i]?.total_after}
        set={setAdded}
      />
      {error && <ProblemView error={error} />}
      {outlook && (
        <div aria-busy={isOld}>
          <OutlookMoney of={outlook} />
          <p>
            {sayMoney(outlook.return_worth)} comes off once the return is accepted;{' '}
            {outlook.due.amount > 0
              ? `${sayMoney(outlook.due)} is to be paid before it leaves.`
              : 'nothing is to be paid before it leaves.'}{' '}
            It is then {say(outlook.state_after).toLowerCase()}.
          </p>
          <OutlookGoods of={outlook} nameOf={nameOf} />
        </div>
      )}
      <Textarea
        label="Reason"
        description="Stays on the timeline; no names or addresses."
        maxLength={500}
        rows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Ask>
  );
}

export function useExchanges(id: OrderOf['id'], isAsked: boolean) {
  const { data } = useQuery({
    queryKey: ['order', id, 'exchanges'],
    enabled: isAsked,
    queryFn: () => take(api.GET('/v1/orders/{id}/exchanges', { params: { path: { id } } })),
  });
  return data?.items ?? [];
}

export function ExchangeRow({ of, order }: { of: ExchangeOf; order: OrderOf }) {
  const { can } = useSession();
  const { run, isBusy, problem } = useOnce(of.version, keysOf(order.id), () => {});
  return (
    <div>
      <div className={look.row}>
        <span className={look.soft}>Exchanged for</span>
        <span>{of.lines.map((line) => `${line.quantity} × ${line.sku}`).join(', ')}</span>
        <Badge word={of.state} />
        {of.is_unsettled && <Badge word="unsettled" tone="warn" />}
        {of.refused && <Badge word={of.refused} tone="bad" />}
        {of.total_before && of.total_after && (
          <span className={look.faint}>
            <Money of={of.total_before} /> → <Money of={of.total_after} />
          </span>
        )}
        {can('orders:write') && of.allowed.includes('cancel') && (
          <Button
            size="compact-xs"
            variant="default"
            loading={isBusy}
            onClick={() =>
              void run(
                (key, version) =>
                  take(
                    api.POST('/v1/exchanges/{id}/cancel', {
                      params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
                      body: { version },
                    }),
                  ),
                'Given up: the return goes on',
              )
            }
          >
            Give it up
          </Button>
        )}
      </div>
      {problem}
    </div>
  );
}
