// Suppliers.tsx - who goods are bought from, and the form of one.
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { AddressFields, cleanAddress } from '../../ui/AddressFields';
import { Ask } from '../../ui/Ask';
import { Csv } from '../../ui/Csv';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { Anew, nowOf, useOnce } from '../../ui/once';
import { Badge, look, PageHead } from '../../ui/ui';
import { many } from '../../ui/words';

type Supplier = Schemas['Supplier'];
const PAGE = 50;
const CODE = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/;

const whole = (text: string, most: number) =>
  text.trim() === '' || (/^\d{1,3}$/.test(text.trim()) && Number(text) <= most);

function SupplierDialog({ supplier, onClose }: { supplier?: Supplier; onClose: () => void }) {
  const [form, setForm] = useState({
    code: supplier?.code ?? '',
    name: supplier?.name ?? '',
    email: supplier?.email ?? '',
    currency: supplier?.currency ?? 'EUR',
    days: supplier?.lead_days.toString() ?? '',
    over: supplier?.over_percent.toString() ?? '',
  });
  const [address, setAddress] = useState<Schemas['OrderAddress']>(supplier?.address ?? {});
  const [isActive, setActive] = useState(supplier?.is_active ?? true);
  const { run, isBusy, problem, isStale } = useOnce(
    supplier?.version ?? 0,
    [['suppliers']],
    onClose,
  );
  const kept = cleanAddress(address);
  const isPlaced = kept !== undefined || Object.values(address).every((one) => !one);
  const isReady =
    (supplier !== undefined || CODE.test(form.code)) &&
    form.name.trim() !== '' &&
    /^[A-Z]{3}$/.test(form.currency) &&
    whole(form.days, 365) &&
    whole(form.over, 100) &&
    isPlaced &&
    !isStale;
  const field = (name: keyof typeof form, label: string, max: number, more = {}) => (
    <TextInput
      label={label}
      maxLength={max}
      value={form[name]}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setForm((old) => ({ ...old, [name]: name === 'currency' ? text.toUpperCase() : text }));
      }}
      {...more}
    />
  );
  const act = () =>
    void run((key, version) => {
      const header = { 'Idempotency-Key': key };
      const body = {
        name: form.name.trim(),
        currency: form.currency,
        is_active: isActive,
        ...(form.email.trim() && { email: form.email.trim() }),
        ...(form.days.trim() && { lead_days: Number(form.days) }),
        ...(form.over.trim() && { over_percent: Number(form.over) }),
        // Its e-mail has no field here and stays.
        ...(kept && {
          address: { ...kept, ...(supplier?.address?.email && { email: supplier.address.email }) },
        }),
      };
      return supplier
        ? take(
            api.PUT('/v1/suppliers/{id}', {
              params: { path: { id: supplier.id }, header },
              body: { ...body, version },
            }),
          )
        : take(
            api.POST('/v1/suppliers', { params: { header }, body: { ...body, code: form.code } }),
          );
    }, 'Kept');
  return (
    <Ask
      title={supplier ? `Change ${supplier.name}` : 'New supplier'}
      act={supplier ? 'Change' : 'Make it'}
      size="lg"
      isBusy={isBusy}
      isReady={isReady}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <div className={look.pairs}>
        {field('name', 'Name', 200, { 'data-autofocus': true })}
        {!supplier &&
          field('code', 'Code', 64, {
            description: 'Stands in orders; it stays.',
            error: form.code !== '' && !CODE.test(form.code) && 'Letters, digits and . _ / - alone',
          })}
      </div>
      <div className={look.pairs}>
        {field('email', 'E-mail', 254, { type: 'email' })}
        {field('currency', 'Currency of its orders', 3)}
      </div>
      <div className={look.pairs}>
        {field('days', 'Days from sending to the goods', 3, {
          inputMode: 'numeric',
          error: !whole(form.days, 365) && 'A number of days, 365 at most',
        })}
        {field('over', 'More than ordered may come in, %', 3, {
          inputMode: 'numeric',
          error: !whole(form.over, 100) && 'A number up to 100',
        })}
      </div>
      <h3 className={look.soft}>Address</h3>
      <AddressFields value={address} onChange={setAddress} />
      {!isPlaced && <span className={look.soft}>An address needs its country.</span>}
      <Checkbox
        label="Something new may be ordered there"
        checked={isActive}
        onChange={(event) => setActive(event.currentTarget.checked)}
      />
    </Ask>
  );
}

function Row({ of, change }: { of: Supplier; change?: () => void }) {
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/purchase-orders?supplier=${encodeURIComponent(of.code)}`}>{of.name}</Link>
        <div className={`${look.faint} ${look.small}`}>{of.code}</div>
      </td>
      <td>{!of.is_active && <Badge word="off" label="Off" />}</td>
      <td className={look.roomy}>{of.email}</td>
      <td>{many(of.lead_days, 'day')}</td>
      <td className={look.roomy}>{of.over_percent > 0 && `${of.over_percent} %`}</td>
      <td className={look.roomy}>{of.currency}</td>
      <td className={look.right}>
        {change && (
          <Button size="xs" variant="default" aria-label={`Change ${of.name}`} onClick={change}>
            Change…
          </Button>
        )}
      </td>
    </tr>
  );
}

export default function Suppliers() {
  const { can } = useSession();
  const [dialog, setDialog] = useState<'new' | Supplier | null>(null);
  const list = useList(['suppliers', 'list'], (after) =>
    take(api.GET('/v1/suppliers', { params: { query: { limit: PAGE, after } } })),
  );
  const shown = nowOf(list.items, dialog);
  const mayWrite = can('inventory:write');
  return (
    <>
      <Link href="/purchase-orders" className={look.back}>
        <Icon name="back" size={14} /> Purchase orders
      </Link>
      <PageHead title="Suppliers">
        <Csv path="/v1/suppliers" name="suppliers" filters={{}} />
        {mayWrite && <Button onClick={() => setDialog('new')}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="supplier"
          empty="No suppliers yet"
          hint="A supplier has its own days and currency; purchase orders go to it."
          heads={[
            ['Supplier'],
            [''],
            ['E-mail', look.roomy],
            ['Takes'],
            ['More may come', look.roomy],
            ['Currency', look.roomy],
            [' ', look.right],
          ]}
          row={(one) => (
            <Row key={one.id} of={one} change={mayWrite ? () => setDialog(one) : undefined} />
          )}
        />
      </div>
      {shown !== undefined && (
        <Anew version={shown?.version ?? 0}>
          <SupplierDialog supplier={shown ?? undefined} onClose={() => setDialog(null)} />
        </Anew>
      )}
    </>
  );
}
