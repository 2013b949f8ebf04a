// Fulfillment.tsx - what leaves where, in which parcels, and where they are.
import { Button, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, onceOnly, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Icon } from '../../ui/icons';
import { useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { refused, told } from '../../ui/toast';
import { Badge, Card, Empty, look, ProblemView, Shades, Time } from '../../ui/ui';
import { heldFor, many, say } from '../../ui/words';
import c from './Order.module.css';

type Fo = Schemas['FulfillmentOrder'];
type Package = Schemas['Package'];

function HoldDialog({ fo, onClose }: { fo: Fo; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const { run, isBusy, problem, isStale } = useOnce(fo.version, [['fulfillment']], onClose);
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/fulfillment-orders/{id}/hold', {
            params: { path: { id: fo.id }, header: { 'Idempotency-Key': key } },
            body: { version, reason: reason.trim() },
          }),
        ),
      'Held: nobody picks it until it is released',
    );
  return (
    <Ask
      title="Hold this fulfillment order"
      act="Hold"
      isBusy={isBusy}
      isReady={reason.trim() !== '' && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <Textarea
        label="Reason"
        description="Shown to the warehouse; no names or addresses."
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

export function Actions({ fo }: { fo: Fo }) {
  const { can } = useSession();
  const queries = useQueryClient();
  const [isHolding, setHolding] = useState(false);
  const [isBusy, setBusy] = useState(false);
  if (!can('fulfillment:write')) return null;
  async function release() {
    setBusy(true);
    try {
      await take(
        api.POST('/v1/fulfillment-orders/{id}/release', {
          params: { path: { id: fo.id }, header: onceOnly() },
          body: { version: fo.version },
        }),
      );
      told('Released: it can be picked again');
    } catch (failure) {
      refused(failure);
    }
    setBusy(false);
    void queries.invalidateQueries({ queryKey: ['fulfillment'] });
  }
  return (
    <>
      {fo.allowed.includes('hold') && (
        <Button size="xs" variant="default" onClick={() => setHolding(true)}>
          Hold…
        </Button>
      )}
      {fo.allowed.includes('release') && (
        <Button size="xs" variant="default" loading={isBusy} onClick={() => void release()}>
          Release
        </Button>
      )}
      {isHolding && <HoldDialog fo={fo} onClose={() => setHolding(false)} />}
    </>
  );
}

function Tracking({ id }: { id: string }) {
  const { data, error } = useQuery({
    queryKey: ['tracking', id],
    queryFn: () => take(api.GET('/v1/packages/{id}/tracking', { params: { path: { id } } })),
  });
  if (error) return <ProblemView error={error} />;
  if (!data) return <Shades lines={2} />;
  if (data.items.length === 0) return <p className={c.hint}>The carrier has said nothing yet.</p>;
  return (
    <ol className={c.timeline}>
      {data.items.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no id and keep their order
        <li key={i}>
          <div>
            <b>{say(one.code)}</b>
            <span className={look.soft}>
              {[one.text, one.place].filter(Boolean).map((part) => ` · ${part}`)}
            </span>
          </div>
          <div className={`${look.faint} ${look.small}`}>
            <Time at={one.occurred_at} />
            {one.by_hand && ' · by hand'}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Copy({ text }: { text: string }) {
  if (!navigator.clipboard) return null;
  return (
    <button
      type="button"
      className={c.copy}
      aria-label={`Copy ${text}`}
      onClick={() => navigator.clipboard.writeText(text).then(() => told('Copied'), refused)}
    >
      <Icon name="copy" size={14} />
    </button>
  );
}

export function Parcel({ of }: { of: Package }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={c.parcel}>
      <div className={look.row}>
        <Icon name="truck" size={16} />
        <b>{of.kind === 'return' ? 'Return parcel' : 'Parcel'}</b>
        <Badge word={of.state} />
        {of.carrier && (
          <span className={look.soft}>
            {of.carrier} {of.service}
          </span>
        )}
        {of.tracking && (
          <span className={look.row}>
            <span className={look.number}>{of.tracking}</span>
            <Copy text={of.tracking} />
          </span>
        )}
        <span className={`${look.row} ${c.end}`}>
          {of.label?.state === 'bought' && <a href={`/v1/packages/${of.id}/label`}>Label</a>}
          <a href={`/v1/packages/${of.id}/slip`}>Slip</a>
        </span>
      </div>
      <div className={look.soft}>
        {of.items.map((item) => `${item.quantity.toLocaleString()} × ${item.sku}`).join(', ')}
      </div>
      {of.label?.error && <p className={c.warning}>{of.label.error.detail}</p>}
      {of.tracking && (
        <details className={c.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>What the carrier says</summary>
          {isOpen && <Tracking id={of.id} />}
        </details>
      )}
    </div>
  );
}

// How far it is, where that is not said by its state alone.
function progress(fo: Fo): string {
  const total = fo.lines.reduce((n, line) => n + line.quantity, 0);
  for (const step of ['shipped', 'packed', 'picked'] as const) {
    const done = fo.lines.reduce((n, line) => n + line[step], 0);
    if (done > 0) return `${done.toLocaleString()} of ${many(total, 'unit')} ${step}`;
  }
  return '';
}

function FoView({ fo, order, packages }: { fo: Fo; order: Schemas['Order']; packages: Package[] }) {
  const locations = useLocations();
  const title = (n: number) => {
    const line = order.lines.find((one) => one.n === n);
    return line?.title || line?.sku || `line ${n}`;
  };
  return (
    <div className={c.block}>
      <div className={c.fo}>
        <div className={look.row}>
          <b>{locations.nameOf(fo.location_id)}</b>
          <Badge word={fo.status} />
          {fo.request_status !== 'unsubmitted' && <Badge word={fo.request_status} />}
          <span className={look.soft}>{say(fo.method)}</span>
          {progress(fo) && <span className={look.soft}>· {progress(fo)}</span>}
          <span className={c.end}>
            <Actions fo={fo} />
          </span>
        </div>
        {fo.hold_reason && <p className={c.warning}>Held: {heldFor(fo.hold_reason)}</p>}
        <div className={look.soft}>
          {fo.lines
            .map((line) => `${line.quantity.toLocaleString()} × ${title(line.n)}`)
            .join(', ')}
        </div>
        {fo.deadline_at && !fo.closed_at && (
          <div className={`${look.faint} ${look.small}`}>
            To be shipped by <Time at={fo.deadline_at} />
          </div>
        )}
      </div>
      {packages.map((one) => (
        <Parcel key={one.id} of={one} />
      ))}
    </div>
  );
}

export function Fulfillment({ order }: { order: Schemas['Order'] }) {
  const { can } = useSession();
  const fos = useQuery({
    queryKey: ['fulfillment', 'order', order.id],
    queryFn: () =>
      take(
        api.GET('/v1/fulfillment-orders', { params: { query: { order: order.id, limit: 250 } } }),
      ),
  });
  const packages = useQuery({
    queryKey: ['packages', order.id],
    enabled: can('shipping:read'),
    queryFn: () =>
      take(api.GET('/v1/packages', { params: { query: { order: order.id, limit: 250 } } })),
  });
  const error = fos.error ?? packages.error;
  const of = (fo: Fo) =>
    (packages.data?.items ?? []).filter((one) => one.fulfillment_order_id === fo.id);
  return (
    <Card title="Fulfillment" isFlush>
      {error && <ProblemView error={error} />}
      {fos.isPending && <Shades lines={3} />}
      {fos.data?.items.length === 0 && (
        <Empty title="Nothing leaves yet">
          <p>Units that are allocated get a fulfillment order at their location by themselves.</p>
        </Empty>
      )}
      {fos.data?.items.map((fo) => (
        <FoView key={fo.id} fo={fo} order={order} packages={of(fo)} />
      ))}
    </Card>
  );
}
