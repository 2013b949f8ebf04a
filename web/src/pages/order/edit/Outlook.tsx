// Outlook.tsx - what a change would do to money, stock and work under way, as
// the server worked it out.
import { Link } from 'wouter';
import type { Schemas } from '../../../api/client';
import { useLocations } from '../../../ui/refs';
import { look, Money } from '../../../ui/ui';
import { many, say, sayMoney } from '../../../ui/words';
import c from '../Order.module.css';
import e from './Edit.module.css';

type Out = Schemas['OrderChangeOutlook'];

function stockSaid({ sku, reserve, free, waiting }: Out['stock'][number]): string {
  const parts = [
    reserve > 0 && `${reserve.toLocaleString()} reserved`,
    free > 0 && `${free.toLocaleString()} free again`,
    waiting > 0 && `${many(waiting, 'unit waits', 'units wait')} for stock`,
  ].filter(Boolean);
  return `${sku}: ${parts.join(', ')}`;
}

function balanceName(amount: number): string {
  if (amount === 0) return 'Nothing is due after it';
  return amount > 0 ? 'To be paid after it' : 'To be given back after it';
}

export function OutlookMoney({ of }: { of: Out }) {
  const { difference, balance_after: due } = of;
  return (
    <dl className={c.money}>
      <div>
        <dt>Worth now</dt>
        <dd>
          <Money of={of.total_before} />
        </dd>
      </div>
      <div>
        <dt>The difference</dt>
        <dd className={look.number}>
          {difference.amount > 0 ? '+' : ''}
          {sayMoney(difference)}
        </dd>
      </div>
      <div className={c.sum}>
        <dt>Worth after it</dt>
        <dd>
          <Money of={of.total_after} />
        </dd>
      </div>
      <div>
        <dt>{balanceName(due.amount)}</dt>
        <dd>
          <Money of={{ ...due, amount: Math.abs(due.amount) }} />
        </dd>
      </div>
    </dl>
  );
}

// Stock and work; `nameOf` says what a line is called.
export function OutlookGoods({ of, nameOf }: { of: Out; nameOf: (n: number) => string }) {
  const locations = useLocations();
  const goods = [
    ...of.stock.map(stockSaid),
    ...of.allocations.map(
      (one) => `${one.quantity} × ${nameOf(one.n)} from ${locations.nameOf(one.location)}`,
    ),
  ];
  return (
    <>
      {of.put_back_first.length > 0 && (
        <div className={e.stops} role="alert">
          Put back first:{' '}
          {of.put_back_first
            .map((one) => `${many(one.quantity, 'unit')} of ${nameOf(one.n)}`)
            .join(', ')}
          . They are in somebody's hands, and nothing is done before.
        </div>
      )}
      {goods.length > 0 && (
        <ul className={e.said} aria-label="Stock">
          {goods.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {of.fulfillment_orders.length > 0 && (
        <ul className={e.said} aria-label="Units leave">
          {of.fulfillment_orders.map((one) => (
            <li key={one.id}>
              <Link href={`/fulfillment/${one.id}`}>
                Pulled back at {locations.nameOf(one.location)}, which is{' '}
                {say(one.status_after).toLowerCase()} then
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
