// Replace.tsx - sends goods once more that were lost, broken or something else.
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { many, say } from '../../ui/words';

type OrderOf = Schemas['Order'];
const CAUSES: Schemas['ReplaceCause'][] = ['lost', 'damaged', 'wrong_item', 'missing'];

export function ReplaceDialog({ order, onClose }: { order: OrderOf; onClose: () => void }) {
  const sent = order.lines.filter((line) => line.shipped > 0);
  const [n, setN] = useState(String(sent[0]?.n ?? ''));
  const [units, setUnits] = useState('1');
  const [cause, setCause] = useState<Schemas['ReplaceCause']>('lost');
  const { run, isBusy, problem, isStale } = useOnce(
    order.version,
    [['order', order.id], ['fulfillment']],
    onClose,
  );
  const quantity = Number(units);
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/orders/{id}/replacements', {
            params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
            body: { version, line: Number(n), quantity, cause },
          }),
        ),
      `${many(quantity, 'unit')} sent once more`,
    );
  return (
    <Ask
      title={`Send again, ${order.number}`}
      act="Send again"
      isBusy={isBusy}
      isReady={n !== '' && Number.isInteger(quantity) && quantity > 0 && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>
        The buyer pays nothing and gets nothing back: the same goods are reserved and leave with a
        label of their own.
      </p>
      <NativeSelect
        label="What"
        value={n}
        onChange={(event) => setN(event.currentTarget.value)}
        data={sent.map((one) => ({
          value: String(one.n),
          label: `${one.title || one.sku}, ${one.shipped.toLocaleString()} shipped`,
        }))}
      />
      <TextInput
        label="Units"
        type="number"
        inputMode="numeric"
        min={1}
        value={units}
        onChange={(event) => setUnits(event.currentTarget.value)}
        data-autofocus
      />
      <NativeSelect
        label="What happened"
        value={cause}
        onChange={(event) => setCause(event.currentTarget.value as typeof cause)}
        data={CAUSES.map((one) => ({ value: one, label: say(one) }))}
      />
    </Ask>
  );
}
