// days.ts - days of the reader's own zone as moments.

// A day ("2026-11-22") from its beginning, or so many days later.
export function dayStart(day: string | null, plus = 0): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '');
  if (!found) return undefined;
  const at = new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + plus);
  return at.toISOString();
}
