// Returns.tsx - what of the order comes back, and asking for it.
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { useChannels } from '../../ui/refs';
import { Badge, Card, look, ProblemView, Shades, Time } from '../../ui/ui';
import { say } from '../../ui/words';
import { ExchangeDialog, ExchangeRow, useExchanges } from './Exchange';

type OrderOf = Schemas['Order'];
type Line = Schemas['ReturnableLine'];
// Nothing comes back for these any more that could be exchanged.
const OVER: Schemas['Return']['state'][] = ['closed', 'declined', 'cancelled', 'expired'];
interface Asked {
  quantity: number;
  reason: string;
  note: string;
}

function useReasons(channel: string) {
  const { can } = useSession();
  const id = useChannels().all.find((one) => one.code === channel)?.id;
  const { data } = useQuery({
    queryKey: ['return-policy', id],
    enabled: id !== undefined && can('channels:read'),
    queryFn: () =>
      take(
        api.GET('/v1/channels/{id}/return-policy', {
          params: { path: { id: id as Schemas['ChannelId'] } },
        }),
      ),
  });
  return data?.reasons ?? [];
}

function LineOf({
  line,
  reasons,
  asked,
  set,
}: {
  line: Line;
  reasons: Schemas['ReturnReasonIn'][];
  asked: Asked;
  set: (to: Partial<Asked>) => void;
}) {
  const name = line.title || line.sku;
  return (
    <tr className={look.cell}>
      <td>
        {name}
        <div className={look.faint}>
          {line.verdict === 'allowed' ? (
            line.until && (
              <>
                Until <Time at={line.until} />
              </>
            )
          ) : (
            <Badge word={line.verdict} tone="warn" />
          )}
        </div>
      </td>
      <td>
        <input
          type="number"
          inputMode="numeric"
          aria-label={`Units of ${name}`}
          min={0}
          max={line.quantity}
          value={asked.quantity}
          onChange={(event) => set({ quantity: Math.trunc(Number(event.currentTarget.value)) })}
        />
      </td>
      <td>
        {reasons.length > 0 ? (
          <select
            aria-label={`Why ${name}`}
            value={asked.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
          >
            <option value="">Why…</option>
            {reasons.map((one) => (
              <option key={one.code} value={one.code}>
                {one.title ?? say(one.code)}
              </option>
            ))}
          </select>
        ) : (
          <input
            aria-label={`Why ${name}`}
            placeholder="Reason code"
            maxLength={64}
            value={asked.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
          />
        )}
        <input
          aria-label={`Note on ${name}`}
          placeholder="Note"
          maxLength={500}
          value={asked.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
      </td>
    </tr>
  );
}

function AskDialog({ order, onClose }: { order: OrderOf; onClose: () => void }) {
  const [, go] = useLocation();
  const { data, error } = useQuery({
    queryKey: ['returns', 'able', order.id],
    queryFn: () =>
      take(api.GET('/v1/orders/{id}/returnable', { params: { path: { id: order.id } } })),
  });
  const reasons = useReasons(order.channel);
  const [asked, setAsked] = useState<Record<number, Asked>>({});
  const [note, setNote] = useState('');
  const [isException, setException] = useState(false);
  const [isApproved, setApproved] = useState(false);
  const { run, isBusy, problem } = useOnce(0, [['returns'], ['order', order.id]], onClose);
  const at = (n: number) => asked[n] ?? { quantity: 0, reason: '', note: '' };
  const lines = data?.lines.filter((line) => line.verdict !== 'nothing_left') ?? [];
  const items = lines
    .map((line) => ({ line: line.line, ...at(line.line) }))
    .filter((one) => one.quantity > 0)
    .map(({ note: text, ...one }) => (text.trim() ? { ...one, note: text.trim() } : one));
  const isReady = items.length > 0 && items.every((one) => one.reason !== '');
  const act = () =>
    void run(async (key) => {
      const made = await take(
        api.POST('/v1/orders/{id}/returns', {
          params: { path: { id: order.id }, header: { 'Idempotency-Key': key } },
          body: {
            items,
            ...(note.trim() ? { note: note.trim() } : {}),
            ...(isException ? { exception: true } : {}),
            ...(isApproved ? { approve: true } : {}),
          },
        }),
      );
      go(`/returns/${made.id}`);
    }, 'Asked back');
  return (
    <Ask
      title={`Return of ${order.number}`}
      act="Ask it back"
      size="lg"
      isBusy={isBusy}
      isReady={isReady}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {error && <ProblemView error={error} />}
      {!data && !error && <Shades lines={3} />}
      {data && lines.length === 0 && <p>Nothing of this order can come back now.</p>}
      {lines.length > 0 && (
        <div className={look.scroll}>
          <table className={look.table}>
            <thead>
              <tr>
                <th>Item</th>
                <th>Units</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <LineOf
                  key={line.line}
                  line={line}
                  reasons={reasons}
                  asked={at(line.line)}
                  set={(to) =>
                    setAsked((old) => ({ ...old, [line.line]: { ...at(line.line), ...to } }))
                  }
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <TextInput
        label="Note"
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Checkbox
        label="An exception: whatever window and final sale say"
        checked={isException}
        onChange={(event) => setException(event.currentTarget.checked)}
      />
      <Checkbox
        label="Approved at once"
        checked={isApproved}
        onChange={(event) => setApproved(event.currentTarget.checked)}
      />
    </Ask>
  );
}

export function Returns({ order }: { order: OrderOf }) {
  const { can } = useSession();
  const [isAsking, setAsking] = useState(false);
  const isShipped = order.lines.some((line) => line.shipped > 0);
  const { data, error } = useQuery({
    queryKey: ['returns', 'order', order.id],
    enabled: isShipped,
    queryFn: () =>
      take(api.GET('/v1/returns', { params: { query: { order: order.id, limit: 250 } } })),
  });
  const exchanges = useExchanges(order.id, (data?.items.length ?? 0) > 0);
  const [exchanged, setExchanged] = useState<Schemas['Return'] | null>(null);
  if (!isShipped) return null;
  const of = (id: string) => exchanges.filter((one) => one.return === id);
  return (
    <Card
      title="Returns"
      aside={
        can('orders:write') && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Return…
          </Button>
        )
      }
    >
      {error && <ProblemView error={error} />}
      {data?.items.length === 0 && <span className={look.faint}>Nothing was asked back.</span>}
      {data?.items.map((one) => (
        <div key={one.id}>
          <div className={look.row}>
            <Link href={`/returns/${one.id}`}>{one.number}</Link>
            <Badge word={one.state} />
            <span className={look.faint}>
              {one.lines.map((line) => `${line.quantity} × ${line.sku}`).join(', ')}
            </span>
            {can('orders:write') &&
              !OVER.includes(one.state) &&
              of(one.id).every((each) => each.state === 'cancelled') && (
                <Button size="compact-xs" variant="default" onClick={() => setExchanged(one)}>
                  Exchange…
                </Button>
              )}
          </div>
          {of(one.id).map((each) => (
            <ExchangeRow key={`${each.id} ${each.version}`} of={each} order={order} />
          ))}
        </div>
      ))}
      {exchanged && (
        <ExchangeDialog order={order} of={exchanged} onClose={() => setExchanged(null)} />
      )}
      {isAsking && <AskDialog order={order} onClose={() => setAsking(false)} />}
    </Card>
  );
}
