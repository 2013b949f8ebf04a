// AddressFields.tsx - an address as somebody types it.
import { TextInput } from '@mantine/core';
import type { Schemas } from '../api/client';
import { look } from './ui';

type Address = Schemas['OrderAddress'];
const FIELDS = [
  ['name', 'Name'],
  ['company', 'Company'],
  ['line1', 'Street'],
  ['line2', 'More of it'],
  ['postal_code', 'Postal code'],
  ['city', 'City'],
  ['region', 'Region'],
  ['country', 'Country, two letters'],
  ['phone', 'Phone'],
] as const;

// What is empty is left out, and so is the old one's place on the map; without
// a country it is none.
export function cleanAddress(address: Address): Schemas['OrderAddressIn'] | undefined {
  const entries = FIELDS.map(([name]) => [name, address[name]?.trim()] as const).filter(
    ([, text]) => text,
  );
  const made: Address = Object.fromEntries(entries);
  return made.country ? { ...made, country: made.country } : undefined;
}

export function AddressFields({
  value,
  onChange,
}: {
  value: Address;
  onChange: (to: Address) => void;
}) {
  return (
    <div className={look.pairs}>
      {FIELDS.map(([name, label]) => (
        <TextInput
          key={name}
          label={label}
          maxLength={name === 'country' ? 2 : name === 'phone' || name === 'postal_code' ? 40 : 200}
          value={value[name] ?? ''}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange({ ...value, [name]: name === 'country' ? text.toUpperCase() : text });
          }}
        />
      ))}
    </div>
  );
}
