// Side.tsx - who buys, and what else is known of the order.
import type { Schemas } from '../../api/client';
import { useChannels, useLocations } from '../../ui/refs';
import { Card, Facts, Time } from '../../ui/ui';
import { say } from '../../ui/words';
import c from './Order.module.css';

type OrderOf = Schemas['Order'];

const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' });

function country(code: string | undefined): string | undefined {
  return code && /^[A-Z]{2}$/.test(code) ? countries.of(code) : code;
}

function addressLines(address: Schemas['OrderAddress']): string[] {
  const place = [address.postal_code, address.city, address.region].filter(Boolean).join(' ');
  return [
    address.name,
    address.company,
    address.line1,
    address.line2,
    place,
    country(address.country),
  ].filter((line): line is string => Boolean(line));
}

export function AddressView({ of }: { of: Schemas['OrderAddress'] }) {
  return (
    <address className={c.address}>
      {addressLines(of).map((line) => (
        <div key={line}>{line}</div>
      ))}
    </address>
  );
}

export function People({ order }: { order: OrderOf }) {
  const { customer, shipping_address: to, billing_address: bill } = order;
  const isSame = JSON.stringify(to) === JSON.stringify(bill);
  return (
    <Card title="Customer">
      <Facts
        rows={[
          ['Name', customer?.name],
          ['E-mail', customer?.email && <a href={`mailto:${customer.email}`}>{customer.email}</a>],
          ['Phone', customer?.phone && <a href={`tel:${customer.phone}`}>{customer.phone}</a>],
          ['Ships to', to && <AddressView of={to} />],
          ['Billed to', bill && (isSame ? 'The same address' : <AddressView of={bill} />)],
          ['', !customer && !to && 'Nothing is known of who buys.'],
        ]}
      />
    </Card>
  );
}

export function About({ order }: { order: OrderOf }) {
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
          ['Incoterm', order.incoterm],
          ['Promised by', order.promise_at && <Time key="p" at={order.promise_at} />],
          ['Note', order.note],
        ]}
      />
    </Card>
  );
}
