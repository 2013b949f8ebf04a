// LocationDialog.tsx - makes a location, or changes one.
import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../../../api/client';
import { Ask } from '../../../ui/Ask';
import { useOnce } from '../../../ui/once';
import { look } from '../../../ui/ui';
import { say, zone } from '../../../ui/words';

type Location = Schemas['Location'];
export const KINDS: Schemas['LocationType'][] = [
  'warehouse',
  'store',
  '3pl',
  'dropship',
  'virtual',
];
const KIND_NAMES: Record<string, string> = { '3pl': 'Partner (3PL)', dropship: 'Drop shipper' };
export const sayKind = (kind: string) => KIND_NAMES[kind] ?? say(kind);
const PARTS = [
  ['line1', 'Street', 200],
  ['postal_code', 'Postal code', 40],
  ['city', 'City', 200],
  ['region', 'Region', 200],
  ['country', 'Country, as DE', 2],
] as const;

// Empty is no number; what is none is refused by the API, by its field.
const degrees = (text: string) => (text.trim() === '' ? null : Number(text.replace(',', '.')));

function filled(address: Location['address']): Location['address'] {
  return Object.fromEntries(
    Object.entries(address).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
}

export function LocationDialog({ of, onClose }: { of: Location | null; onClose: () => void }) {
  const [code, setCode] = useState('');
  const [name, setName] = useState(of?.name ?? '');
  const [type, setType] = useState<Schemas['LocationType']>(of?.type ?? 'warehouse');
  const [tz, setTz] = useState(of?.tz ?? zone);
  const [address, setAddress] = useState(of?.address ?? {});
  const [lat, setLat] = useState(of?.lat?.toString() ?? '');
  const [lon, setLon] = useState(of?.lon?.toString() ?? '');
  const [isShipping, setShipping] = useState(of?.is_shipping ?? true);
  const [isPickup, setPickup] = useState(of?.is_pickup ?? false);
  const [isActive, setActive] = useState(of?.is_active ?? true);
  const keys = [['locations'], ['location', of?.id ?? '']];
  const { run, isBusy, problem, isStale } = useOnce(of?.version ?? 0, keys, onClose);
  const point = { lat: degrees(lat), lon: degrees(lon) };
  const hasPoint = point.lat !== null || point.lon !== null;
  const body = {
    name: name.trim(),
    type,
    tz: tz.trim(),
    address: filled(address),
    is_shipping: isShipping,
    is_pickup: isPickup,
  };
  const act = () =>
    void run(
      (key, version) =>
        of
          ? take(
              api.PATCH('/v1/locations/{id}', {
                params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
                body: { ...body, ...point, version, is_active: isActive },
              }),
            )
          : take(
              api.POST('/v1/locations', {
                params: { header: { 'Idempotency-Key': key } },
                body: {
                  ...body,
                  ...(hasPoint && { lat: point.lat ?? 0, lon: point.lon ?? 0 }),
                  code: code.trim(),
                },
              }),
            ),
      of ? 'Changed' : 'Made; it can hold stock now',
    );
  return (
    <Ask
      title={of ? `Change ${of.name}` : 'New location'}
      act={of ? 'Change' : 'Make it'}
      isBusy={isBusy}
      isReady={name.trim() !== '' && (of !== null || code.trim() !== '') && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <div className={look.pairs}>
        {!of && (
          <TextInput
            label="Code"
            description="Stays as it is."
            maxLength={64}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            data-autofocus
          />
        )}
        <TextInput
          label="Name"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Kind"
          value={type}
          onChange={(event) => setType(event.currentTarget.value as typeof type)}
          data={KINDS.map((one) => ({ value: one, label: sayKind(one) }))}
        />
        <TextInput
          label="Time zone"
          maxLength={64}
          value={tz}
          onChange={(event) => setTz(event.currentTarget.value)}
        />
      </div>
      <div className={look.pairs}>
        {PARTS.map(([part, label, max]) => (
          <TextInput
            key={part}
            label={label}
            maxLength={max}
            value={address[part] ?? ''}
            onChange={(event) => {
              const text = event.currentTarget.value;
              setAddress((old) => ({
                ...old,
                [part]: part === 'country' ? text.toUpperCase() : text,
              }));
            }}
          />
        ))}
        <TextInput
          label="Latitude"
          inputMode="decimal"
          maxLength={20}
          value={lat}
          onChange={(event) => setLat(event.currentTarget.value)}
        />
        <TextInput
          label="Longitude"
          inputMode="decimal"
          maxLength={20}
          value={lon}
          onChange={(event) => setLon(event.currentTarget.value)}
        />
      </div>
      <Checkbox
        label="Ships parcels"
        checked={isShipping}
        onChange={(event) => setShipping(event.currentTarget.checked)}
      />
      <Checkbox
        label="Hands out over the counter"
        checked={isPickup}
        onChange={(event) => setPickup(event.currentTarget.checked)}
      />
      {of && (
        <Checkbox
          label="Works: takes orders and stock"
          checked={isActive}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
      )}
    </Ask>
  );
}
