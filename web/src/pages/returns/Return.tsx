// Return.tsx - one return: yes or no, label, what came, what is taken back, and
// the money.
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Icon } from '../../ui/icons';
import { useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { Badge, Card, Facts, look, Money, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { many, say } from '../../ui/words';
import { Refund } from '../order/Pay';
import { Inspect } from './Inspect';
import { Receive } from './Receive';

type Rma = Schemas['Return'];
type Step = 'approve' | 'decline' | 'cancel' | 'label';
const STEPS: Record<
  Step,
  { ask: string; text: string; done: string; scope: 'orders:write' | 'shipping:write' }
> = {
  approve: {
    ask: 'Approve…',
    text: 'The goods may come.',
    done: 'Approved',
    scope: 'orders:write',
  },
  decline: {
    ask: 'Decline…',
    text: 'The goods may not come.',
    done: 'Declined',
    scope: 'orders:write',
  },
  cancel: {
    ask: 'Cancel…',
    text: 'The goods will not come; nothing of them is awaited any more.',
    done: 'Cancelled',
    scope: 'orders:write',
  },
  label: {
    ask: 'Labels…',
    text: 'A label for each parcel that the goods left in; the carrier is asked for it.',
    done: 'The carrier is asked for labels',
    scope: 'shipping:write',
  },
};

function StepDialog({ rma, step, onClose }: { rma: Rma; step: Step; onClose: () => void }) {
  const locations = useLocations();
  const [reason, setReason] = useState('');
  const [location, setLocation] = useState(rma.location);
  const { run, isBusy, problem, isStale } = useOnce(
    rma.version,
    [['returns'], ['order'], ['packages']],
    onClose,
  );
  const { text, done } = STEPS[step];
  function call(key: string, version: number) {
    const params = { path: { id: rma.id }, header: { 'Idempotency-Key': key } };
    const why = reason.trim() ? { reason: reason.trim() } : {};
    if (step === 'approve')
      return take(api.POST('/v1/returns/{id}/approve', { params, body: { version, location } }));
    if (step === 'label')
      return take(api.POST('/v1/returns/{id}/label', { params, body: { version } }));
    if (step === 'decline')
      return take(api.POST('/v1/returns/{id}/decline', { params, body: { version, ...why } }));
    return take(api.POST('/v1/returns/{id}/cancel', { params, body: { version, ...why } }));
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void run(call, done);
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${say(step)} ${rma.number}`}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={look.dialog} onSubmit={submit}>
        <p>{text}</p>
        {step === 'approve' && (
          <NativeSelect
            label="They go to"
            value={location}
            onChange={(event) => setLocation(event.currentTarget.value)}
            data={locations.all.map((one) => ({ value: one.code, label: one.name }))}
          />
        )}
        {(step === 'decline' || step === 'cancel') && (
          <TextInput
            label="Reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {problem}
        <div className={look.buttons}>
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={isBusy} disabled={isStale}>
            {say(step)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Actions({ rma }: { rma: Rma }) {
  const { can } = useSession();
  const [step, setStep] = useState<Step | null>(null);
  const may = (['approve', 'label', 'decline', 'cancel'] as const).filter(
    (one) => rma.allowed.includes(one) && can(STEPS[one].scope),
  );
  return (
    <>
      {may.map((one) => (
        <Button
          key={one}
          variant={one === 'approve' ? 'filled' : 'default'}
          onClick={() => setStep(one)}
        >
          {STEPS[one].ask}
        </Button>
      ))}
      {step && <StepDialog rma={rma} step={step} onClose={() => setStep(null)} />}
    </>
  );
}

function Sum({ rma }: { rma: Rma }) {
  const { data: order } = useQuery({
    queryKey: ['order', rma.order_id],
    queryFn: () => take(api.GET('/v1/orders/{id}', { params: { path: { id: rma.order_id } } })),
  });
  return (
    <Card title="Money">
      {order ? (
        <Facts
          rows={[
            ['Order worth now', <Money key="w" of={order.payment.total_now} />],
            ['Balance due', <Money key="b" of={order.payment.balance_due} />],
            ['Refunded', <Money key="r" of={order.payment.refunded} />],
            [
              'Kept for restocking',
              rma.restocking_kept.amount > 0 && <Money of={rma.restocking_kept} />,
            ],
            ['Kept for shipping', rma.shipping_kept.amount > 0 && <Money of={rma.shipping_kept} />],
          ]}
        />
      ) : (
        <Shades lines={3} />
      )}
      {order && <Refund order={order} />}
    </Card>
  );
}

function Lines({ rma }: { rma: Rma }) {
  return (
    <Card title="Asked back" isFlush>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>Item</th>
              <th>Why</th>
              <th className={look.right}>Asked</th>
              <th className={look.right}>Taken back</th>
              <th className={look.right}>Written off</th>
              <th className={look.right}>Dropped</th>
            </tr>
          </thead>
          <tbody>
            {rma.lines.map((line) => (
              <tr key={line.n}>
                <td>{line.sku}</td>
                <td>
                  {say(line.reason)}
                  {line.note && <div className={look.faint}>{line.note}</div>}
                  {line.photo && (
                    <a href={line.photo} rel="noreferrer" target="_blank">
                      Photo
                    </a>
                  )}
                </td>
                <td className={look.right}>{line.quantity.toLocaleString()}</td>
                <td className={look.right}>{line.returned.toLocaleString()}</td>
                <td className={look.right}>{line.written_off.toLocaleString()}</td>
                <td className={look.right}>{line.dropped.toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

export default function Return({ id }: { id: string }) {
  const { can } = useSession();
  const locations = useLocations();
  const {
    data: rma,
    error,
    refetch,
  } = useQuery({
    queryKey: ['returns', 'one', id],
    queryFn: () => take(api.GET('/v1/returns/{id}', { params: { path: { id } } })),
  });
  if (error && !rma) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!rma) return <Shades lines={10} />;
  return (
    <>
      <Link href="/returns" className={look.back}>
        <Icon name="back" size={14} /> Returns
      </Link>
      <PageHead title={rma.number} badges={<Badge word={rma.state} />}>
        <Actions rma={rma} />
      </PageHead>
      <div className={look.columns}>
        <div className={look.column}>
          <Lines rma={rma} />
          {can('fulfillment:write') && rma.allowed.includes('receive') && (
            <Receive key={`r${rma.version}`} rma={rma} />
          )}
          <Inspect key={`i${rma.version}`} rma={rma} />
        </div>
        <div className={look.column}>
          <Sum rma={rma} />
          <Card title="About">
            <Facts
              rows={[
                [
                  'Order',
                  <Link key="o" href={`/orders/${rma.order_id}`}>
                    To the order
                  </Link>,
                ],
                ['Goes to', locations.nameOf(rma.location_id)],
                ['Asked by', say(rma.origin)],
                ['Note', rma.note],
                ['Why not', rma.why],
                ['Parcels', rma.parcels.length > 0 && many(rma.parcels.length, 'parcel')],
                ['Given up on', rma.expires_at && <Time at={rma.expires_at} />],
                ['Asked', <Time key="c" at={rma.created_at} />],
                ['Closed', rma.closed_at && <Time at={rma.closed_at} />],
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}
