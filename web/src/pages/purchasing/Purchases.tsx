// Purchases.tsx - what is ordered from suppliers, and what of it is to come.
import { Button, NativeSelect } from '@mantine/core';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useAddress } from '../../ui/address';
import { Csv } from '../../ui/Csv';
import { Table, useList } from '../../ui/list';
import { useLocations } from '../../ui/refs';
import { Badge, look, Money, PageHead } from '../../ui/ui';
import { say } from '../../ui/words';
import { Day, isLate, nextDay, PURCHASE_STATES, unitsOf } from './said';
import { SupplierField, useSuppliers } from './supplier';

const PAGE = 50;

function Row({
  of,
  supplier,
  location,
}: Record<'supplier' | 'location', string> & {
  of: Schemas['PurchaseOrder'];
}) {
  const { ordered, received } = unitsOf(of);
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/purchase-orders/${of.id}`}>{of.number}</Link>
        <div className={`${look.faint} ${look.small}`}>{supplier}</div>
      </td>
      <td>
        <Badge word={of.status} />
      </td>
      <td className={look.roomy}>{location}</td>
      <td>
        <Day at={nextDay(of)} isLate={isLate(of)} />
      </td>
      <td className={`${look.right} ${look.roomy}`}>
        {received.toLocaleString()} of {ordered.toLocaleString()}
      </td>
      <td className={look.right}>
        <Money of={of.total} />
      </td>
    </tr>
  );
}

export default function Purchases() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const locations = useLocations();
  const suppliers = useSuppliers();
  const status = PURCHASE_STATES.find((one) => one === address.get('status'));
  const [supplier, location, sku] = ['supplier', 'location', 'sku'].map(
    (name) => address.get(name) || undefined,
  );
  const filters = { status, supplier, location, sku };
  const list = useList(
    ['purchases', 'list', status ?? '', supplier ?? '', location ?? '', sku ?? ''],
    (after) =>
      take(
        api.GET('/v1/purchase-orders', {
          params: { query: { ...filters, limit: PAGE, after } },
        }),
      ),
  );
  const isFiltered = Object.values(filters).some((one) => one !== undefined);
  const hasNone = suppliers.isRead && suppliers.all.length === 0;
  return (
    <>
      <PageHead title="Purchase orders">
        <NativeSelect
          aria-label="State"
          value={status ?? ''}
          onChange={(event) => set({ status: event.currentTarget.value })}
          data={[
            { value: '', label: 'All states' },
            ...PURCHASE_STATES.map((value) => ({ value, label: say(value) })),
          ]}
        />
        <SupplierField
          label="Supplier"
          isLabelHidden
          placeholder="All suppliers"
          value={supplier ?? ''}
          onChange={(code) => set({ supplier: code })}
        />
        <NativeSelect
          aria-label="Location"
          value={location ?? ''}
          onChange={(event) => set({ location: event.currentTarget.value })}
          data={[
            { value: '', label: 'All locations' },
            ...locations.all.map((one) => ({ value: one.code as string, label: one.name })),
          ]}
        />
        {sku && (
          <Button variant="default" aria-label={`Not only ${sku}`} onClick={() => set({ sku: '' })}>
            {sku} ×
          </Button>
        )}
        <Csv path="/v1/purchase-orders" name="purchase-orders" filters={filters} />
        <Button variant="default" component={Link} href="/suppliers">
          Suppliers
        </Button>
        {can('inventory:write') && !hasNone && (
          <Button component={Link} href="/purchase-orders/new">
            New…
          </Button>
        )}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="purchase order"
          empty={isFiltered ? 'No purchase order is like that' : 'Nothing is ordered yet'}
          hint={
            hasNone
              ? 'Begin with a supplier: who it is, its currency, and how many days it takes.'
              : 'What is sent to a supplier counts as incoming until it is received.'
          }
          heads={[
            ['Order'],
            ['State'],
            ['For', look.roomy],
            ['Expected'],
            ['Came in', `${look.right} ${look.roomy}`],
            ['Total', look.right],
          ]}
          row={(one) => (
            <Row
              key={one.id}
              of={one}
              supplier={suppliers.nameOf(one.supplier)}
              location={locations.nameOf(one.location_id)}
            />
          )}
        />
      </div>
    </>
  );
}
