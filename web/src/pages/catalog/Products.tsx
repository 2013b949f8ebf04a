// Products.tsx - what is sold: each SKU by code or barcode.
import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useAddress } from '../../ui/address';
import { Csv } from '../../ui/Csv';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { Anew, nowOf, useOnce } from '../../ui/once';
import { readSkus } from '../../ui/sku';
import { Badge, look, PageHead } from '../../ui/ui';

type Sku = Schemas['Sku'];
const KEYS = [['skus']];
const PAGE = 50;
const SIZES = ['weight_g', 'length_mm', 'width_mm', 'height_mm'] as const;
const NAMES = {
  weight_g: 'Weight, g',
  length_mm: 'Length, mm',
  width_mm: 'Width, mm',
  height_mm: 'Height, mm',
};

const read = (q: string, after?: string) =>
  q
    ? readSkus(q, PAGE, after)
    : take(api.GET('/v1/skus', { params: { query: { limit: PAGE, after } } }));

// What was found by its barcode is asked for by it.
const filterOf = (q: string, found: Sku[]) =>
  !q || found.some((one) => one.code === q) ? { code: q } : { barcode: q };

function Dialog({ of, onClose }: { of: Sku | null; onClose: () => void }) {
  const [code, setCode] = useState('');
  const [title, setTitle] = useState(of?.title ?? '');
  const [barcode, setBarcode] = useState(of?.barcode ?? '');
  const [origin, setOrigin] = useState(of?.origin ?? '');
  const [hs, setHs] = useState(of?.hs_code ?? '');
  const [tax, setTax] = useState(of?.tax_class ?? '');
  const [isTracked, setTracked] = useState(of?.is_tracked ?? true);
  const [sizes, setSizes] = useState(() => SIZES.map((name) => String(of?.[name] || '')));
  const { run, isBusy, problem, isStale } = useOnce(of?.version ?? 0, KEYS, onClose);
  const size = (i: number) => Number(sizes[i] || 0);
  const body = {
    title: title.trim(),
    barcode: barcode.trim(),
    origin: origin.trim().toUpperCase(),
    hs_code: hs.trim(),
    tax_class: tax.trim(),
    is_tracked: isTracked,
    weight_g: size(0),
    length_mm: size(1),
    width_mm: size(2),
    height_mm: size(3),
  };
  const isRight = SIZES.every((_, i) => Number.isInteger(size(i)) && size(i) >= 0);
  const act = () =>
    void run(
      (key, version) =>
        of
          ? take(
              api.PATCH('/v1/skus/{id}', {
                params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
                body: { ...body, version },
              }),
            )
          : take(
              api.POST('/v1/skus', {
                params: { header: { 'Idempotency-Key': key } },
                body: { ...body, code: code.trim() },
              }),
            ),
      of ? 'Changed' : 'Made',
    );
  return (
    <Ask
      title={of ? `Change ${of.code}` : 'New SKU'}
      act={of ? 'Change' : 'Make it'}
      isBusy={isBusy}
      isReady={title.trim() !== '' && (of !== null || code.trim() !== '') && isRight && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {!of && (
        <TextInput
          label="Code"
          description="Stays as it is."
          maxLength={64}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <TextInput
        label="Title"
        maxLength={255}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <div className={look.pairs}>
        <TextInput
          label="Barcode"
          maxLength={64}
          value={barcode}
          onChange={(event) => setBarcode(event.currentTarget.value)}
        />
        <TextInput
          label="Tax class"
          placeholder="standard"
          maxLength={64}
          value={tax}
          onChange={(event) => setTax(event.currentTarget.value)}
        />
        <TextInput
          label="HS code"
          inputMode="numeric"
          maxLength={10}
          value={hs}
          onChange={(event) => setHs(event.currentTarget.value)}
        />
        <TextInput
          label="Made in"
          placeholder="DE"
          maxLength={2}
          value={origin}
          onChange={(event) => setOrigin(event.currentTarget.value)}
        />
        {SIZES.map((name, i) => (
          <TextInput
            key={name}
            label={NAMES[name]}
            inputMode="numeric"
            value={sizes[i]}
            onChange={(event) => setSizes(sizes.with(i, event.currentTarget.value))}
          />
        ))}
      </div>
      <Checkbox
        label="Its stock is counted"
        checked={isTracked}
        onChange={(event) => setTracked(event.currentTarget.checked)}
      />
    </Ask>
  );
}

function Row({ of, change }: { of: Sku; change?: () => void }) {
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/inventory?sku=${encodeURIComponent(of.code)}`}>{of.code}</Link>{' '}
        {of.is_kit && <Badge word="kit" tone="info" />}
        {!of.is_tracked && <Badge word="not counted" tone="neutral" />}
        <div className={look.faint}>{of.barcode}</div>
      </td>
      <td>
        {of.title}
        {of.components.length > 0 && (
          <div className={look.faint}>
            {of.components.map((one) => `${one.quantity} × ${one.sku}`).join(', ')}
          </div>
        )}
      </td>
      <td className={look.roomy}>{of.product_code}</td>
      <td className={`${look.right} ${look.roomy}`}>
        {of.weight_g ? `${of.weight_g.toLocaleString()} g` : ''}
      </td>
      <td className={look.roomy}>{of.tax_class}</td>
      <td className={look.right}>
        {change && (
          <Button size="xs" variant="default" aria-label={`Change ${of.code}`} onClick={change}>
            Change…
          </Button>
        )}
      </td>
    </tr>
  );
}

export default function Products() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const q = address.get('q') ?? '';
  const [text, setText] = useState(q);
  const [open, setOpen] = useState<Sku | 'new' | null>(null);
  useEffect(() => setText(q), [q]);
  const list = useList(['skus', 'list', q], (after) => read(q, after));
  const shown = nowOf(list.items, open);
  const mayWrite = can('catalog:write');
  function find(event: FormEvent) {
    event.preventDefault();
    set({ q: text.trim() });
  }
  return (
    <>
      <PageHead title="Products">
        <form onSubmit={find}>
          <TextInput
            aria-label="SKU or barcode"
            placeholder="Whole SKU or barcode, Enter"
            leftSection={<Icon name="search" size={15} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={() => text.trim() === '' && q && set({ q: '' })}
          />
        </form>
        <Csv path="/v1/skus" name="skus" filters={filterOf(q, list.items)} />
        {mayWrite && <Button onClick={() => setOpen('new')}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="SKU"
          empty={q ? `No SKU and no barcode is “${q}”` : 'Nothing is sold yet'}
          hint="A SKU is what orders name and shelves hold."
          heads={[
            ['SKU'],
            ['Title'],
            ['Product', look.roomy],
            ['Weight', `${look.right} ${look.roomy}`],
            ['Tax class', look.roomy],
            ['', look.right],
          ]}
          row={(one) => (
            <Row key={one.id} of={one} change={mayWrite ? () => setOpen(one) : undefined} />
          )}
        />
      </div>
      {shown !== undefined && (
        <Anew version={shown?.version ?? 0}>
          <Dialog of={shown} onClose={() => setOpen(null)} />
        </Anew>
      )}
    </>
  );
}
