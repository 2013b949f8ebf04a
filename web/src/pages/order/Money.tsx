// Money.tsx - what the order is worth now, what is known of its payments, and
// the one balance between them.
import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Badge, Card, look, ProblemView, Money as Sum, Time } from '../../ui/ui';
import { say } from '../../ui/words';
import c from './Order.module.css';
import { PaymentActions, Refund } from './Pay';

type Payment = Schemas['Payment'];

function Balance({ of }: { of: Schemas['OrderPayment'] }) {
  const rows: [string, Schemas['Money']][] = [
    ['Pending', of.pending],
    ['Authorized', of.authorized],
    ['Captured', of.captured],
    ['Refunded', of.refunded],
    ['Disputed', of.disputed],
  ];
  const due = of.balance_due.amount;
  return (
    <dl className={c.money}>
      <div>
        <dt>Worth now</dt>
        <dd>
          <Sum of={of.total_now} />
        </dd>
      </div>
      {rows
        .filter(([, value]) => value.amount !== 0)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Sum of={value} />
            </dd>
          </div>
        ))}
      <div className={c.sum}>
        <dt>{due < 0 ? 'Owed to the buyer' : 'Balance due'}</dt>
        <dd>
          <Sum of={{ ...of.balance_due, amount: Math.abs(due) }} />
        </dd>
      </div>
    </dl>
  );
}

function Transactions({ payment }: { payment: Payment }) {
  return (
    <li className={c.payment}>
      <div className={look.row}>
        <b>{say(payment.tender)}</b>
        <Badge word={payment.state} />
        <span className={c.end}>
          <Sum of={payment.amount} />
        </span>
      </div>
      <PaymentActions payment={payment} />
      {payment.reference && (
        <div className={`${look.faint} ${look.small}`}>{payment.reference}</div>
      )}
      <ol className={c.transactions}>
        {payment.transactions.map((one) => (
          <li key={one.n}>
            <span>
              {say(one.type)}
              {one.origin === 'outside' && ', elsewhere'}
            </span>
            <span className={look.faint}>
              <Time at={one.occurred_at} />
            </span>
            <Sum of={one.amount} />
          </li>
        ))}
      </ol>
    </li>
  );
}

export function Money({ order }: { order: Schemas['Order'] }) {
  const { can } = useSession();
  const { data, error } = useQuery({
    queryKey: ['payments', order.id],
    enabled: can('finance:read'),
    queryFn: () =>
      take(api.GET('/v1/orders/{id}/payments', { params: { path: { id: order.id } } })),
  });
  return (
    <Card title="Money" aside={<Badge word={order.payment.status} />}>
      <Balance of={order.payment} />
      <Refund order={order} />
      {error && <ProblemView error={error} />}
      {data && data.items.length > 0 && (
        <ul className={c.payments}>
          {data.items.map((payment) => (
            <Transactions key={payment.id} payment={payment} />
          ))}
        </ul>
      )}
      {data && data.items.length === 0 && (
        <p className={c.hint}>No payment is known of this order.</p>
      )}
    </Card>
  );
}
