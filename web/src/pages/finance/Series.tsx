// Series.tsx - who issues invoices, under which numbers.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Table, useList } from '../../ui/list';
import { Anew, nowOf, useOnce } from '../../ui/once';
import { look, PageHead } from '../../ui/ui';

type Series = Schemas['InvoiceSeries'];
type Seller = Schemas['InvoiceSeller'];
const PAGE = 50;
const SELLER = [
  ['company', 'Company', 200],
  ['name', 'Name', 200],
  ['line1', 'Street', 200],
  ['line2', 'More of it', 200],
  ['postal_code', 'Postal code', 200],
  ['city', 'City', 200],
  ['region', 'Region', 200],
  ['country', 'Country, two letters', 2],
  ['tax_id', 'Tax number', 200],
] as const;

const filled = (of: Partial<Seller>): Seller => ({
  ...Object.fromEntries(
    Object.entries(of)
      .map(([name, text]) => [name, text?.trim()])
      .filter(([, text]) => text),
  ),
  country: of.country ?? '',
});

function SeriesDialog({ of, onClose }: { of: Series | null; onClose: () => void }) {
  const [form, setForm] = useState({
    code: '',
    name: of?.name ?? '',
    prefix: of?.prefix ?? '',
    credit_prefix: of?.credit_prefix ?? '',
  });
  const [seller, setSeller] = useState<Partial<Seller>>(of?.seller ?? {});
  const { run, isBusy, problem, isStale } = useOnce(
    of?.version ?? 0,
    [['invoice-series']],
    onClose,
  );
  const put = (name: keyof Seller, text: string) =>
    setSeller((old) => ({ ...old, [name]: name === 'country' ? text.toUpperCase() : text }));
  const field = (name: keyof typeof form, label: string, max: number, more = {}) => (
    <TextInput
      label={label}
      maxLength={max}
      value={form[name]}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setForm((old) => ({ ...old, [name]: text }));
      }}
      {...more}
    />
  );
  const isNamed =
    of !== null || (form.code.trim() && form.prefix.trim() && form.credit_prefix.trim());
  const isReady =
    form.name.trim() !== '' && Boolean(isNamed) && /^[A-Z]{2}$/.test(seller.country ?? '');
  const act = () =>
    void run(
      (key, version) => {
        const header = { 'Idempotency-Key': key };
        const body = { name: form.name.trim(), seller: filled(seller) };
        return of
          ? take(
              api.PATCH('/v1/invoice-series/{id}', {
                params: { path: { id: of.id }, header },
                body: { ...body, version },
              }),
            )
          : take(
              api.POST('/v1/invoice-series', {
                params: { header },
                body: {
                  ...body,
                  code: form.code.trim(),
                  prefix: form.prefix.trim(),
                  credit_prefix: form.credit_prefix.trim(),
                },
              }),
            );
      },
      of ? 'Changed; the next document says so' : 'Opened',
    );
  return (
    <Ask
      title={of ? `Change ${of.name}` : 'New series'}
      act={of ? 'Change' : 'Open it'}
      size="lg"
      isBusy={isBusy}
      isReady={isReady && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {field('name', 'Name of the series', 200, { 'data-autofocus': true })}
      {!of && (
        <>
          <div className={look.pairs}>
            {field('code', 'Code', 64)}
            {field('prefix', 'Invoices begin with', 24, { placeholder: 'RE' })}
            {field('credit_prefix', 'Credit notes begin with', 24, { placeholder: 'GS' })}
          </div>
          <p>These three stay for good: numbers run on without a gap.</p>
        </>
      )}
      <h3 className={look.soft}>Who issues</h3>
      <div className={look.pairs}>
        {SELLER.map(([name, label, max]) => (
          <TextInput
            key={name}
            label={label}
            maxLength={max}
            value={seller[name] ?? ''}
            onChange={(event) => put(name, event.currentTarget.value)}
          />
        ))}
      </div>
      <Textarea
        label="Below the sums, as bank and terms"
        maxLength={500}
        rows={2}
        value={seller.note ?? ''}
        onChange={(event) => put('note', event.currentTarget.value)}
      />
    </Ask>
  );
}

export default function SeriesPage() {
  const { can } = useSession();
  const [open, setOpen] = useState<Series | 'new' | null>(null);
  const list = useList(['invoice-series', 'list'], (after) =>
    take(api.GET('/v1/invoice-series', { params: { query: { limit: PAGE, after } } })),
  );
  const shown = nowOf(list.items, open);
  const mayWrite = can('finance:write');
  return (
    <>
      <PageHead title="Invoice numbers">
        {mayWrite && <Button onClick={() => setOpen('new')}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="series"
          nouns="series"
          empty="No series yet"
          hint="A series is of one legal entity; its numbers have no gap. A channel names the series of its invoices."
          heads={[
            ['Series'],
            ['Next invoice'],
            ['Next credit note', look.roomy],
            ['Issued by', look.roomy],
            ['', look.right],
          ]}
          row={(one) => (
            <tr key={one.id}>
              <td>
                <b>{one.name}</b>
                <div className={`${look.faint} ${look.small}`}>{one.code}</div>
              </td>
              <td>
                {one.prefix}-{one.next}
              </td>
              <td className={look.roomy}>
                {one.credit_prefix}-{one.credit_next}
              </td>
              <td className={look.roomy}>
                {[one.seller.company || one.seller.name, one.seller.city, one.seller.country]
                  .filter(Boolean)
                  .join(', ')}
              </td>
              <td className={look.right}>
                {mayWrite && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change ${one.name}`}
                    onClick={() => setOpen(one)}
                  >
                    Change…
                  </Button>
                )}
              </td>
            </tr>
          )}
        />
      </div>
      {shown !== undefined && (
        <Anew version={shown?.version ?? 0}>
          <SeriesDialog of={shown} onClose={() => setOpen(null)} />
        </Anew>
      )}
    </>
  );
}
