// form.ts - an order written down by hand: from what it begins, and the body
// that it becomes.
import { newKey, type Schemas } from '../../api/client';
import { cleanAddress } from '../../ui/AddressFields';
import { readMoney, typeMoney, words } from '../../ui/words';
import { type Added, readUnits, unitsLeft } from '../order/edit/wish';

type Body = Schemas['OrderAsk'];
type Line = Body['lines'][number];

export interface Form {
  channel: string;
  company: string;
  po: string;
  terms: string;
  name: string;
  email: string;
  phone: string;
  address: Schemas['OrderAddress'];
  service: string;
  shipping: string;
  tags: string;
  note: string;
  lines: Added[];
  // What a draft says that has no field here stays as it was.
  rest: Partial<Body>;
  charges: NonNullable<Body['shipping_lines']>;
}
export const BLANK: Form = {
  channel: '',
  company: '',
  po: '',
  terms: '',
  name: '',
  email: '',
  phone: '',
  address: {},
  service: '',
  shipping: '',
  tags: '',
  note: '',
  lines: [],
  rest: {},
  charges: [],
};

const ofCustomer = (customer: Body['customer'] | null) => ({
  name: customer?.name ?? '',
  email: customer?.email ?? '',
  phone: customer?.phone ?? '',
});

// The units that are left, at the prices of now; to be paid and shipped anew.
export function formOfOrder(order: Schemas['Order']): Form {
  return {
    ...BLANK,
    ...ofCustomer(order.customer),
    channel: order.channel,
    address: order.shipping_address ?? {},
    service: order.service ?? '',
    shipping: order.charges_now.amount > 0 ? typeMoney(order.charges_now) : '',
    tags: order.tags.join(', '),
    note: order.note ?? '',
    lines: order.lines
      .filter((line) => unitsLeft(line) > 0)
      .map((line) => ({
        key: newKey(),
        sku: line.sku,
        title: line.title,
        quantity: String(unitsLeft(line)),
        price: typeMoney(line.unit_price_now),
      })),
  };
}

// What is worked out anew is not sent again.
function told<T extends object>(of: T) {
  const { total, tax_lines, ...rest } = of as T & { total?: unknown; tax_lines?: unknown };
  return rest;
}

export function formOfDraft({ order, ...draft }: Schemas['Draft']): Form {
  const {
    channel,
    customer,
    shipping_address,
    service,
    shipping_lines = [],
    tags = [],
    note,
    lines,
    fees,
    totals,
    currency,
    tax_mode,
    ...rest
  } = order;
  const [shipping] = shipping_lines;
  return {
    ...ofCustomer(customer),
    channel,
    company: draft.company_id ?? '',
    po: draft.po_number ?? '',
    terms: draft.terms_days === null ? '' : String(draft.terms_days),
    address: shipping_address ?? {},
    service: service ?? '',
    shipping: shipping ? typeMoney(shipping.price) : '',
    tags: tags.join(', '),
    note: note ?? '',
    lines: lines.map(({ sku, title, quantity, unit_price, ...more }) => ({
      key: newKey(),
      sku,
      title: title ?? '',
      quantity: String(quantity),
      price: typeMoney(unit_price),
      rest: told(more),
    })),
    rest: { ...rest, ...(fees && { fees: fees.map(told) }) } as Partial<Body>,
    charges: shipping_lines.map(told) as Form['charges'],
  };
}

const filled = (fields: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value),
  );

// A price may be left to the list of the company; null where it is none.
function lineOf(
  { sku, title, quantity, price, rest }: Added,
  currency: string,
  isListed: boolean,
): Line | null {
  const units = readUnits(quantity);
  const unit_price = readMoney(price, currency);
  if (!units || (!unit_price && !(isListed && price.trim() === ''))) return null;
  return {
    ...rest,
    sku,
    ...filled({ title }),
    quantity: units,
    ...(unit_price && { unit_price }),
  } as Line;
}

// The first charge is the one that has a field.
function chargesOf({ charges: [first, ...more] }: Form, price: Schemas['Money'] | undefined) {
  const own = price ? [{ ...(first ?? { title: 'Shipping' }), price }] : [];
  const all = [...own, ...more];
  return all.length > 0 ? { shipping_lines: all } : {};
}

// The body, or null where something typed is no number, or lacks.
export function bodyOf(form: Form, currency: string): Body | null {
  const lines = form.lines.map((line) => lineOf(line, currency, form.company !== ''));
  const shipping = form.shipping.trim() ? readMoney(form.shipping, currency) : undefined;
  const address = cleanAddress(form.address);
  const isPlaced = address || Object.values(form.address).every((one) => !one);
  const customer = filled({ name: form.name, email: form.email, phone: form.phone });
  const right = lines.filter((line) => line !== null);
  const isRight = currency && right.length > 0 && right.length === lines.length && isPlaced;
  if (!isRight || shipping === null) return null;
  return {
    ...form.rest,
    ...filled({ service: form.service, note: form.note }),
    channel: form.channel,
    lines: right,
    ...(Object.keys(customer).length > 0 ? { customer } : {}),
    ...(address ? { shipping_address: address } : {}),
    ...chargesOf(form, shipping),
    ...(words(form.tags).length > 0 ? { tags: words(form.tags) } : {}),
  };
}

export function draftOf(form: Form, body: Body): Schemas['DraftIn'] {
  return {
    ...(form.company ? { company_id: form.company as Schemas['CompanyId'] } : {}),
    ...(form.po.trim() ? { po_number: form.po.trim() } : {}),
    ...(form.terms.trim() ? { terms_days: Number(form.terms) } : {}),
    order: body as unknown as Schemas['DraftOrder'],
  };
}
