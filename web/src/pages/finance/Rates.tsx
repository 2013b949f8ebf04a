// Rates.tsx - what other currencies are worth in that of the books.
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useAddress } from '../../ui/address';
import { isMoment, momentOf } from '../../ui/days';
import { When } from '../../ui/fields';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { look, PageHead, Time } from '../../ui/ui';

const PAGE = 50;
const PLACES = 9; // Billionths.

// "0.9234" as billionths, exactly; null where it is no rate.
export function readRate(text: string): number | null {
  const found = /^(\d{1,6})(?:[.,](\d{1,9}))?$/.exec(text.trim());
  const ppb = found ? Number(`${found[1]}${(found[2] ?? '').padEnd(PLACES, '0')}`) : 0;
  return ppb > 0 && Number.isSafeInteger(ppb) ? ppb : null;
}

function sayRate(ppb: number): string {
  const digits = String(ppb).padStart(PLACES + 1, '0');
  const part = digits.slice(-PLACES).replace(/0+$/, '');
  return `${digits.slice(0, -PLACES)}${part && `.${part}`}`;
}

function RateDialog({ books, onClose }: { books: string; onClose: () => void }) {
  const [form, setForm] = useState({ currency: '', books, rate: '', from: '', source: '' });
  const { run, isBusy, problem } = useOnce(0, [['fx-rates']], onClose);
  const rate_ppb = readRate(form.rate);
  const isReady =
    form.currency.length === 3 &&
    form.books.length === 3 &&
    rate_ppb !== null &&
    (!form.from || isMoment(form.from));
  const field = (name: keyof typeof form, label: string, more = {}) => (
    <TextInput
      label={label}
      maxLength={40}
      value={form[name]}
      onChange={(event) => {
        const text = event.currentTarget.value;
        const isCode = name === 'currency' || name === 'books';
        setForm((old) => ({ ...old, [name]: isCode ? text.toUpperCase() : text }));
      }}
      {...more}
    />
  );
  const act = () =>
    void run(async (key) => {
      const body = {
        currency: form.currency,
        books: form.books,
        rate_ppb: rate_ppb ?? 0,
        ...(form.from && { valid_from: momentOf(form.from) ?? form.from }),
        ...(form.source.trim() && { source: form.source.trim() }),
      };
      const header = { 'Idempotency-Key': key };
      await take(api.POST('/v1/fx-rates', { params: { header }, body }));
    }, 'Recorded');
  return (
    <Ask
      title="Record a rate"
      act="Record"
      isBusy={isBusy}
      isReady={isReady}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>A rate is never changed: what is taken from then on is worth what it says.</p>
      <div className={look.pairs}>
        {field('currency', 'One unit of', { maxLength: 3, 'data-autofocus': true })}
        {field('rate', 'is worth', {
          inputMode: 'decimal',
          error: form.rate !== '' && rate_ppb === null && 'As 0.9234',
        })}
        {field('books', 'of the books', { maxLength: 3, disabled: books !== '' })}
      </div>
      <div className={look.pairs}>
        <When
          label="From"
          description="Empty: from now on."
          value={form.from}
          set={(from) => setForm((old) => ({ ...old, from }))}
        />
        {field('source', 'Whose rate it is')}
      </div>
    </Ask>
  );
}

export default function Rates() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const [isNew, setNew] = useState(false);
  const currency = address.get('currency') ?? '';
  const asked = currency.length === 3 ? currency : undefined;
  const list = useList(['fx-rates', asked ?? ''], (after) =>
    take(api.GET('/v1/fx-rates', { params: { query: { currency: asked, limit: PAGE, after } } })),
  );
  return (
    <>
      <PageHead title="Exchange rates">
        <TextInput
          aria-label="Currency"
          placeholder="Any currency"
          maxLength={3}
          value={currency}
          onChange={(event) => set({ currency: event.currentTarget.value.toUpperCase() })}
        />
        {can('finance:write') && <Button onClick={() => setNew(true)}>Record…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="rate"
          empty={asked ? `No rate of ${asked}` : 'No rates yet'}
          hint="With them each payment in another currency says what it is worth in the books."
          heads={[['Currency'], ['Rate', look.right], ['From'], ['Source', look.roomy]]}
          row={(one: Schemas['FxRate']) => (
            <tr key={one.id}>
              <td className={look.strong}>{one.currency}</td>
              <td className={look.right}>
                {sayRate(one.rate_ppb)} {one.books}
              </td>
              <td>
                <Time at={one.valid_from} />
              </td>
              <td className={look.roomy}>{one.source}</td>
            </tr>
          )}
        />
      </div>
      {isNew && <RateDialog books={list.items[0]?.books ?? ''} onClose={() => setNew(false)} />}
    </>
  );
}
