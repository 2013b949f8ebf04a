// wish.ts - how somebody wants an order to be, as the actions of a change; and
// what of an order is another than it was. Only what was touched is wished, so
// that what somebody else changed meanwhile stays as they made it.
import type { Schemas } from '../../../api/client';
import { cleanAddress } from '../../../ui/AddressFields';
import { momentOf } from '../../../ui/days';
import { readMoney, sayMoney, sayTime } from '../../../ui/words';

type Order = Schemas['Order'];
type Line = Schemas['OrderLine'];
type Action = Schemas['OrderChangeAction'];

export interface LineWish {
  quantity?: string;
  price?: string;
  discount?: string;
}
export interface Added {
  key: string;
  sku: string;
  title: string;
  quantity: string;
  price: string;
  rest?: object; // What its line says beside these.
}
export interface Wish {
  lines: Record<number, LineWish>;
  added: Added[];
  off: string;
  charges?: string;
  address?: Schemas['OrderAddress'];
  service?: string;
  date?: string;
}
export const NOTHING: Wish = { lines: {}, added: [], off: '' };

export const unitsLeft = (line: Line) => line.quantity + line.added - line.cancelled;

export function readUnits(text: string): number | null {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
}

// An amount that is another than it is; undefined where it is the same.
function amount(text: string | undefined, is: Schemas['Money']) {
  if (text === undefined) return undefined;
  const read = readMoney(text, is.currency);
  return read && read.amount === is.amount ? undefined : read;
}

function ofLine(line: Line, wish: LineWish): (Action | null)[] {
  const actions: (Action | null)[] = [];
  const units = wish.quantity === undefined ? unitsLeft(line) : readUnits(wish.quantity);
  if (units === null) actions.push(null);
  else if (units === 0 && unitsLeft(line) > 0) return [{ type: 'remove_line', line: line.n }];
  else if (units !== unitsLeft(line))
    actions.push({ type: 'set_quantity', line: line.n, quantity: units });
  const price = amount(wish.price, line.unit_price_now);
  if (price !== undefined)
    actions.push(price && { type: 'set_price', line: line.n, unit_price: price });
  const discount = amount(wish.discount, line.discount_now);
  if (discount !== undefined)
    actions.push(discount && { type: 'set_discount', line: line.n, discount });
  return actions;
}

function ofAdded({ sku, quantity, price }: Added, currency: string): Action | null {
  const units = readUnits(quantity);
  const unit_price = readMoney(price, currency);
  return units && unit_price
    ? { type: 'add_line', add: { sku, quantity: units, unit_price } }
    : null;
}

// The actions, null for each thing typed that is no number or no time.
export function actionsOf(wish: Wish, order: Order): (Action | null)[] {
  const actions = order.lines.flatMap((line) => ofLine(line, wish.lines[line.n] ?? {}));
  for (const one of wish.added) actions.push(ofAdded(one, order.currency));
  if (wish.off.trim()) {
    const discount = readMoney(wish.off, order.currency);
    if (discount?.amount !== 0) actions.push(discount && { type: 'order_discount', discount });
  }
  const total = amount(wish.charges, order.charges_now);
  if (total !== undefined) actions.push(total && { type: 'set_charges', total });
  const address = wish.address && cleanAddress(wish.address);
  if (wish.address && !address) actions.push(null);
  else if (
    address &&
    JSON.stringify(address) !== JSON.stringify(cleanAddress(order.shipping_address ?? {}))
  )
    actions.push({ type: 'set_address', shipping_address: address });
  const service = wish.service?.trim();
  if (service && service !== order.service) actions.push({ type: 'set_service', service });
  if (wish.date) {
    const fulfil_at = momentOf(wish.date);
    actions.push(fulfil_at ? { type: 'set_ship_date', fulfil_at } : null);
  }
  return actions;
}

const placeOf = (order: Order) =>
  Object.values(cleanAddress(order.shipping_address ?? {}) ?? {}).join(', ') || 'none';

function lineChanges(was: Line | undefined, is: Line): string[] {
  const name = is.title || is.sku;
  if (!was) return [`${name} was added: ${unitsLeft(is)} at ${sayMoney(is.unit_price_now)}`];
  const said: string[] = [];
  const pair = (what: string, before: string, now: string) => {
    if (before !== now) said.push(`${name}: ${what} ${before} → ${now}`);
  };
  pair('units', String(unitsLeft(was)), String(unitsLeft(is)));
  pair('price', sayMoney(was.unit_price_now), sayMoney(is.unit_price_now));
  pair('discount', sayMoney(was.discount_now), sayMoney(is.discount_now));
  for (const what of ['allocated', 'picked', 'shipped'] as const)
    pair(what, String(was[what]), String(is[what]));
  return said;
}

// What became of an order since somebody looked, for people.
export function changesOf(was: Order, is: Order): string[] {
  const said = is.lines.flatMap((line) =>
    lineChanges(
      was.lines.find((one) => one.n === line.n),
      line,
    ),
  );
  const pair = (what: string, before: string, now: string) => {
    if (before !== now) said.push(`${what}: ${before} → ${now}`);
  };
  const time = (at?: string | null) => (at ? sayTime(at) : 'none');
  pair('Status', was.status, is.status);
  pair('Payment', was.payment_status, is.payment_status);
  pair('Shipping and fees', sayMoney(was.charges_now), sayMoney(is.charges_now));
  pair('Address', placeOf(was), placeOf(is));
  pair('Service', was.service ?? 'none', is.service ?? 'none');
  pair('Leaves from', time(was.fulfil_at), time(is.fulfil_at));
  pair('Tags', was.tags.join(', ') || 'none', is.tags.join(', ') || 'none');
  return said;
}
