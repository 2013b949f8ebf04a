// PurchaseForm.tsx - a purchase order is written down, or its draft anew.
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, newKey, type Schemas, take } from '../../api/client';
import { useAddress } from '../../ui/address';
import { dayOf, momentOf } from '../../ui/days';
import { Icon } from '../../ui/icons';
import { useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { SkuField } from '../../ui/sku';
import { Card, Facts, look, Money, PageHead, ProblemView, Shades } from '../../ui/ui';
import { many, readMoney, typeMoney } from '../../ui/words';
import p from './Purchasing.module.css';
import type { Purchase } from './said';
import { SupplierField, useSuppliers } from './supplier';

interface Row {
  key: string;
  sku: string;
  title: string;
  units: string;
  cost: string;
  theirs: string;
  day: string;
}
interface Form {
  supplier: string;
  location: string;
  currency: string | null; // Null: the supplier's.
  note: string;
  rows: Row[];
}
type Filled = Form & { currency: string };
type Line = Schemas['PurchaseLineIn'];
const CURRENCY = /^[A-Z]{3}$/;

const formOf = (of: Purchase): Form => ({
  supplier: of.supplier,
  location: of.location,
  currency: of.currency,
  note: of.note,
  rows: of.lines.map((one) => ({
    key: newKey(),
    sku: one.sku,
    title: '',
    units: String(one.quantity),
    cost: typeMoney(one.unit_cost),
    theirs: one.supplier_sku ?? '',
    day: dayOf(one.expected_at),
  })),
});

const unitsOf = (text: string) =>
  /^\d{1,9}$/.test(text.trim()) && Number(text) > 0 ? Number(text) : null;
const costOf = (text: string, currency: string) =>
  CURRENCY.test(currency) ? readMoney(text, currency) : null;

function lineOf(row: Row, currency: string): Line | null {
  const quantity = unitsOf(row.units);
  const unit_cost = costOf(row.cost, currency);
  const expected_at = row.day ? momentOf(row.day) : undefined;
  if (quantity === null || unit_cost === null || expected_at === null) return null;
  return {
    sku: row.sku,
    quantity,
    unit_cost,
    ...(row.theirs.trim() && { supplier_sku: row.theirs.trim() }),
    ...(expected_at && { expected_at }),
  };
}

// All lines, or null where one of them is not right yet.
function linesOf({ rows, currency }: Filled): Line[] | null {
  const lines = rows.map((row) => lineOf(row, currency)).filter((one) => one !== null);
  return lines.length > 0 && lines.length === rows.length ? lines : null;
}

function LineRow({
  of,
  currency,
  set,
  drop,
}: {
  of: Row;
  currency: string;
  set: (to: Partial<Row>) => void;
  drop: () => void;
}) {
  const line = lineOf(of, currency);
  const field = (name: 'units' | 'cost' | 'theirs' | 'day', label: string, more = {}) => (
    <input
      aria-label={`${label} of ${of.sku}`}
      maxLength={64}
      value={of[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      {...more}
    />
  );
  return (
    <tr className={look.cell}>
      <td>
        <b>{of.title || of.sku}</b>
        {of.title && <div className={`${look.faint} ${look.small}`}>{of.sku}</div>}
      </td>
      <td data-name="Units">
        {field('units', 'Units', {
          inputMode: 'numeric',
          maxLength: 9,
          'aria-invalid': unitsOf(of.units) === null,
        })}
      </td>
      <td data-name="Unit cost">
        {field('cost', 'Unit cost', {
          inputMode: 'decimal',
          maxLength: 16,
          'aria-invalid': of.cost !== '' && costOf(of.cost, currency || 'EUR') === null,
        })}
      </td>
      <td data-name="Their SKU">{field('theirs', 'Their SKU')}</td>
      <td data-name="Expected">
        {field('day', 'Day', {
          type: 'date',
          'aria-invalid': of.day !== '' && momentOf(of.day) === null,
        })}
      </td>
      <td className={look.right}>
        {line && (
          <div>
            <Money of={{ ...line.unit_cost, amount: line.unit_cost.amount * line.quantity }} />
          </div>
        )}
        <Button size="compact-xs" variant="subtle" aria-label={`Without ${of.sku}`} onClick={drop}>
          Remove
        </Button>
      </td>
    </tr>
  );
}

function Lines({ form, set }: { form: Filled; set: (rows: Row[]) => void }) {
  const { rows, currency } = form;
  return (
    <Card
      title="Lines"
      aside={currency && <span className={look.faint}>Amounts in {currency}</span>}
      isFlush
    >
      {rows.length > 0 && (
        <table className={`${look.table} ${p.lines}`}>
          <thead>
            <tr>
              <th>Item</th>
              <th>Units</th>
              <th>Unit cost</th>
              <th>Their SKU</th>
              <th>Expected</th>
              <th className={look.right}>Total</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <LineRow
                key={one.key}
                of={one}
                currency={currency}
                set={(to) => set(rows.map((was) => (was === one ? { ...was, ...to } : was)))}
                drop={() => set(rows.filter((was) => was !== one))}
              />
            ))}
          </tbody>
        </table>
      )}
      <div className={p.add}>
        <SkuField
          label="Add an item"
          onFound={({ code, title }) =>
            set([
              ...rows,
              { key: newKey(), sku: code, title, units: '1', cost: '', theirs: '', day: '' },
            ])
          }
        />
      </div>
    </Card>
  );
}

