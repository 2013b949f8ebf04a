// words.ts - how values of the contract are said on the screen.
export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad';

// "partially_in_transit" -> "Partially in transit"
export function say(word: string): string {
  const text = word.replaceAll('_', ' ').replaceAll('.', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Why a fulfillment order is held: a word of the server's, or what somebody wrote.
export const heldFor = (reason: string): string =>
  reason === 'order_hold' ? 'the order is on hold' : reason;

const TONES: Record<string, Tone> = {
  // orders
  draft: 'neutral',
  pending: 'warn',
  confirmed: 'info',
  completed: 'good',
  cancelled: 'neutral',
  expired: 'neutral',
  discarded: 'neutral',
  requested: 'warn',
  approved: 'good',
  refused: 'bad',
  sent: 'info',
  converted: 'good',
  received: 'good',
  partially_received: 'info',
  // payment
  unpaid: 'warn',
  partially_authorized: 'warn',
  authorized: 'info',
  partially_paid: 'warn',
  paid: 'good',
  overpaid: 'warn',
  partially_refunded: 'neutral',
  refunded: 'neutral',
  voided: 'neutral',
  disputed: 'bad',
  captured: 'good',
  partially_captured: 'info',
  failed: 'bad',
  // goods
  unfulfilled: 'neutral',
  on_hold: 'warn',
  scheduled: 'neutral',
  open: 'info',
  in_progress: 'info',
  incomplete: 'bad',
  closed: 'good',
  assigned: 'neutral',
  picking: 'info',
  picked: 'good',
  short: 'warn',
  packed: 'good',
  submitted: 'info',
  accepted: 'info',
  rejected: 'bad',
  partially_fulfilled: 'info',
  fulfilled: 'good',
  label_pending: 'warn',
  labelled: 'info',
  manifested: 'info',
  in_transit: 'info',
  out_for_delivery: 'info',
  partially_in_transit: 'info',
  partially_delivered: 'info',
  delivered: 'good',
  exception: 'bad',
  return_to_sender: 'bad',
  lost: 'bad',
  returned: 'neutral',
};

export const toneOf = (word: string): Tone => TONES[word] ?? 'neutral';

export { readMoney, sayMoney, typeMoney } from './money';

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const sameYear = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
const otherYear = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
});
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

export function sayTime(time: string): string {
  const at = new Date(time);
  return (at.getFullYear() === new Date().getFullYear() ? sameYear : otherYear).format(at);
}
export const sayWholeTime = (time: string): string => whole.format(new Date(time));

export const many = (n: number, one: string, more = `${one}s`): string =>
  `${n.toLocaleString()} ${n === 1 ? one : more}`;

// What somebody typed with commas or on lines of their own.
export const words = (text: string): string[] =>
  text
    .split(/[\n,]+/)
    .map((one) => one.trim())
    .filter(Boolean);
