// Pay.tsx - takes what was promised, gives it up, gives back: each as it was
// seen, and a refund with what it would do before it does it.
import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, onceOnly, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { look, ProblemView, Money as Sum } from '../../ui/ui';
import { readMoney, say, sayMoney, typeMoney } from '../../ui/words';
import c from './Order.module.css';

type Payment = Schemas['Payment'];
type OrderOf = Schemas['Order'];
type Act = 'capture' | 'void';

const keysOf = (order: string) => [
  ['order', order],
  ['payments', order],
];

function PaymentDialog({
  payment,
  act,
  onClose,
}: {
  payment: Payment;
  act: Act;
  onClose: () => void;
}) {
  const { run, isBusy, problem, isStale } = useOnce(
    payment.version,
    keysOf(payment.order_id),
    onClose,
  );
  const open = payment.authorized.amount > 0 ? payment.authorized : payment.pending;
  const [text, setText] = useState(typeMoney(open));
  const amount = readMoney(text, open.currency);
  const isRight = act === 'void' || (amount !== null && amount.amount > 0);
  const onAct = () => {
    const at = (key: string) => ({
      path: { id: payment.id },
      header: { 'Idempotency-Key': key },
    });
    void run(
      (key, version) =>
        act === 'void'
          ? take(api.POST('/v1/payments/{id}/void', { params: at(key), body: { version } }))
          : take(
              api.POST('/v1/payments/{id}/capture', {
                params: at(key),
                body: { version, ...(amount ? { amount } : {}) },
              }),
            ),
      payment.gateway_account_id ? 'The gateway is asked' : act === 'void' ? 'Given up' : 'Taken',
    );
  };
  return (
    <Ask
      title={act === 'void' ? 'Give up what is open' : 'Capture'}
      act={act === 'void' ? 'Void' : `Capture ${amount ? sayMoney(amount) : ''}`}
      isGrave={act === 'void'}
      isBusy={isBusy}
      isReady={isRight && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={onAct}
    >
      <p>
        {act === 'void'
          ? `${sayMoney(open)} of ${say(payment.tender)} are open. They cannot be taken afterwards.`
          : `${sayMoney(open)} of ${say(payment.tender)} are open.`}
      </p>
      {act === 'capture' && (
        <TextInput
          label={`Amount, ${open.currency}`}
          inputMode="decimal"
          value={text}
          error={isRight ? undefined : 'Not an amount'}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
      )}
    </Ask>
  );
}

export function PaymentActions({ payment }: { payment: Payment }) {
  const { can } = useSession();
  const [act, setAct] = useState<Act | null>(null);
  const isOpen = payment.authorized.amount > 0 || payment.pending.amount > 0;
  if (!can('finance:write') || !isOpen) return null;
  return (
    <div className={c.moneyButtons}>
      <Button size="xs" onClick={() => setAct('capture')}>
        Capture…
      </Button>
      <Button size="xs" variant="default" onClick={() => setAct('void')}>
        Void…
      </Button>
      {act && <PaymentDialog payment={payment} act={act} onClose={() => setAct(null)} />}
    </div>
  );
}

type RefundAsk = Pick<Schemas['RefundPlan'], 'order_id'> & {
  lines?: { n: number; quantity: number }[];
  shipping?: Schemas['Money'];
  allowance?: Schemas['Money'];
};

function usePlan(ask: RefundAsk, isRight: boolean) {
  const { order_id, ...body } = ask;
  return useQuery({
    queryKey: ['payments', order_id, 'refund', JSON.stringify(body)],
    enabled: isRight,
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      take(
        api.POST('/v1/orders/{id}/refunds/preview', {
          params: { path: { id: order_id }, header: onceOnly() },
          body,
        }),
      ),
  });
}

function Plan({ plan }: { plan: Schemas['RefundPlan'] }) {
  return (
    <dl className={c.money}>
      {plan.tenders.map((one) => (
        <div key={one.payment_id}>
          <dt>Back to {say(one.tender).toLowerCase()}</dt>
          <dd>
            <Sum of={one.amount} />
          </dd>
        </div>
      ))}
      <div>
        <dt>Owed to the buyer after it</dt>
        <dd>
          <Sum of={plan.owed_after} />
        </dd>
      </div>
      <div className={c.sum}>
        <dt>Given back</dt>
        <dd>
          <Sum of={plan.amount} />
        </dd>
      </div>
    </dl>
  );
}

function RefundDialog({ order, onClose }: { order: OrderOf; onClose: () => void }) {
  const { run, isBusy, problem, isStale } = useOnce(order.version, keysOf(order.id), onClose);
  const currency = order.payment.total_now.currency;
  const [units, setUnits] = useState<Record<number, number>>({});
  const [shipping, setShipping] = useState('');
  const [goodwill, setGoodwill] = useState('');
  const [reason, setReason] = useState('');
  const sent = order.lines.filter((line) => line.shipped > 0);
  const post = shipping.trim() ? readMoney(shipping, currency) : undefined;
  const extra = goodwill.trim() ? readMoney(goodwill, currency) : undefined;
  const lines = sent
    .map((line) => ({ n: line.n, quantity: units[line.n] ?? 0 }))
    .filter((one) => one.quantity > 0);
  const isRight = post !== null && extra !== null;
  const worth = {
    ...(lines.length ? { lines } : {}),
    ...(post?.amount ? { shipping: post } : {}),
    ...(extra?.amount ? { allowance: extra } : {}),
  };
  const plan = usePlan({ order_id: order.id, ...worth }, isRight);
  const shown = plan.error ? undefined : plan.data;
  // The preview of nothing is a plan of nothing; doing it would be refused.
  const isNothing = shown?.amount.amount === 0 && Object.keys(worth).length === 0;
  const onAct = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/orders/{id}/refunds', {
            params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
            body: {
              version,
              later: false,
              to: 'tenders',
              ...worth,
              ...(reason.trim() ? { reason: reason.trim() } : {}),
            },
          }),
        ),
      'Refunded',
    );
  return (
    <Ask
      title={`Refund ${order.number}`}
      act={`Refund ${shown ? sayMoney(shown.amount) : ''}`}
      isBusy={isBusy}
      isReady={isRight && shown !== undefined && !isNothing && !plan.isPlaceholderData && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={onAct}
    >
      <p>Left empty, what is owed already is given back.</p>
      {sent.length > 0 && (
        <ul className={look.units}>
          {sent.map((line) => (
            <li key={line.n}>
              <label htmlFor={`refund-${line.n}`}>
                {line.title || line.sku}
                <span className={`${look.faint} ${look.small}`}> stays with the buyer</span>
              </label>
              <input
                id={`refund-${line.n}`}
                type="number"
                inputMode="numeric"
                min={0}
                max={line.shipped}
                value={units[line.n] ?? 0}
                onChange={(event) =>
                  setUnits({ ...units, [line.n]: Math.trunc(Number(event.currentTarget.value)) })
                }
              />
              <span className={look.faint}>of {line.shipped.toLocaleString()}</span>
            </li>
          ))}
        </ul>
      )}
      <TextInput
        label={`Of shipping, ${currency}`}
        inputMode="decimal"
        value={shipping}
        error={post === null ? 'Not an amount' : undefined}
        onChange={(event) => setShipping(event.currentTarget.value)}
      />
      <TextInput
        label={`Goodwill, ${currency}`}
        inputMode="decimal"
        value={goodwill}
        error={extra === null ? 'Not an amount' : undefined}
        onChange={(event) => setGoodwill(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Reason"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {isNothing && <p>Nothing is owed, and nothing is taken off yet.</p>}
      {plan.error && <ProblemView error={plan.error} />}
      {shown && !isNothing && <Plan plan={shown} />}
    </Ask>
  );
}

export function Refund({ order }: { order: OrderOf }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  if (!can('finance:write') || order.payment.captured.amount <= order.payment.refunded.amount)
    return null;
  return (
    <div className={c.moneyButtons}>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Refund…
      </Button>
      {isOpen && <RefundDialog order={order} onClose={() => setOpen(false)} />}
    </div>
  );
}
