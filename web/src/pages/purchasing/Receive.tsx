// Receive.tsx - goods of a purchase order have come: how many are fit for sale,
// how many are not, and what lots and numbers they are of.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { Ask } from '../../ui/Ask';
import { isMoment } from '../../ui/days';
import { When } from '../../ui/fields';
import { useOnce } from '../../ui/once';
import { look } from '../../ui/ui';
import { many, words } from '../../ui/words';
import p from './Purchasing.module.css';
import { type Purchase, SHOWN_BY_IT } from './said';

type Line = Purchase['lines'][number];
interface Came {
  good: string;
  damaged: string;
  lot: string;
  expires: string;
  serials: string;
  isMore: boolean; // Lot and numbers are asked for.
}
const BLANK = { good: '', damaged: '', lot: '', expires: '', serials: '', isMore: false };

const units = (text: string): number | null =>
  text.trim() === '' ? 0 : /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;

// Serial numbers are of the good units first, then of the damaged ones.
function itemsOf(line: number, came: Came): Schemas['PurchaseItem'][] {
  const serials = words(came.serials);
  const item = (quantity: number, from: number, bucket?: 'damaged') => ({
    line,
    quantity,
    ...(bucket && { bucket }),
    ...(came.lot.trim() && { lot: came.lot.trim() }),
    ...(came.expires && { expires_on: came.expires }),
    ...(serials.length > 0 && { serials: serials.slice(from, from + quantity) }),
  });
  const [good, damaged] = [units(came.good) ?? 0, units(came.damaged) ?? 0];
  return [
    ...(good > 0 ? [item(good, 0)] : []),
    ...(damaged > 0 ? [item(damaged, good, 'damaged')] : []),
  ];
}

function Row({ of, came, set }: { of: Line; came: Came; set: (to: Partial<Came>) => void }) {
  const field = (name: 'good' | 'damaged', label: string) => (
    <input
      aria-label={`${label} of ${of.sku}`}
      inputMode="numeric"
      maxLength={9}
      value={came[name]}
      aria-invalid={units(came[name]) === null}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <tr className={look.cell}>
        <td>
          <b>{of.sku}</b>
          <div className={`${look.faint} ${look.small}`}>
            {of.received.toLocaleString()} of {of.quantity.toLocaleString()} came in
            {of.supplier_sku && ` · ${of.supplier_sku}`}
          </div>
        </td>
        <td data-name="Good">{field('good', 'Good units')}</td>
        <td data-name="Damaged">{field('damaged', 'Damaged units')}</td>
        <td className={look.right}>
          {!came.isMore && (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Lot and numbers of ${of.sku}`}
              onClick={() => set({ isMore: true })}
            >
              Lot…
            </Button>
          )}
        </td>
      </tr>
      {came.isMore && (
        <tr className={p.more}>
          <td colSpan={4}>
            <div className={look.pairs}>
              <TextInput
                label={`Lot of ${of.sku}`}
                maxLength={64}
                value={came.lot}
                onChange={(event) => set({ lot: event.currentTarget.value })}
              />
              <When
                isDay
                label="Good until"
                value={came.expires}
                set={(expires) => set({ expires })}
              />
            </div>
            <Textarea
              label="Serial numbers, the good units' first"
              rows={2}
              value={came.serials}
              onChange={(event) => set({ serials: event.currentTarget.value })}
            />
          </td>
        </tr>
      )}
    </>
  );
}

export function Receive({ of, onClose }: { of: Purchase; onClose: () => void }) {
  const [reference, setReference] = useState('');
  const [came, setCame] = useState<Record<number, Came>>(() =>
    Object.fromEntries(
      of.lines.map((one) => [one.line, { ...BLANK, good: one.open ? String(one.open) : '' }]),
    ),
  );
  const { run, isBusy, problem, isStale } = useOnce(of.version, SHOWN_BY_IT, onClose);
  const all = Object.values(came);
  const isRight = all.every(
    (one) =>
      units(one.good) !== null &&
      units(one.damaged) !== null &&
      (one.expires === '' || isMoment(one.expires)),
  );
  const lines = isRight
    ? of.lines.flatMap((one) => itemsOf(one.line, came[one.line] ?? BLANK))
    : [];
  const total = lines.reduce((sum, one) => sum + one.quantity, 0);
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/purchase-orders/{id}/receive', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { version, lines, ...(reference.trim() && { reference: reference.trim() }) },
          }),
        ),
      `${many(total, 'unit')} came in`,
    );
  return (
    <Ask
      title={`Receive ${of.number}`}
      act={total > 0 ? `Receive ${many(total, 'unit')}` : 'Receive'}
      size="lg"
      isBusy={isBusy}
      isReady={total > 0 && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <div className={look.bar}>
        <TextInput
          label="Delivery note"
          placeholder={of.number}
          maxLength={100}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
          data-autofocus
        />
        <Button
          variant="default"
          onClick={() =>
            setCame((old) =>
              Object.fromEntries(
                Object.entries(old).map(([line, one]) => [line, { ...one, good: '', damaged: '' }]),
              ),
            )
          }
        >
          Count from nothing
        </Button>
      </div>
      <table className={`${look.table} ${p.lines}`}>
        <thead>
          <tr>
            <th>Item</th>
            <th>Good</th>
            <th>Damaged</th>
            <th aria-label="Lot" />
          </tr>
        </thead>
        <tbody>
          {of.lines.map((one) => (
            <Row
              key={one.line}
              of={one}
              came={came[one.line] ?? BLANK}
              set={(to) =>
                setCame((old) => ({ ...old, [one.line]: { ...(old[one.line] ?? BLANK), ...to } }))
              }
            />
          ))}
        </tbody>
      </table>
    </Ask>
  );
}
