// Drafts.tsx - orders that are not placed yet, and quotes.
import { Button, NativeSelect } from '@mantine/core';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useAddress } from '../../ui/address';
import { CompanyField, useHasCompanies } from '../../ui/company';
import { Table, useList } from '../../ui/list';
import { Badge, look, Money, PageHead, Time } from '../../ui/ui';
import { Views } from '../../ui/Views';
import { say } from '../../ui/words';

const STATES: Schemas['DraftState'][] = [
  'draft',
  'requested',
  'approved',
  'refused',
  'sent',
  'accepted',
  'declined',
  'expired',
  'converted',
  'discarded',
];
const PAGE = 50;

export default function Drafts() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const hasCompanies = useHasCompanies();
  const state = STATES.find((one) => one === address.get('state'));
  const company = (address.get('company') ?? undefined) as Schemas['CompanyId'] | undefined;
  const list = useList(['drafts', 'list', state ?? '', company ?? ''], (after) =>
    take(api.GET('/v1/drafts', { params: { query: { state, company, limit: PAGE, after } } })),
  );
  return (
    <>
      <PageHead title="Drafts and quotes">
        <NativeSelect
          aria-label="State"
          value={state ?? ''}
          onChange={(event) => set({ state: event.currentTarget.value })}
          data={[
            { value: '', label: 'Any state' },
            ...STATES.map((one) => ({ value: one, label: say(one) })),
          ]}
        />
        {hasCompanies && (
          <CompanyField
            label="Company"
            isLabelHidden
            placeholder="All buyers"
            value={company ?? ''}
            onChange={(id) => set({ company: id })}
          />
        )}
        {can('orders:write') && (
          <Button component={Link} href="/orders/new">
            New order
          </Button>
        )}
      </PageHead>
      <Views list="drafts" path="/drafts" all="All drafts" share="orders:write" />
      <div className={look.card}>
        <Table
          of={list}
          noun="draft"
          empty="No drafts here"
          hint="An order written down by hand stands here until it is placed; it may be sent as a quote."
          heads={[
            ['Draft'],
            ['State'],
            ['Company'],
            ['PO', look.roomy],
            ['Total', look.right],
            ['Since', look.roomy],
          ]}
          row={(one) => (
            <tr key={one.id}>
              <td className={look.strong}>
                <Link href={`/drafts/${one.id}`}>
                  {one.quote_number ?? `Draft ${one.id.slice(-6)}`}
                </Link>
              </td>
              <td>
                <Badge word={one.state} />
              </td>
              <td>{one.company}</td>
              <td className={look.roomy}>{one.po_number}</td>
              <td className={look.right}>
                <Money of={one.total} />
              </td>
              <td className={look.roomy}>
                <Time at={one.created_at} />
              </td>
            </tr>
          )}
        />
      </div>
    </>
  );
}
