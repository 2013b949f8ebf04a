// days.ts - days of the reader's own zone as moments.

// A day ("2026-11-22") from its beginning, or so many days later.
export function dayStart(day: string | null, plus = 0): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '');
  if (!found) return undefined;
  const at = new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + plus);
  return at.toISOString();
}

const days = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
});
export const sayDay = (time: string): string => days.format(new Date(time));

// A moment's day as a field takes it, and the moment in the middle of one; null of
// what is none yet, as a year with a digit too many.
export function dayOf(time: string | null | undefined): string {
  if (!time) return '';
  const at = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
export const noonOf = (day: string): string | null =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T12:00`).toISOString() : null;
