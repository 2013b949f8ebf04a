// Locations.tsx - where goods are kept, sold and handed out; on a map.
import { Button, NativeSelect } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { api, take } from '../../../api/client';
import { useSession } from '../../../session';
import { useAddress } from '../../../ui/address';
import { Table, useList } from '../../../ui/list';
import { Badge, look, PageHead } from '../../../ui/ui';
import { KINDS, LocationDialog, sayKind } from './LocationDialog';
import c from './Places.module.css';

const WorldMap = lazy(() => import('./Map'));
const PAGE = 250;

export default function Locations() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const [isOpen, setOpen] = useState(false);
  const kind = KINDS.find((one) => one === address.get('type'));
  const country = address.get('country') ?? '';
  const list = useList(['locations', 'pages', kind ?? ''], (after) =>
    take(api.GET('/v1/locations', { params: { query: { limit: PAGE, after, type: kind } } })),
  );
  const countries = [...new Set(list.items.map((one) => one.address.country ?? ''))].sort();
  const items = list.items.filter((one) => !country || one.address.country === country);
  return (
    <>
      <PageHead title="Locations">
        <NativeSelect
          aria-label="Kind"
          value={kind ?? ''}
          onChange={(event) => set({ type: event.currentTarget.value })}
          data={[
            { value: '', label: 'All kinds' },
            ...KINDS.map((value) => ({ value, label: sayKind(value) })),
          ]}
        />
        <NativeSelect
          aria-label="Country"
          value={country}
          onChange={(event) => set({ country: event.currentTarget.value })}
          data={[
            { value: '', label: 'All countries' },
            ...countries.filter(Boolean).map((value) => ({ value, label: value })),
          ]}
        />
        {can('inventory:write') && <Button onClick={() => setOpen(true)}>New…</Button>}
      </PageHead>
      {items.some((one) => one.lat !== null) && (
        <div className={`${look.card} ${look.gap}`}>
          <Suspense fallback={<div className={c.wait} />}>
            <WorldMap of={items} />
          </Suspense>
        </div>
      )}
      <div className={look.card}>
        <Table
          of={{ ...list, items }}
          noun="location"
          empty="No location yet"
          hint="A location is where goods are: a warehouse, a store, a partner."
          heads={[
            ['Location'],
            ['Kind'],
            ['Where', look.roomy],
            ['Does', look.roomy],
            ['Time zone', look.roomy],
          ]}
          row={(one) => (
            <tr key={one.id}>
              <td className={look.strong}>
                <Link href={`/locations/${one.id}`}>{one.name}</Link>{' '}
                {!one.is_active && <Badge word="off" tone="warn" />}
                <div className={look.faint}>{one.code}</div>
              </td>
              <td>{sayKind(one.type)}</td>
              <td className={look.roomy}>
                {[one.address.city, one.address.country].filter(Boolean).join(', ')}
              </td>
              <td className={look.roomy}>
                {[one.is_shipping && 'Ships', one.is_pickup && 'Hands out']
                  .filter(Boolean)
                  .join(', ') || 'Keeps'}
              </td>
              <td className={look.roomy}>{one.tz}</td>
            </tr>
          )}
        />
      </div>
      {isOpen && <LocationDialog of={null} onClose={() => setOpen(false)} />}
    </>
  );
}
