// accounts.ts - accounts with carriers, by id.
import { useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { whole } from '../../ui/refs';

export function useAccounts() {
  const { data } = useQuery({
    queryKey: ['carrier-accounts', 'all'],
    queryFn: () =>
      whole((after) =>
        take(api.GET('/v1/carrier-accounts', { params: { query: { limit: 250, after } } })),
      ),
  });
  const all = data ?? [];
  return { all, nameOf: (id: string) => all.find((one) => one.id === id)?.name ?? id };
}
