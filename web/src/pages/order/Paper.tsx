// Paper.tsx - what of an order can be printed: invoices and credit notes. Slips
// and labels stand beside their parcels.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useOnce } from '../../ui/once';
import { Badge, Card, look, Money, ProblemView } from '../../ui/ui';

type OrderOf = Schemas['Order'];

function Sheet({
  href,
  name,
  total,
  state,
}: {
  href: string;
  name: string;
  total: Schemas['Money'];
  state?: string;
}) {
  return (
    <div className={look.row}>
      <a href={href} target="_blank" rel="noreferrer">
        {name}
      </a>
      {state && <Badge word={state} />}
      <Money of={total} />
    </div>
  );
}

export function Paper({ order }: { order: OrderOf }) {
  const { can } = useSession();
  const query = { order: order.id, limit: 50 };
  const mayRead = can('finance:read');
  const invoices = useQuery({
    queryKey: ['order', order.id, 'invoices'],
    enabled: mayRead,
    queryFn: () => take(api.GET('/v1/invoices', { params: { query } })),
  });
  const notes = useQuery({
    queryKey: ['order', order.id, 'credit-notes'],
    enabled: mayRead,
    queryFn: () => take(api.GET('/v1/credit-notes', { params: { query } })),
  });
  const { run, isBusy, problem } = useOnce(0, [['order', order.id]], () => {});
  if (!mayRead) return null;
  const error = invoices.error ?? notes.error;
  const isNone = invoices.data?.items.length === 0 && !notes.data?.items.length;
  return (
    <Card
      title="Documents"
      aside={
        can('finance:write') &&
        isNone && (
          <Button
            size="xs"
            variant="default"
            loading={isBusy}
            onClick={() =>
              void run(
                (key) =>
                  take(
                    api.POST('/v1/orders/{id}/invoices', {
                      params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
                      body: {},
                    }),
                  ),
                'Invoiced',
              )
            }
          >
            Invoice
          </Button>
        )
      }
    >
      {error && <ProblemView error={error} />}
      {isNone && <span className={look.faint}>Nothing is billed yet.</span>}
      {invoices.data?.items.map((one) => (
        <Sheet
          key={one.id}
          href={`/v1/invoices/${one.id}/pdf`}
          name={one.number ?? 'Draft of an invoice'}
          total={one.total}
          state={one.state}
        />
      ))}
      {notes.data?.items.map((one) => (
        <Sheet
          key={one.id}
          href={`/v1/credit-notes/${one.id}/pdf`}
          name={`Credit note ${one.number}`}
          total={one.total}
        />
      ))}
      {problem}
    </Card>
  );
}
