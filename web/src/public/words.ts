// words.ts - times and states as a buyer is told them.
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ');

const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });
const moment = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
const calendarDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

// "today", "tomorrow", "Thursday, November 26"
export function sayDay(time: string): string {
  const at = new Date(time);
  const days = Math.round((calendarDay(at) - calendarDay(new Date())) / 86_400_000);
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  if (days === -1) return 'yesterday';
  return day.format(at);
}
export const sayDate = (time: string): string => date.format(new Date(time));
export const sayMoment = (time: string): string => moment.format(new Date(time));

const countries = new Intl.DisplayNames(undefined, { type: 'region' });
export function sayPlace({ city, country }: { city: string | null; country: string | null }) {
  const named = country ? countries.of(country) : '';
  return [city, named].filter(Boolean).join(', ');
}

const SAID: Record<string, string> = {
  draft: 'Being packed',
  label_pending: 'Being packed',
  labelled: 'Packed',
  manifested: 'Ready for the carrier',
  in_transit: 'On its way',
  out_for_delivery: 'Out for delivery',
  delivered: 'Delivered',
  exception: 'Delayed',
  return_to_sender: 'Going back to the shop',
  lost: 'Lost',
  announced: 'The carrier knows of it',
  accepted: 'Handed to the carrier',
  customs: 'At customs',
  awaiting_pickup: 'Waits to be collected from the carrier',
  attempt_failed: 'Nobody could take it in',
  delayed: 'Delayed',
  damaged: 'Damaged on its way',
  address_wrong: 'The address could not be found',
  returning: 'Going back to the shop',
  other: 'News of the carrier',
  requested: 'Asked for; the shop will answer',
  open: 'Agreed: send it back',
  partially_received: 'Part of it has arrived at the shop',
  received: 'Arrived at the shop',
  closed: 'Done',
  declined: 'Declined by the shop',
  cancelled: 'Cancelled',
  expired: 'Not sent in time',
  window_over: 'The time to send it back is over',
  final_sale: 'Cannot be sent back: final sale',
  nothing_left: 'Nothing left to send back',
};
export function say(word: string): string {
  const text = SAID[word] ?? word.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
export const many = (n: number, one: string) => `${n} ${n === 1 ? one : `${one}s`}`;
