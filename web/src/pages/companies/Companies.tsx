// Companies.tsx - companies that buy: by words of the name, or all of them.
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useAddress } from '../../ui/address';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { look, Money, PageHead, Time } from '../../ui/ui';
import { many } from '../../ui/words';
import { CompanyDialog } from './CompanyDialog';

const PAGE = 50;
const TYPING_MS = 250;

function Row({ of }: { of: Schemas['Company'] }) {
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/companies/${of.id}`}>{of.name}</Link>
        {of.tax_id && <div className={`${look.faint} ${look.small}`}>{of.tax_id}</div>}
      </td>
      <td className={look.right}>{of.credit_limit && <Money of={of.credit_limit} />}</td>
      <td>{of.terms_days !== null && many(of.terms_days, 'day')}</td>
      <td className={`${look.right} ${look.roomy}`}>
        {of.approval_over && <Money of={of.approval_over} />}
      </td>
      <td className={look.roomy}>
        <Time at={of.created_at} />
      </td>
    </tr>
  );
}

export default function Companies() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const q = address.get('q') ?? '';
  const [text, setText] = useState(q);
  const [typed] = useDebouncedValue(text.trim(), TYPING_MS);
  const [isNew, setNew] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing begins a search
  useEffect(() => {
    if (typed !== q) set({ q: typed });
  }, [typed]);
  const list = useList(['companies', 'list', q], (after) =>
    take(
      api.GET('/v1/companies', { params: { query: { q: q || undefined, limit: PAGE, after } } }),
    ),
  );
  return (
    <>
      <PageHead title="Companies">
        <TextInput
          aria-label="Words of a name"
          placeholder="Name or tax number"
          leftSection={<Icon name="search" size={15} />}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {can('customers:write') && <Button onClick={() => setNew(true)}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="company"
          nouns="companies"
          empty={q ? `No company has “${q}” in its name` : 'No companies yet'}
          hint={
            q
              ? 'Every word must begin a word of the name or the tax number.'
              : 'A company buys by quote, at its own prices, and may pay later, up to a limit.'
          }
          heads={[
            ['Company'],
            ['May owe', look.right],
            ['Pays within'],
            ['Yes needed over', `${look.right} ${look.roomy}`],
            ['Since', look.roomy],
          ]}
          row={(one) => <Row key={one.id} of={one} />}
        />
      </div>
      {isNew && <CompanyDialog onClose={() => setNew(false)} />}
    </>
  );
}
