// Replace.tsx - sends goods once more that were lost, broken or something else.
import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { many, say } from '../../ui/words';

type OrderOf = Schemas['Order'];
const CAUSES: Schemas['ReplaceCause'][] = ['lost', 'damaged', 'wrong_item', 'missing'];

const UNDECIDED = ['requested', 'open', 'in_transit', 'partially_received', 'received'];

// Returns that a replacement may wait for: of one line, and not decided.
function useReturns(order: string) {
  const { data } = useQuery({
    queryKey: ['returns', 'order', order],
    queryFn: () => take(api.GET('/v1/returns', { params: { query: { order, limit: 250 } } })),
  });
  return (data?.items ?? []).flatMap((one) => {
    const [line, ...more] = one.lines;
    return line && more.length === 0 && UNDECIDED.includes(one.state) ? [{ ...one, line }] : [];
  });
}

export function ReplaceDialog({ order, onClose }: { order: OrderOf; onClose: () => void }) {
  const sent = order.lines.filter((line) => line.shipped > 0);
  const [n, setN] = useState(String(sent[0]?.n ?? ''));
  const [units, setUnits] = useState('1');
  const [back, setBack] = useState('');
  const returns = useReturns(order.id);
  const awaited = returns.find((one) => one.id === back);
  const [cause, setCause] = useState<Schemas['ReplaceCause']>('lost');
  const { run, isBusy, problem, isStale } = useOnce(
    order.version,
    [['order', order.id], ['fulfillment'], ['returns']],
    onClose,
  );
  // What it waits for are these very units.
  const line = awaited ? awaited.line.line : Number(n);
  const quantity = awaited ? awaited.line.quantity : Number(units);
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/orders/{id}/replacements', {
            params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
            body: { version, line, quantity, cause, ...(awaited && { return: awaited.id }) },
          }),
        ),
      awaited
        ? `${many(quantity, 'unit')} kept back until ${awaited.number} came`
        : `${many(quantity, 'unit')} sent once more`,
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
        label of their own{awaited ? ', once what broke has come back' : ''}.
      </p>
      {returns.length > 0 && (
        <NativeSelect
          label="When"
          description="With a return it is promised at once, and leaves once those units came."
          value={back}
          onChange={(event) => setBack(event.currentTarget.value)}
          data={[
            { value: '', label: 'At once' },
            ...returns.map((one) => ({
              value: one.id as string,
              label: `Once ${one.number} came: ${one.line.quantity.toLocaleString()} × ${one.line.sku}`,
            })),
          ]}
        />
      )}
      <NativeSelect
        label="What"
        disabled={awaited !== undefined}
        value={String(line)}
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
        disabled={awaited !== undefined}
        value={awaited ? String(quantity) : units}
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
