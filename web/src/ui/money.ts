// money.ts - amounts as people read and type them.
import type { Schemas } from '../api/client';

const formats = new Map<string, Intl.NumberFormat>();

// Minor units as text; no floating point comes near them.
export function sayMoney({ amount, currency }: Schemas['Money']): string {
  let format = formats.get(currency);
  if (!format) {
    format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
    formats.set(currency, format);
  }
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(Math.abs(amount)).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const text = `${amount < 0 ? '-' : ''}${whole}${places ? `.${digits.slice(-places)}` : ''}`;
  return format.format(text as Intl.StringNumericLiteral);
}

// What somebody types as minor units; null where it is no amount.
export function readMoney(text: string, currency: string): Schemas['Money'] | null {
  const places =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  const found = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim());
  const fraction = found?.[2] ?? '';
  if (!found || fraction.length > places) return null;
  return { amount: Number(`${found[1]}${fraction.padEnd(places, '0')}`), currency };
}

// The same amount as somebody would type it.
export function typeMoney({ amount, currency }: Schemas['Money']): string {
  const places =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  const digits = String(amount).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return places ? `${whole}.${digits.slice(-places)}` : whole;
}
