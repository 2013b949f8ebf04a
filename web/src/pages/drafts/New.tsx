// New.tsx - an order by hand: a new one, one like another, or a draft once more.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, take } from '../../api/client';
import { useAddress } from '../../ui/address';
import { Icon } from '../../ui/icons';
import { look, PageHead, ProblemView, Shades } from '../../ui/ui';
import { useOrder } from '../order/useOrder';
import { DraftForm } from './DraftForm';
import { BLANK, formOfDraft, formOfOrder } from './form';

function Back({ to, text }: { to: string; text: string }) {
  return (
    <Link href={to} className={look.back}>
      <Icon name="back" size={14} /> {text}
    </Link>
  );
}

const leave = (to: string) => (
  <Button variant="default" component={Link} href={to}>
    Leave it
  </Button>
);

function Like({ id }: { id: string }) {
  const { data: order, error, refetch } = useOrder(id);
  if (error && !order) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!order) return <Shades lines={8} />;
  return <DraftForm start={formOfOrder(order)} back={leave(`/orders/${id}`)} />;
}

export default function New() {
  const [address] = useAddress();
  const from = address.get('from');
  return (
    <>
      <Back to={from ? `/orders/${from}` : '/orders'} text={from ? 'To the order' : 'Orders'} />
      <PageHead title="New order" />
      {from ? (
        <Like id={from} />
      ) : (
        <DraftForm
          start={{ ...BLANK, company: address.get('company') ?? '' }}
          back={leave('/orders')}
        />
      )}
    </>
  );
}

export function Revise({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['drafts', id],
    queryFn: () => take(api.GET('/v1/drafts/{id}', { params: { path: { id } } })),
  });
  const [looks, setLooks] = useState(0);
  async function onLook() {
    await refetch();
    setLooks((n) => n + 1);
  }
  if (error && !data) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={8} />;
  return (
    <>
      <Back to={`/drafts/${id}`} text={data.quote_number ?? 'To the draft'} />
      <PageHead title={`Change ${data.quote_number ?? 'the draft'}`} />
      <DraftForm
        key={looks}
        start={formOfDraft(data)}
        draft={data}
        back={leave(`/drafts/${id}`)}
        onLook={() => void onLook()}
      />
    </>
  );
}
