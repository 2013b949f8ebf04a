// Cancel.tsx - cancels an order, or some of its units, as it was seen.
import { Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { look } from '../../ui/ui';
import { many } from '../../ui/words';

type OrderOf = Schemas['Order'];
type Line = Schemas['OrderLine'];

function Units({
  lines,
  units,
  set,
}: {
  lines: Line[];
  units: Record<number, number>;
  set: (n: number, to: number) => void;
}) {
  return (
    <ul className={look.units}>
      {lines.map((line) => (
        <li key={line.n}>
          <label htmlFor={`cancel-${line.n}`}>
            {line.title || line.sku}
            <span className={`${look.faint} ${look.small}`}> {line.sku}</span>
          </label>
          <input
            id={`cancel-${line.n}`}
            type="number"
            inputMode="numeric"
            min={0}
            max={line.cancellable}
            value={units[line.n] ?? 0}
            onChange={(event) => set(line.n, Math.trunc(Number(event.currentTarget.value)))}
          />
          <span className={look.faint}>of {line.cancellable.toLocaleString()}</span>
        </li>
      ))}
    </ul>
  );
}

export function CancelDialog({ order, onClose }: { order: OrderOf; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [isPart, setPart] = useState(false);
  const [units, setUnits] = useState<Record<number, number>>({});
  const { run, isBusy, problem, isStale } = useOnce(order.version, [['order', order.id]], onClose);
  const lines = order.lines.filter((line) => line.cancellable > 0);
  const all = lines.reduce((n, line) => n + line.cancellable, 0);
  const chosen = lines
    .map((line) => ({ n: line.n, quantity: units[line.n] ?? 0 }))
    .filter((one) => one.quantity > 0);
  const count = isPart ? chosen.reduce((n, one) => n + one.quantity, 0) : all;
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/orders/{id}/cancel', {
            params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
            body: { version, reason: reason.trim(), ...(isPart ? { lines: chosen } : {}) },
          }),
        ),
      (after) =>
        after.status === 'cancelled'
          ? `${order.number} is cancelled`
          : `${many(count, 'unit')} of ${order.number} cancelled`,
    );
  return (
    <Ask
      title={`Cancel ${order.number}`}
      act={isPart ? `Cancel ${many(count, 'unit')}` : 'Cancel the order'}
      leave="Keep it"
      isGrave
      isBusy={isBusy}
      isReady={reason.trim() !== '' && count > 0 && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>
        {many(all, 'unit')} can still be cancelled; the stock is free at once. What is picked or
        shipped stays.
      </p>
      {lines.length > 0 && (
        <Checkbox
          label="Only some of the units"
          checked={isPart}
          onChange={(event) => setPart(event.currentTarget.checked)}
        />
      )}
      {isPart && (
        <Units lines={lines} units={units} set={(n, to) => setUnits({ ...units, [n]: to })} />
      )}
      <Textarea
        label="Reason"
        description="Stays on the timeline; no names or addresses."
        required
        withAsterisk={false}
        maxLength={500}
        rows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </Ask>
  );
}
