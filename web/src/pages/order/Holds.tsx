// Holds.tsx - what stops an order, who or which rule stopped it, and letting
// it go.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ProblemError, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { isMoment, momentOf } from '../../ui/days';
import { When } from '../../ui/fields';
import { useOnce } from '../../ui/once';
import { Badge, Card, look, ProblemView, Time } from '../../ui/ui';
import { say, zone } from '../../ui/words';
import c from './Order.module.css';

type OrderOf = Schemas['Order'];
type Hold = Schemas['OrderHold'];
const REASONS: Schemas['OrderHoldReason'][] = [
  'address',
  'customer',
  'payment',
  'stock',
  'fraud_review',
  'other',
];

export function HoldReason({
  value,
  onChange,
}: {
  value: Schemas['OrderHoldReason'];
  onChange: (to: Schemas['OrderHoldReason']) => void;
}) {
  return (
    <NativeSelect
      label="Why"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as typeof value)}
      data={REASONS.map((one) => ({ value: one, label: say(one) }))}
    />
  );
}

const keysOf = (id: string) => [['order', id], ['fulfillment']];

export function HoldDialog({ order, onClose }: { order: OrderOf; onClose: () => void }) {
  const [reason, setReason] = useState<Schemas['OrderHoldReason']>('address');
  const [note, setNote] = useState('');
  const [until, setUntil] = useState('');
  const [line, setLine] = useState('');
  const { run, isBusy, problem, isStale } = useOnce(order.version, keysOf(order.id), onClose);
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/orders/{id}/holds', {
            params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
            body: {
              version,
              reason,
              ...(note.trim() ? { note: note.trim() } : {}),
              ...(until ? { until: momentOf(until) ?? until } : {}),
              ...(line ? { line: Number(line) } : {}),
            },
          }),
        ),
      `${order.number} is on hold`,
    );
  return (
    <Ask
      title={`Hold ${order.number}`}
      act="Put on hold"
      isBusy={isBusy}
      isReady={!isStale && (until === '' || isMoment(until))}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>Nothing of it is picked until it is let go. Its stock stays reserved.</p>
      <HoldReason value={reason} onChange={setReason} />
      <NativeSelect
        label="What"
        value={line}
        onChange={(event) => setLine(event.currentTarget.value)}
        data={[
          { value: '', label: 'The whole order' },
          ...order.lines.map((one) => ({ value: String(one.n), label: one.title || one.sku })),
        ]}
      />
      <TextInput
        label="Note"
        description="For people here; it stands in no event."
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
      <When
        label={`Until, ${zone.replaceAll('_', ' ')}`}
        description="Left empty, until somebody lets it go."
        value={until}
        set={setUntil}
      />
    </Ask>
  );
}

function One({ hold, order }: { hold: Hold; order: OrderOf }) {
  const { can } = useSession();
  const { run, isBusy, problem } = useOnce(hold.version, keysOf(order.id), () => {});
  const line = order.lines.find((one) => one.n === hold.line);
  return (
    <li>
      <div className={look.row}>
        <b className={c.title}>{say(hold.reason)}</b>
        {hold.state !== 'active' && <Badge word={hold.state} tone="neutral" />}
        {line && <span className={look.soft}>{line.title || line.sku} alone</span>}
        {hold.state === 'active' && can('orders:write') && (
          <Button
            className={c.end}
            size="xs"
            variant="default"
            loading={isBusy}
            aria-label={`Let go: ${say(hold.reason)}`}
            onClick={() =>
              void run(
                (key, version) =>
                  take(
                    api.POST('/v1/order-holds/{id}/release', {
                      params: { path: { id: hold.id }, header: { 'Idempotency-Key': key } },
                      body: { version },
                    }),
                  ),
                'Let go',
              )
            }
          >
            Let go
          </Button>
        )}
      </div>
      {hold.note && <div>{hold.note}</div>}
      <div className={`${look.faint} ${look.small}`}>
        <Time at={hold.created_at} />
        {hold.until && (
          <>
            {' '}
            until <Time at={hold.until} />
          </>
        )}
      </div>
      {problem}
    </li>
  );
}

// Why a rule held it; by hand there may be such a hold without a score.
function useScore(id: OrderOf['id'], isAsked: boolean) {
  return useQuery({
    queryKey: ['order', id, 'score'],
    enabled: isAsked,
    queryFn: async () => {
      try {
        return await take(api.GET('/v1/orders/{id}/score', { params: { path: { id } } }));
      } catch (failure) {
        if (failure instanceof ProblemError && failure.problem.status === 404) return null;
        throw failure;
      }
    },
  });
}

export function Holds({ order }: { order: OrderOf }) {
  const { data, error } = useQuery({
    queryKey: ['order', order.id, 'holds'],
    queryFn: () => take(api.GET('/v1/orders/{id}/holds', { params: { path: { id: order.id } } })),
  });
  const all = data?.items ?? [];
  const { data: score } = useScore(
    order.id,
    all.some((one) => one.reason === 'fraud_review'),
  );
  const active = all.filter((one) => one.state === 'active');
  const over = all.filter((one) => one.state !== 'active');
  if (!error && all.length === 0) return null;
  return (
    <Card
      title="Holds"
      aside={active.length > 0 && <Badge word="on_hold" label={`${active.length} now`} />}
    >
      {error && <ProblemView error={error} />}
      <ul className={c.holds}>
        {active.map((one) => (
          <One key={`${one.id} ${one.version}`} hold={one} order={order} />
        ))}
      </ul>
      {score && (
        <div className={look.soft}>
          {score.score} of {score.threshold} points for fraud
          {score.hits.length > 0 &&
            `: ${score.hits.map((hit) => `${hit.rule} ${hit.points}`).join(', ')}`}
        </div>
      )}
      {over.length > 0 && (
        <details className={c.details}>
          <summary>{over.length} over</summary>
          <ul className={c.holds}>
            {over.map((one) => (
              <One key={one.id} hold={one} order={order} />
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
