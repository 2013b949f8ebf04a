// Purchase.tsx - one purchase order: its lines, what of them came, and what may
// be done with it.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { dayOf, momentOf } from '../../ui/days';
import { When } from '../../ui/fields';
import { Icon } from '../../ui/icons';
import { Anew, useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { Badge, Card, Facts, look, Money, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { many } from '../../ui/words';
import { Receive } from './Receive';
import { Day, isPast, type Purchase as PurchaseOf, SHOWN_BY_IT, unitsOf } from './said';
import { useSuppliers } from './supplier';

type Step = 'approve' | 'send' | 'close' | 'cancel';

// What each step is called, what it means, and what stands there once it is done.
const STEPS: Record<
  Step,
  { name: string; act?: string; does: string; done: string; leave?: string }
> = {
  approve: { name: 'Approve', does: 'It can no longer be changed then.', done: 'Approved' },
  send: {
    name: 'Send',
    does: 'Its units count as incoming and are promised to orders that wait. Wharf sends nothing to the supplier by itself.',
    done: 'Sent',
  },
  close: {
    name: 'Close',
    act: 'Close the order',
    does: 'What has not come is no longer expected; orders that wait for it lose their day.',
    done: 'Closed',
  },
  cancel: {
    name: 'Cancel',
    act: 'Cancel the order',
    does: 'Nothing of it is expected any more.',
    done: 'Cancelled',
    leave: 'Keep it',
  },
};

function StepDialog({ of, step, onClose }: { of: PurchaseOf; step: Step; onClose: () => void }) {
  const { run, isBusy, problem, isStale } = useOnce(of.version, SHOWN_BY_IT, onClose);
  const { name, act = name, does, done, leave } = STEPS[step];
  const call = (key: string, version: number): Promise<PurchaseOf> => {
    const with_ = {
      params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
      body: { version },
    };
    switch (step) {
      case 'approve':
        return take(api.POST('/v1/purchase-orders/{id}/approve', with_));
      case 'send':
        return take(api.POST('/v1/purchase-orders/{id}/send', with_));
      case 'close':
        return take(api.POST('/v1/purchase-orders/{id}/close', with_));
      case 'cancel':
        return take(api.POST('/v1/purchase-orders/{id}/cancel', with_));
    }
  };
  return (
    <Ask
      title={`${name} ${of.number}`}
      act={act}
      leave={leave}
      isGrave={step === 'cancel' || step === 'close'}
      isBusy={isBusy}
      isReady={!isStale}
      problem={problem}
      onClose={onClose}
      onAct={() => void run(call, `${of.number}: ${done.toLowerCase()}`)}
    >
      <p>{does}</p>
    </Ask>
  );
}

// All that is still to come, on another day.
function Reschedule({ of, onClose }: { of: PurchaseOf; onClose: () => void }) {
  const open = of.lines.filter((one) => one.open > 0);
  const [days, setDays] = useState<Record<number, string>>(() =>
    Object.fromEntries(open.map((one) => [one.line, dayOf(one.expected_at)])),
  );
  const { run, isBusy, problem, isStale } = useOnce(of.version, SHOWN_BY_IT, onClose);
  const moved = open.filter((one) => days[one.line] && days[one.line] !== dayOf(one.expected_at));
  const lines = moved.flatMap(({ line }) => {
    const expected_at = momentOf(days[line] ?? '');
    return expected_at ? [{ line, expected_at }] : [];
  });
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/purchase-orders/{id}/reschedule', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { version, lines },
          }),
        ),
      `${many(lines.length, 'line')} on another day`,
    );
  return (
    <Ask
      title={`When ${of.number} comes`}
      act="Change the days"
      isBusy={isBusy}
      isReady={lines.length > 0 && lines.length === moved.length && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>What is promised to orders that wait moves with it.</p>
      {open.map((one) => (
        <When
          key={one.line}
          isDay
          label={`${one.sku}, ${many(one.open, 'unit')}`}
          value={days[one.line] ?? ''}
          set={(day) => setDays((old) => ({ ...old, [one.line]: day }))}
        />
      ))}
    </Ask>
  );
}

