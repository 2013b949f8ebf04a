// Returns.tsx - goods that come back, by where they stand; the oldest first.
import { NativeSelect } from '@mantine/core';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useAddress } from '../../ui/address';
import { Csv } from '../../ui/Csv';
import { Table, useList } from '../../ui/list';
import { useLocations } from '../../ui/refs';
import { Badge, look, PageHead, Time } from '../../ui/ui';
import { Views } from '../../ui/Views';
import { say } from '../../ui/words';

const STATES: Schemas['ReturnState'][] = [
  'requested',
  'open',
  'in_transit',
  'partially_received',
  'received',
  'closed',
  'declined',
  'cancelled',
  'expired',
];
const PAGE = 50;

export const unitsOf = (rma: Schemas['Return']) =>
  rma.lines.map((line) => `${line.quantity.toLocaleString()} × ${line.sku}`).join(', ');

export default function Returns() {
  const [address, set] = useAddress();
  const locations = useLocations();
  const state = STATES.find((one) => one === address.get('state')) ?? 'open';
  const location = address.get('location') ?? '';
  const list = useList(['returns', 'list', state, location], (after) =>
    take(
      api.GET('/v1/returns', {
        params: { query: { state, location: location || undefined, limit: PAGE, after } },
      }),
    ),
  );
  return (
    <>
      <PageHead title="Returns">
        <NativeSelect
          aria-label="State"
          value={state}
          onChange={(event) => set({ state: event.currentTarget.value })}
          data={STATES.map((one) => ({ value: one, label: say(one) }))}
        />
        <NativeSelect
          aria-label="Location"
          value={location}
          onChange={(event) => set({ location: event.currentTarget.value })}
          data={[
            { value: '', label: 'All locations' },
            ...locations.all.map((one) => ({ value: one.code, label: one.name })),
          ]}
        />
        <Csv path="/v1/returns" name="returns" filters={{ state, location }} />
      </PageHead>
      <Views list="returns" path="/returns" all="Open returns" share="orders:write" />
      <div className={look.card}>
        <Table
          of={list}
          noun="return"
          empty={`No return is ${say(state).toLowerCase()}`}
          hint="Goods are asked back on the page of their order, or by the buyer with a link."
          heads={[
            ['Return'],
            ['Goods'],
            ['Why', look.roomy],
            ['To', look.roomy],
            ['Asked by', look.roomy],
            ['Since', look.roomy],
          ]}
          row={(one) => (
            <tr key={one.id}>
              <td className={look.strong}>
                <Link href={`/returns/${one.id}`}>{one.number}</Link>
              </td>
              <td>
                {unitsOf(one)}
                {one.parcels.length > 0 && (
                  <div>
                    {one.parcels.map((parcel) => (
                      <Badge key={parcel.package_id} word={parcel.state} />
                    ))}
                  </div>
                )}
              </td>
              <td className={look.roomy}>
                {[...new Set(one.lines.map((line) => say(line.reason)))].join(', ')}
              </td>
              <td className={look.roomy}>{locations.nameOf(one.location_id)}</td>
              <td className={look.roomy}>{say(one.origin)}</td>
              <td className={look.roomy}>
                <Time at={one.created_at} />
              </td>
            </tr>
          )}
        />
      </div>
    </>
  );
}
