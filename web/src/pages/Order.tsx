// Order.tsx - one order, whole.
import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client';
import { useChannels, useLocations } from '../ui/refs';
import { Badge, Card, Facts, look, Money, PageHead, ProblemView, Shades, Time } from '../ui/ui';
import { many, say } from '../ui/words';
import c from './Order.module.css';

type OrderOf = Schemas['Order'];
type Line = Schemas['OrderLine'];

// Where the units of a line are, the furthest first.
function Units({ line }: { line: Line }) {
  const locations = useLocations();
  const at = line.allocations.map((one) => locations.nameOf(one.location));
  const parts: [number, string, 'good' | 'info' | 'warn' | 'neutral', string][] = [
    [line.delivered, 'delivered', 'good', ''],
    [line.shipped - line.delivered, 'shipped', 'info', ''],
    [line.picked, 'picked', 'info', ''],
    [line.allocated, 'allocated', 'neutral', at.length ? ` at ${at.join(', ')}` : ''],
    [line.backordered, 'wait for stock', 'warn', ''],
    [line.unallocated, 'not allocated', 'warn', ''],
    [line.cancelled, 'cancelled', 'neutral', ''],
  ];
  return (
    <span className={look.row}>
      {parts
        .filter(([n]) => n > 0)
        .map(([n, word, tone, where]) => (
          <Badge
            key={word}
            word={word}
            tone={tone}
            label={`${n.toLocaleString()} ${word}${where}`}
          />
        ))}
    </span>
  );
}

function Lines({ order }: { order: OrderOf }) {
  return (
    <Card
      title="Lines"
      aside={<span className={look.faint}>{many(order.lines.length, 'line')}</span>}
      isFlush
    >
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>Item</th>
              <th>Units</th>
              <th className={look.right}>Quantity</th>
              <th className={look.right}>Price</th>
              <th className={look.right}>Total</th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line) => (
              <tr key={line.n}>
                <td>
                  <b className={c.title}>{line.title || line.sku}</b>
                  <div className={`${look.faint} ${look.small}`}>{line.sku}</div>
                  {line.components.length > 0 && (
                    <div className={`${look.soft} ${look.small}`}>
                      Kit of{' '}
                      {line.components.map((one) => `${one.quantity} × ${one.sku}`).join(', ')}
                    </div>
                  )}
                </td>
                <td>
                  <Units line={line} />
                </td>
                <td className={look.right}>{line.quantity.toLocaleString()}</td>
                <td className={look.right}>
                  <Money of={line.unit_price} />
                </td>
                <td className={look.right}>
                  <Money of={line.total} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Totals order={order} />
    </Card>
  );
}

function Totals({ order }: { order: OrderOf }) {
  const { totals } = order;
  const tax = order.tax_mode === 'inclusive' ? 'Tax, contained' : 'Tax';
  const rows: [string, Schemas['Money']][] = [
    ['Lines', totals.lines],
    ['Discount', { ...totals.discount, amount: -totals.discount.amount }],
    ['Shipping', totals.shipping],
    ['Fees', totals.fees],
    [tax, totals.tax],
  ];
  return (
    <dl className={c.totals}>
      {rows
        .filter(([name, value]) => value.amount !== 0 || name === 'Lines')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Money of={value} />
            </dd>
          </div>
        ))}
      <div className={c.sum}>
        <dt>Total as placed</dt>
        <dd>
          <Money of={totals.total} />
        </dd>
      </div>
      {order.payment.total_now.amount !== totals.total.amount && (
        <div className={c.sum}>
          <dt>Worth now</dt>
          <dd>
            <Money of={order.payment.total_now} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function addressLines(address: Schemas['OrderAddress']): string[] {
  const place = [address.postal_code, address.city, address.region].filter(Boolean).join(' ');
  return [
    address.name,
    address.company,
    address.line1,
    address.line2,
    place,
    address.country,
  ].filter((line): line is string => Boolean(line));
}

function Address({ of }: { of: Schemas['OrderAddress'] }) {
  return (
    <address className={c.address}>
      {addressLines(of).map((line) => (
        <div key={line}>{line}</div>
      ))}
    </address>
  );
}

function People({ order }: { order: OrderOf }) {
  const { customer, shipping_address: to, billing_address: bill } = order;
  const isSame = JSON.stringify(to) === JSON.stringify(bill);
  return (
    <Card title="Customer">
      <Facts
        rows={[
          ['Name', customer?.name],
          ['E-mail', customer?.email && <a href={`mailto:${customer.email}`}>{customer.email}</a>],
          ['Phone', customer?.phone && <a href={`tel:${customer.phone}`}>{customer.phone}</a>],
          ['Ships to', to && <Address of={to} />],
          ['Billed to', bill && (isSame ? 'The same address' : <Address of={bill} />)],
          ['', !customer && !to && 'Nothing is known of who buys.'],
        ]}
      />
    </Card>
  );
}

function About({ order }: { order: OrderOf }) {
  const channels = useChannels();
  const locations = useLocations();
  return (
    <Card title="About">
      <Facts
        rows={[
          ['Channel', channels.nameOf(order.channel)],
          ['External id', order.external_id],
          ['Placed', <Time key="t" at={order.placed_at} />],
          ['Service', order.service],
          ['Method', order.method && say(order.method)],
          ['Collected at', order.pickup_location && locations.nameOf(order.pickup_location)],
          ['Promised by', order.promise_at && <Time key="p" at={order.promise_at} />],
          ['Tags', order.tags.join(', ')],
          ['Note', order.note],
        ]}
      />
    </Card>
  );
}

export default function Order({ id }: { id: string }) {
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
  return (
    <>
      <PageHead
        title={order.number}
        badges={
          <span className={look.row}>
            <Badge word={order.status} />
            <Badge word={order.payment_status} />
            {order.fulfillment_status !== 'not_required' && (
              <Badge word={order.fulfillment_status} />
            )}
            {order.delivery_status !== 'none' && <Badge word={order.delivery_status} />}
          </span>
        }
      />
      <div className={c.columns}>
        <div className={c.column}>
          <Lines order={order} />
        </div>
        <div className={c.column}>
          <People order={order} />
          <About order={order} />
        </div>
      </div>
    </>
  );
}
