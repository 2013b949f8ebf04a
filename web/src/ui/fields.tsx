// fields.tsx - what stands in a form for a list of words, for some of a few, for
// an amount, and for a day or a moment.
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { isMoment, useDay } from './days';
import { look } from './ui';
import { readMoney, say, typeMoney, words } from './words';

// What is typed stays as it is typed; what it says is told.
export function Words({
  label,
  of,
  placeholder,
  isUpper = false,
  set,
}: {
  label: string;
  of: string[] | undefined;
  placeholder?: string;
  isUpper?: boolean;
  set: (to: string[] | undefined) => void;
}) {
  const [text, setText] = useState((of ?? []).join(', '));
  return (
    <TextInput
      label={label}
      placeholder={placeholder ?? 'Any'}
      value={text}
      onChange={(event) => {
        const next = isUpper ? event.currentTarget.value.toUpperCase() : event.currentTarget.value;
        setText(next);
        set(words(next));
      }}
    />
  );
}

// Where what is typed is no amount: never the same as none.
const NO_AMOUNT = Number.NaN;
export const isAmount = (of: Schemas['Money'] | null | undefined) =>
  !of || Number.isSafeInteger(of.amount);

// What is no amount is told as one that `isAmount` does not let through.
export function Amount({
  label,
  of,
  currency,
  placeholder = 'Any',
  set,
}: {
  label: string;
  of: Schemas['Money'] | null | undefined;
  currency: string;
  placeholder?: string;
  set: (to: Schemas['Money'] | undefined) => void;
}) {
  const [text, setText] = useState(of ? typeMoney(of) : '');
  const isRight = isAmount(of);
  return (
    <TextInput
      label={`${label}, ${currency}`}
      placeholder={placeholder}
      maxLength={16}
      value={text}
      error={!isRight && 'This is no amount'}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        set(
          next.trim() === ''
            ? undefined
            : (readMoney(next, currency) ?? { amount: NO_AMOUNT, currency }),
        );
      }}
    />
  );
}

export function Among<T extends string>({
  label,
  all,
  of,
  set,
}: {
  label: string;
  all: readonly T[];
  of: T[] | undefined;
  set: (to: T[]) => void;
}) {
  return (
    <fieldset className={look.choices}>
      <legend>{label}</legend>
      {all.map((one) => (
        <Checkbox
          key={one}
          label={say(one)}
          checked={of?.includes(one) ?? false}
          onChange={(event) =>
            set(all.filter((it) => (it === one ? event.currentTarget.checked : of?.includes(it))))
          }
        />
      ))}
    </fieldset>
  );
}

const NO_DAY = 'This is no day of a calendar';

// A day, or a moment; what is none is told, and `momentOf` knows none for it.
export function When({
  label,
  value,
  isDay = false,
  set,
  ...more
}: {
  label: string;
  value: string;
  isDay?: boolean;
  description?: string;
  'data-autofocus'?: boolean;
  set: (to: string) => void;
}) {
  return (
    <TextInput
      label={label}
      type={isDay ? 'date' : 'datetime-local'}
      value={value}
      error={value !== '' && !isMoment(value) && NO_DAY}
      onChange={(event) => set(event.currentTarget.value)}
      {...more}
    />
  );
}

// A day that a list is filtered by.
export function DayFilter({
  label,
  value,
  set,
}: {
  label: string;
  value: string;
  set: (to: string) => void;
}) {
  const { text, change } = useDay(value, set);
  return <When isDay label={label} value={text} set={change} />;
}
