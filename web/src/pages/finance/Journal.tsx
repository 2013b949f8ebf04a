import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useAddress } from '../../ui/address';
import { Csv } from '../../ui/Csv';
import { dayStart } from '../../ui/days';
import { DayFilter } from '../../ui/fields';
import { Table, useList } from '../../ui/list';
import { look, Money, PageHead, Time } from '../../ui/ui';
import { say } from '../../ui/words';

type Entry = Schemas['JournalEntry'];
const PAGE = 50;

const KINDS: Record<string, string> = { money: 'Money', credit: 'Kept for buyers' };
const NAMES: Record<string, string> = {
  receivables: 'Owed by buyers',
  credit_given: 'Credit given',
};

// "money:card" -> "Money: card"; the account as it is called elsewhere is its title.
function sayAccount(account: string): string {
  const [kind = '', of] = account.split(':');
  if (of) return `${KINDS[kind] ?? say(kind)}: ${say(of).toLowerCase()}`;
  return NAMES[account] ?? say(account);
}

// An entry is a row for each of its lines, the first of which says what it is.
function Rows({ of }: { of: Entry }) {
  return of.lines.map((line, n) => (
    <tr key={`${line.account} ${line.debit ? 'debit' : 'credit'}`}>
      <td className={look.roomy}>{n === 0 && <Time at={of.at} />}</td>
      <td className={look.strong}>
        {n === 0 &&
          (of.order_id ? (
            <Link href={`/orders/${of.order_id}`}>{say(of.about)}</Link>
          ) : (
            say(of.about)
          ))}
      </td>
      <td title={line.account}>{sayAccount(line.account)}</td>
      <td className={look.right}>{line.debit && <Money of={line.debit} />}</td>
      <td className={look.right}>{line.credit && <Money of={line.credit} />}</td>
    </tr>
  ));
}

export default function Journal() {
  const [address, set] = useAddress();
  const query = {
    order: address.get('order') || undefined,
    from: dayStart(address.get('from')),
    to: dayStart(address.get('to'), 1),
  };
  const list = useList(['journal', JSON.stringify(query)], (after) =>
    take(api.GET('/v1/journal', { params: { query: { ...query, limit: PAGE, after } } })),
  );
  const day = (name: 'from' | 'to', label: string) => (
    <DayFilter label={label} value={address.get(name) ?? ''} set={(to) => set({ [name]: to })} />
  );
  return (
    <>
      <PageHead title="Journal">
        {day('from', 'From')}
        {day('to', 'To')}
        <Link href="/invoice-series">Invoice numbers</Link>
        <Csv path="/v1/journal" name="journal" filters={query} />
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="entry"
          nouns="entries"
          empty="No entries here"
          hint="What is billed, paid, given back or kept for buyers is entered here by itself."
          heads={[
            ['When', look.roomy],
            ['What'],
            ['Account'],
            ['Debit', look.right],
            ['Credit', look.right],
          ]}
          row={(one) => <Rows key={one.id} of={one} />}
        />
      </div>
    </>
  );
}
