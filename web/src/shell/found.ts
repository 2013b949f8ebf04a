// found.ts - what the palette finds of orders, parcels, goods and buyers.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Schemas, type Scope, take } from '../api/client';
import { useSession } from '../session';
import { some } from '../ui/some';

const SHOWN = 8;
const FEW = 4;
const TRACKING = /^[A-Za-z0-9-]{8,64}$/;
const PHONE = /^\+?[\d\s()/-]{6,}$/;

export interface Found {
  orders: Schemas['OrderItem'][];
  packages: Schemas['Package'][];
  skus: Schemas['Sku'][];
  customers: Schemas['CustomerItem'][];
  companies: Schemas['Company'][];
  hasMore: boolean;
}
interface Page<T> {
  items: T[];
  next: string | null;
}

export function useFound(text: string) {
  const { can } = useSession();
  return useQuery({
    queryKey: ['found', text],
    enabled: text.length >= 2,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Found> => {
      // Nothing is asked that the caller may not read, or that cannot be meant.
      const ask = <T>(scope: Scope, isMeant: boolean, call: () => Promise<Page<T>>) =>
        isMeant && can(scope) ? call() : Promise.resolve<Page<T>>({ items: [], next: null });
      const isTracking = TRACKING.test(text) && /\d{4}/.test(text);
      const isKey = text.includes('@') || PHONE.test(text);
      const key = text.includes('@') ? { email: text } : { phone: text };
      // What is typed over is looked for no longer.
      const further = (limit: number, after?: string) => ({
        params: { query: { q: text, limit, after } },
        signal,
      });
      const [orders, packages, skus, customers, companies] = await Promise.all([
        ask('orders:read', true, () =>
          take(api.GET('/v1/orders/search', { params: { query: { q: text, limit: SHOWN } } })),
        ),
        ask('shipping:read', isTracking, () =>
          take(api.GET('/v1/packages', { params: { query: { tracking: text, limit: FEW } } })),
        ),
        ask('catalog:read', true, () =>
          some(FEW, (limit, after) => take(api.GET('/v1/skus', further(limit, after)))),
        ),
        ask('customers:read', isKey, () =>
          take(api.GET('/v1/customers', { params: { query: { ...key, limit: FEW } } })),
        ),
        ask('customers:read', true, () =>
          some(FEW, (limit, after) => take(api.GET('/v1/companies', further(limit, after)))),
        ),
      ]);
      return {
        orders: orders.items,
        packages: packages.items,
        skus: skus.items,
        customers: customers.items,
        companies: companies.items,
        hasMore: orders.next !== null,
      };
    },
  });
}
