// subject.ts - the page of what an event or a task is about.
import type { Schemas } from '../api/client';

const OWN: Record<string, (id: string) => string> = {
  order: (id) => `/orders/${id}`,
  fulfillment_order: (id) => `/fulfillment/${id}`,
  return: (id) => `/returns/${id}`,
  customer: (id) => `/customers/${id}`,
  pick_task: (id) => `/picking/${id}`,
  count: () => '/inventory',
  lot: () => '/inventory',
  manifest: () => '/handover',
  carrier_pickup: () => '/handover',
};
// What has no page of its own yet stands on its order's.
const NAMES: Record<string, string> = {
  fulfillment_order: 'Fulfillment order',
  pick_task: 'Walk',
  count: 'Inventory',
  lot: 'Inventory',
  manifest: 'Hand-over',
  carrier_pickup: 'Hand-over',
  package: 'Parcel',
  payment: 'Payment',
  pickup: 'Pickup',
  return: 'Return',
};

// A kind whose place is not the page of what it is about.
const PLACES: Record<string, { to: string; name: string }> = {
  label_orphan: { to: '/orphan-labels?state=refused', name: 'The label' },
};

export function subjectOf(task: Schemas['Task']): { to: string; name: string } | null {
  const place = PLACES[task.kind];
  if (place) return place;
  const own = OWN[task.subject_kind]?.(task.subject);
  const to = own ?? (task.order_id ? `/orders/${task.order_id}` : null);
  return to === null ? null : { to, name: NAMES[task.subject_kind] ?? 'Order' };
}