function Total({ form, lines }: { form: Filled; lines: Line[] | null }) {
  if (!lines)
    return (
      <span className={look.faint}>
        Add items with their units and costs{form.supplier === '' && ', and choose a supplier'}.
      </span>
    );
  const amount = lines.reduce((sum, one) => sum + one.unit_cost.amount * one.quantity, 0);
  const units = lines.reduce((sum, one) => sum + one.quantity, 0);
  return (
    <Facts
      rows={[
        ['Units', units.toLocaleString()],
        ['Total', <Money key="t" of={{ amount, currency: form.currency }} />],
      ]}
    />
  );
}

function FormView({ start, of, onLook }: { start: Form; of?: Purchase; onLook?: () => void }) {
  const [, go] = useLocation();
  const suppliers = useSuppliers();
  const locations = useLocations();
  const active = locations.all.filter((one) => one.is_active || one.code === start.location);
  const [form, setForm] = useState(start);
  const set = (to: Partial<Form>) => setForm((old) => ({ ...old, ...to }));
  const location = form.location || active[0]?.code || '';
  const currency = form.currency ?? suppliers.of(form.supplier)?.currency ?? '';
  const now = { ...form, currency };
  const lines = linesOf(now);
  const supplier = suppliers.of(form.supplier);
  const { run, isBusy, problem, isStale } = useOnce(
    of?.version ?? 0,
    [['purchases']],
    () => {},
    onLook,
  );
  const act = () =>
    void run(
      async (key, version) => {
        if (!lines) throw new Error('nothing to keep');
        const header = { 'Idempotency-Key': key };
        const kept = of
          ? await take(
              api.PATCH('/v1/purchase-orders/{id}', {
                params: { path: { id: of.id }, header },
                body: { version, location, note: form.note.trim(), lines },
              }),
            )
          : await take(
              api.POST('/v1/purchase-orders', {
                params: { header },
                body: {
                  supplier: form.supplier,
                  location,
                  currency,
                  lines,
                  ...(form.note.trim() && { note: form.note.trim() }),
                },
              }),
            );
        go(`/purchase-orders/${kept.id}`);
        return kept;
      },
      (kept) => `${kept.number} is kept as a draft`,
    );
  return (
    <div className={look.columns}>
      <div className={look.column}>
        <Lines form={now} set={(rows) => set({ rows })} />
      </div>
      <div className={look.column}>
        <Card title="Order">
          <div className={look.dialog}>
            {of ? (
              <Facts
                rows={[
                  ['Supplier', supplier?.name ?? of.supplier],
                  ['Currency', of.currency],
                ]}
              />
            ) : (
              <>
                <SupplierField
                  label="Supplier"
                  isNew
                  placeholder="Who it is bought from"
                  value={form.supplier}
                  onChange={(code) => set({ supplier: code, currency: null })}
                />
                <TextInput
                  label="Currency"
                  maxLength={3}
                  value={currency}
                  onChange={(event) => set({ currency: event.currentTarget.value.toUpperCase() })}
                />
              </>
            )}
            <NativeSelect
              label="Goes to"
              value={location}
              onChange={(event) => set({ location: event.currentTarget.value })}
              data={active.map((one) => ({ value: one.code as string, label: one.name }))}
            />
            <Textarea
              label="Note"
              maxLength={5000}
              rows={2}
              value={form.note}
              onChange={(event) => set({ note: event.currentTarget.value })}
            />
            {supplier && (
              <span className={look.soft}>
                A line without a day is expected {many(supplier.lead_days, 'day')} after sending.
              </span>
            )}
          </div>
        </Card>
        <Card title="What it comes to">
          <div className={look.dialog}>
            <Total form={now} lines={lines} />
            {problem}
            <div className={look.buttons}>
              <Button
                variant="default"
                component={Link}
                href={of ? `/purchase-orders/${of.id}` : '/purchase-orders'}
              >
                Leave it
              </Button>
              <Button
                loading={isBusy}
                disabled={!lines || !form.supplier || !location || isStale}
                onClick={act}
              >
                Keep as a draft
              </Button>
            </div>
          </div>
        </Card>
      </div>
    </div>
  );
}

export default function New() {
  const [address] = useAddress();
  return (
    <>
      <Link href="/purchase-orders" className={look.back}>
        <Icon name="back" size={14} /> Purchase orders
      </Link>
      <PageHead title="New purchase order" />
      <FormView
        start={{
          supplier: address.get('supplier') ?? '',
          location: '',
          currency: null,
          note: '',
          rows: [],
        }}
      />
    </>
  );
}

export function Revise({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['purchases', id],
    queryFn: () => take(api.GET('/v1/purchase-orders/{id}', { params: { path: { id } } })),
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
      <Link href={`/purchase-orders/${id}`} className={look.back}>
        <Icon name="back" size={14} /> {data.number}
      </Link>
      <PageHead title={`Change ${data.number}`} />
      <FormView key={looks} start={formOf(data)} of={data} onLook={() => void onLook()} />
    </>
  );
}
