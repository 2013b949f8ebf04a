// Lines.tsx - what was ordered, where its units are, and what it comes to.
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client';
import { useLocations } from '../../ui/refs';
import { Badge, Card, look, Money } from '../../ui/ui';
import { many } from '../../ui/words';
import { unitsLeft } from './edit/wish';
import c from './Order.module.css';

type OrderOf = Schemas['Order'];
type Line = Schemas['OrderLine'];

// Where the units of a line are, the furthest first.
function Units({ line }: { line: Line }) {
  const locations = useLocations();
  const at = line.allocations.map((one) => locations.nameOf(one.location));
  // Units that came back or are written off were shipped once.
  const gone = line.returned + line.written_off;
  const parts: [number, string, 'good' | 'info' | 'warn' | 'neutral', string][] = [
    [line.returned, 'came back', 'neutral', ''],
    [line.written_off, 'written off', 'neutral', ''],
    [line.delivered - gone, 'delivered', 'good', ''],
    [line.shipped - Math.max(line.delivered, gone), 'shipped', 'info', ''],
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

export function Lines({ order }: { order: OrderOf }) {
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
              <th className={c.wide}>Units</th>
              <th className={look.right}>Quantity</th>
              <th className={`${look.right} ${c.wide}`}>Price</th>
              <th className={look.right}>Total</th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line) => (
              <tr key={line.n}>
                <td>
                  <b className={c.title}>{line.title || line.sku}</b>
                  <div className={`${look.faint} ${look.small}`}>{line.sku}</div>
                  <div className={c.narrow}>
                    <Units line={line} />
                  </div>
                  {line.components.length > 0 && (
                    <div className={`${look.soft} ${look.small}`}>
                      Kit of{' '}
                      {line.components.map((one) => `${one.quantity} × ${one.sku}`).join(', ')}
                    </div>
                  )}
                </td>
                <td className={c.wide}>
                  <Units line={line} />
                </td>
                <td className={look.right}>
                  {unitsLeft(line).toLocaleString()}
                  {unitsLeft(line) !== line.quantity && (
                    <div className={`${look.faint} ${look.small}`}>
                      {line.quantity > 0 ? `${line.quantity.toLocaleString()} placed` : 'added'}
                    </div>
                  )}
                </td>
                <td className={`${look.right} ${c.wide}`}>
                  <Money of={line.unit_price_now} />
                </td>
                <td className={look.right}>
                  <Money of={line.total_now} />
                  {line.quantity > 0 && line.total_now.amount !== line.total.amount && (
                    <div className={`${look.faint} ${look.small}`}>
                      <Money of={line.total} /> placed
                    </div>
                  )}
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

export function TotalsOf({
  totals,
  isTaxContained,
  totalName = 'Total',
  children,
}: {
  totals: NonNullable<Schemas['OrderIn']['totals']>;
  isTaxContained: boolean;
  totalName?: string;
  children?: ReactNode;
}) {
  const { lines, discount, shipping, fees, tax, total } = totals;
  const rows: [string, Schemas['Money'] | undefined][] = [
    ['Lines', lines],
    ['Discount', discount && { ...discount, amount: -discount.amount }],
    ['Shipping', shipping],
    ['Fees', fees],
    [isTaxContained ? 'Tax, contained' : 'Tax', tax],
  ];
  return (
    <dl className={c.totals}>
      {rows.map(
        ([name, value]) =>
          value &&
          (value.amount !== 0 || name === 'Lines') && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Money of={value} />
              </dd>
            </div>
          ),
      )}
      <div className={c.sum}>
        <dt>{totalName}</dt>
        <dd>
          <Money of={total} />
        </dd>
      </div>
      {children}
    </dl>
  );
}

function Totals({ order }: { order: OrderOf }) {
  const { totals, payment } = order;
  return (
    <TotalsOf
      totals={totals}
      isTaxContained={order.tax_mode === 'inclusive'}
      totalName="Total as placed"
    >
      {payment.total_now.amount !== totals.total.amount && (
        <div className={c.sum}>
          <dt>Worth now</dt>
          <dd>
            <Money of={payment.total_now} />
          </dd>
        </div>
      )}
    </TotalsOf>
  );
}
