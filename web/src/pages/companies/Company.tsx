// Company.tsx - one company: what it owes and may owe, its prices, its quotes
// and orders, the people who ask for it and the places they have it sent to.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { Anew } from '../../ui/once';
import { Badge, Card, Facts, look, Money, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { many } from '../../ui/words';
import { AddressView } from '../order/Side';
import { CompanyDialog } from './CompanyDialog';
import { Prices } from './Prices';

type CompanyOf = Schemas['Company'];
type Draft = Schemas['DraftItem'];
const PAGE = 50;
const PEOPLE = 12;

function Credit({ of }: { of: CompanyOf }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['companies', of.id, 'credit'],
    queryFn: () => take(api.GET('/v1/companies/{id}/credit', { params: { path: { id: of.id } } })),
  });
  return (
    <Card title="Credit">
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      <Facts
        rows={[
          ['Owes', data && <Money of={data.owed} />],
          [
            'May owe',
            of.credit_limit ? <Money key="m" of={of.credit_limit} /> : 'As much as it likes',
          ],
          ['Left', data?.left && <Money of={data.left} />],
          ['Pays within', of.terms_days === null ? 'As it orders' : many(of.terms_days, 'day')],
          ['Yes needed over', of.approval_over && <Money of={of.approval_over} />],
        ]}
      />
    </Card>
  );
}

function Person({ id }: { id: Schemas['CustomerId'] }) {
  const { data } = useQuery({
    queryKey: ['customers', id],
    queryFn: () => take(api.GET('/v1/customers/{id}', { params: { path: { id } } })),
  });
  if (!data) return null;
  return (
    <li>
      <div className={look.strong}>
        <Link href={`/customers/${id}`}>{data.name || data.emails[0] || 'No name'}</Link>
      </div>
      {[...data.emails.slice(0, 1), ...data.phones.slice(0, 1)].map((one) => (
        <div key={one} className={look.soft}>
          {one}
        </div>
      ))}
      {data.addresses.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: addresses have no other name
        <AddressView key={i} of={one.address} />
      ))}
    </li>
  );
}

// Who asked in its name, and where they have it sent.
function People({ drafts }: { drafts: Draft[] }) {
  const ids = [...new Set(drafts.map((one) => one.customer_id).filter((id) => id !== null))];
  return (
    <Card title="People and places">
      {ids.length === 0 ? (
        <span className={look.faint}>
          Whoever a quote or an order of the company names stands here.
        </span>
      ) : (
        <ul className={look.plain}>
          {ids.slice(-PEOPLE).map((id) => (
            <Person key={id} id={id} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function DraftRow({ of }: { of: Draft }) {
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/drafts/${of.id}`}>{of.quote_number ?? `Draft ${of.id.slice(-6)}`}</Link>
      </td>
      <td>
        <Badge word={of.state} />
      </td>
      <td>{of.order_id && <Link href={`/orders/${of.order_id}`}>Its order</Link>}</td>
      <td className={look.roomy}>{of.po_number}</td>
      <td className={look.right}>
        <Money of={of.total} />
      </td>
      <td className={look.roomy}>
        <Time at={of.created_at} />
      </td>
    </tr>
  );
}

function One({ company }: { company: CompanyOf }) {
  const { can } = useSession();
  const mayRead = can('orders:read');
  const drafts = useList(['drafts', 'list', '', company.id], (after) =>
    mayRead
      ? take(
          api.GET('/v1/drafts', {
            params: { query: { company: company.id, limit: PAGE, after } },
          }),
        )
      : Promise.resolve({ items: [], next: null }),
  );
  return (
    <div className={look.columns}>
      <div className={look.column}>
        {mayRead && (
          <Card title="Quotes and orders" isFlush>
            <Table
              of={drafts}
              noun="quote"
              empty="Nothing was asked for yet"
              hint="A new order with this company stands here, as a quote or as what became of it."
              heads={[
                ['Quote'],
                ['State'],
                ['Order'],
                ['PO', look.roomy],
                ['Total', look.right],
                ['Since', look.roomy],
              ]}
              row={(one) => <DraftRow key={one.id} of={one} />}
            />
          </Card>
        )}
        <Prices key={company.id} company={company} />
      </div>
      <div className={look.column}>
        <Credit of={company} />
        <People drafts={drafts.items} />
        <Card title="About">
          <Facts
            rows={[
              ['Tax number', company.tax_id],
              ['Currency', company.currency],
              ['Since', <Time key="s" at={company.created_at} />],
              ['Changed', <Time key="c" at={company.updated_at} />],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

export default function Company({ id }: { id: string }) {
  const { can } = useSession();
  const [isChanging, setChanging] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['companies', id],
    queryFn: () => take(api.GET('/v1/companies/{id}', { params: { path: { id } } })),
  });
  if (error && !data) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={8} />;
  return (
    <>
      <Link href="/companies" className={look.back}>
        <Icon name="back" size={14} /> Companies
      </Link>
      <PageHead title={data.name}>
        {can('customers:write') && (
          <Button variant="default" onClick={() => setChanging(true)}>
            Change…
          </Button>
        )}
        {can('orders:write') && (
          <Button component={Link} href={`/orders/new?company=${id}`}>
            New order
          </Button>
        )}
      </PageHead>
      <One company={data} />
      {isChanging && (
        <Anew version={data.version}>
          <CompanyDialog company={data} onClose={() => setChanging(false)} />
        </Anew>
      )}
    </>
  );
}
