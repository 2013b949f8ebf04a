// useOrder.ts - one order, as it is now.
import { useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';

export const useOrder = (id: string) =>
  useQuery({
    queryKey: ['order', id],
    queryFn: () => take(api.GET('/v1/orders/{id}', { params: { path: { id } } })),
  });
