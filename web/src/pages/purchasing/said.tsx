// said.tsx - what a purchase order says in few words.
import type { Schemas } from '../../api/client';
import { sayDay } from '../../ui/days';
import { Badge } from '../../ui/ui';
import { sayWholeTime } from '../../ui/words';

export type Purchase = Schemas['PurchaseOrder'];

export const PURCHASE_STATES: Schemas['PurchaseStatus'][] = [
  'draft',
  'approved',
  'sent',
  'partially_received',
  'received',
  'closed',
  'cancelled',
];

export function unitsOf({ lines }: Purchase) {
  const sum = (of: 'quantity' | 'received' | 'open') =>
    lines.reduce((total, line) => total + line[of], 0);
  return { ordered: sum('quantity'), received: sum('received'), open: sum('open') };
}

const isToCome = (of: Purchase) => of.status === 'draft' || of.status === 'approved';

// The first day on which something of it is to come.
export function nextDay(of: Purchase): string | null {
  const days = of.lines
    .filter((line) => line.open > 0 || isToCome(of))
    .map((line) => line.expected_at)
    .filter((at) => at !== null);
  return days.sort()[0] ?? null;
}

export const isPast = (at: string | null) => at !== null && Date.parse(at) < Date.now();
export const isLate = (of: Purchase) => unitsOf(of).open > 0 && isPast(nextDay(of));

export function Day({ at, isLate = false }: { at: string | null; isLate?: boolean }) {
  if (!at) return null;
  return (
    <>
      <time dateTime={at} title={sayWholeTime(at)}>
        {sayDay(at)}
      </time>{' '}
      {isLate && <Badge word="late" tone="warn" />}
    </>
  );
}

// What a step of one changes on the screen.
export const SHOWN_BY_IT = [['purchases'], ['levels'], ['level'], ['movements']];