function Acts({ of }: { of: PurchaseOf }) {
  const { can } = useSession();
  const [dialog, setDialog] = useState<Step | 'receive' | 'reschedule' | null>(null);
  if (!can('inventory:write')) return null;
  const may = (step: string) => of.allowed.includes(step);
  const close = () => setDialog(null);
  // What has come is received more seldom than it is closed.
  const isFirst = { receive: of.status !== 'received', close: of.status === 'received' };
  const act = (step: NonNullable<typeof dialog>, name: string, isMain = false) =>
    may(step) && (
      <Button variant={isMain ? undefined : 'default'} onClick={() => setDialog(step)}>
        {name}
      </Button>
    );
  return (
    <>
      {act('cancel', 'Cancel…')}
      {act('reschedule', 'Another day…')}
      {may('edit') && (
        <Button variant="default" component={Link} href={`/purchase-orders/${of.id}/edit`}>
          Change
        </Button>
      )}
      {act('close', 'Close…', isFirst.close)}
      {act('receive', 'Receive…', isFirst.receive)}
      {act('approve', 'Approve…', true)}
      {act('send', 'Send…', true)}
      {dialog === 'receive' && <Receive of={of} onClose={close} />}
      {dialog === 'reschedule' && (
        <Anew version={of.version}>
          <Reschedule of={of} onClose={close} />
        </Anew>
      )}
      {dialog && dialog !== 'receive' && dialog !== 'reschedule' && (
        <StepDialog of={of} step={dialog} onClose={close} />
      )}
    </>
  );
}

function LineRow({ of, at }: { of: PurchaseOf['lines'][number]; at: string }) {
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/inventory/${of.sku_id}/${at}`}>{of.sku}</Link>
        {of.supplier_sku && (
          <div className={`${look.faint} ${look.small}`}>Theirs: {of.supplier_sku}</div>
        )}
      </td>
      <td className={look.right}>{of.quantity.toLocaleString()}</td>
      <td className={look.right}>
        {of.received.toLocaleString()}
        {of.received > of.quantity && <div className={look.faint}>more than ordered</div>}
      </td>
      <td className={`${look.right} ${look.roomy}`}>{of.open > 0 && of.open.toLocaleString()}</td>
      <td>
        <Day at={of.expected_at} isLate={of.open > 0 && isPast(of.expected_at)} />
      </td>
      <td className={`${look.right} ${look.roomy}`}>
        <Money of={of.unit_cost} />
      </td>
      <td className={`${look.right} ${look.roomy}`}>
        <Money of={of.total} />
      </td>
    </tr>
  );
}

function Lines({ of }: { of: PurchaseOf }) {
  return (
    <Card title="Lines" isFlush>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>Item</th>
              <th className={look.right}>Ordered</th>
              <th className={look.right}>Came in</th>
              <th className={`${look.right} ${look.roomy}`}>To come</th>
              <th>Expected</th>
              <th className={`${look.right} ${look.roomy}`}>Unit cost</th>
              <th className={`${look.right} ${look.roomy}`}>Total</th>
            </tr>
          </thead>
          <tbody>
            {of.lines.map((one) => (
              <LineRow key={one.line} of={one} at={of.location_id} />
            ))}
          </tbody>
        </table>
      </div>
      <div className={look.more}>
        <span className={look.faint}>{many(of.lines.length, 'line')}</span>
        <b>
          <Money of={of.total} />
        </b>
      </div>
    </Card>
  );
}

function About({ of, supplier }: { of: PurchaseOf; supplier: Schemas['Supplier'] | undefined }) {
  const locations = useLocations();
  const { ordered, received, open } = unitsOf(of);
  return (
    <>
      <Card title="How far it is">
        <Facts
          rows={[
            ['Ordered', many(ordered, 'unit')],
            ['Came in', many(received, 'unit')],
            ['To come', open > 0 && many(open, 'unit')],
            ['Sent', of.sent_at && <Time at={of.sent_at} />],
            ['Made', <Time key="m" at={of.created_at} />],
          ]}
        />
      </Card>
      <Card title="Supplier">
        <Facts
          rows={[
            [
              'Name',
              <Link key="n" href={`/purchase-orders?supplier=${encodeURIComponent(of.supplier)}`}>
                {supplier?.name ?? of.supplier}
              </Link>,
            ],
            ['E-mail', supplier?.email],
            ['Takes', supplier && many(supplier.lead_days, 'day')],
            [
              'More may come',
              supplier && supplier.over_percent > 0 && `${supplier.over_percent} %`,
            ],
            [
              'Goes to',
              <Link key="l" href={`/locations/${of.location_id}`}>
                {locations.nameOf(of.location_id)}
              </Link>,
            ],
            ['Note', of.note],
          ]}
        />
      </Card>
    </>
  );
}

export default function Purchase({ id }: { id: string }) {
  const suppliers = useSuppliers();
  const { data, error, refetch } = useQuery({
    queryKey: ['purchases', id],
    queryFn: () => take(api.GET('/v1/purchase-orders/{id}', { params: { path: { id } } })),
  });
  if (error && !data) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={8} />;
  return (
    <>
      <Link href="/purchase-orders" className={look.back}>
        <Icon name="back" size={14} /> Purchase orders
      </Link>
      <PageHead title={data.number} badges={<Badge word={data.status} />}>
        <Acts of={data} />
      </PageHead>
      <div className={look.columns}>
        <div className={look.column}>
          <Lines of={data} />
        </div>
        <div className={look.column}>
          <About of={data} supplier={suppliers.of(data.supplier)} />
        </div>
      </div>
    </>
  );
}
