// Cancel.tsx - cancels an order, or some of its units, as it was seen.
import { Button, Checkbox, Modal, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { api, newKey, ProblemError, type Schemas, take } from '../../api/client';
import { Changed } from '../../ui/once';
import { told } from '../../ui/toast';
import { look, ProblemView } from '../../ui/ui';
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
            onChange={(event) => set(line.n, Number(event.currentTarget.value))}
          />
          <span className={look.faint}>of {line.cancellable.toLocaleString()}</span>
        </li>
      ))}
    </ul>
  );
}

export function CancelDialog({ order, onClose }: { order: OrderOf; onClose: () => void }) {
  const queries = useQueryClient();
  const [seen, setSeen] = useState(order.version);
  const [reason, setReason] = useState('');
  const [isPart, setPart] = useState(false);
  const [units, setUnits] = useState<Record<number, number>>({});
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const key = useRef(newKey());
  const lines = order.lines.filter((line) => line.cancellable > 0);
  const all = lines.reduce((n, line) => n + line.cancellable, 0);
  const chosen = lines
    .map((line) => ({ n: line.n, quantity: units[line.n] ?? 0 }))
    .filter((one) => one.quantity > 0);
  const count = isPart ? chosen.reduce((n, one) => n + one.quantity, 0) : all;
  const stale =
    error instanceof ProblemError && error.problem.current_version
      ? error.problem.current_version
      : order.version !== seen
        ? order.version
        : 0;

  function lookAgain() {
    void queries.invalidateQueries({ queryKey: ['order', order.id] });
    setSeen(stale);
    setError(null);
    key.current = newKey();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const after = await take(
        api.POST('/v1/orders/{id}/cancel', {
          params: { path: { id: order.id }, header: { 'Idempotency-Key': key.current } },
          body: { version: seen, reason: reason.trim(), ...(isPart ? { lines: chosen } : {}) },
        }),
      );
      queries.setQueryData(['order', order.id], after);
      told(
        after.status === 'cancelled'
          ? `${order.number} is cancelled`
          : `${many(count, 'unit')} of ${order.number} cancelled`,
      );
      onClose();
    } catch (failure) {
      // A refusal is not kept under the key; another try is another act.
      if (failure instanceof ProblemError) key.current = newKey();
      setError(failure as Error);
      setBusy(false);
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Cancel ${order.number}`}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={look.dialog} onSubmit={submit}>
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
        {stale > 0 ? (
          <Changed seen={seen} now={stale} look={lookAgain} />
        ) : (
          error && <ProblemView error={error} />
        )}
        <div className={look.buttons}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            type="submit"
            color="red.8"
            loading={isBusy}
            disabled={!reason.trim() || count === 0 || stale > 0}
          >
            {isPart ? `Cancel ${many(count, 'unit')}` : 'Cancel the order'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
