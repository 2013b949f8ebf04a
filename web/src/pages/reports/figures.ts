// figures.ts - how the values of a report are said.
import type { Schemas } from '../../api/client';
import { say, sayMoney } from '../../ui/words';

export type Table = Schemas['Report'];
export type Column = Schemas['ReportColumn'];
export type Value = Table['rows'][number]['values'][number];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Two units at most: "1 d 4 h", "11 min", "45 s".
export function saySeconds(seconds: number): string {
  const units: [number, string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [1, 's'],
  ];
  const at = units.findIndex(([size]) => seconds >= size);
  if (at < 0) return '0 s';
  const [size, name] = units[at] as [number, string];
  const next = units[at + 1];
  const rest = next ? Math.floor((seconds % size) / next[0]) : 0;
  return `${Math.floor(seconds / size)} ${name}${rest && next ? ` ${rest} ${next[1]}` : ''}`;
}

const BASIS_POINTS = 10_000;
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

export function sayValue(column: Column, value: Value): string {
  if (value === null) return '–';
  if (typeof value === 'object') return sayMoney(value);
  if (column.type === 'share') return share.format(value / BASIS_POINTS);
  if (column.type === 'seconds') return saySeconds(value);
  return value.toLocaleString();
}

// The height of its bar; money in minor units.
export const sizeOf = (value: Value): number | null =>
  value !== null && typeof value === 'object' ? value.amount : value;

// What an axis says of such a height.
export const sayHeight = (column: Column, currency: string | null) => (height: number) => {
  const whole = Math.round(height);
  if (column.type !== 'money') return sayValue(column, whole);
  return currency ? sayMoney({ amount: whole, currency }) : '';
};

const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' });

export function sayKey(table: Table, key: string | null): string {
  if (key === null) return table.key === 'reason' ? 'No reason named' : 'Not known';
  if (table.key === 'country') return countries.of(key) ?? key;
  if (table.key === 'stage' || table.key === 'trouble' || table.key === 'reason') return say(key);
  if (table.group === 'time') return sayPeriod(key);
  return key;
}

// "2026-11-22" and "2026-11-22T14:00" are days and hours of the report's zone.
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });
export function sayPeriod(key: string): string {
  const text = day.format(new Date(`${key.slice(0, 10)}T00:00:00Z`));
  return key.length > 10 ? `${text}, ${key.slice(11)}` : text;
}
