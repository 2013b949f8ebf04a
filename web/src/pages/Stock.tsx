// Stock.tsx - what somebody does with the stock of one SKU at one location.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, ProblemError, type Schemas, take } from '../api/client';
import { Ask } from '../ui/Ask';
import { useOnce } from '../ui/once';
import { useLocations } from '../ui/refs';
import { look } from '../ui/ui';
import { say } from '../ui/words';

type Level = Schemas['Level'];
type Bucket = Schemas['OpenBucket'];
const BUCKETS: Bucket[] = ['available', 'damaged', 'quality_control', 'held'];
const REASONS = ['received', 'found', 'lost', 'damaged', 'theft', 'correction', 'recount'];
const DEEDS = {
  adjust: 'Adjust…',
  count: 'Count…',
  move: 'Move…',
  transfer: 'Transfer…',
  low: 'Low stock…',
} as const;
type Deed = keyof typeof DEEDS;
const keysOf = (of: Level) => [['levels'], ['movements', of.sku_id], ['transfers']];
export const whole = (text: string) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : null);

function Number_({
  label,
  value,
  set,
  hint,
}: {
  label: string;
  value: string;
  set: (text: string) => void;
  hint?: string;
}) {
  return (
    <TextInput
      label={label}
      description={hint}
      inputMode="numeric"
      maxLength={10}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      data-autofocus
    />
  );
}

function Reason({ value, set }: { value: string; set: (text: string) => void }) {
  return (
    <>
      <TextInput
        label="Reason"
        list="stock-reasons"
        maxLength={100}
        value={value}
        onChange={(event) => set(event.currentTarget.value)}
      />
      <datalist id="stock-reasons">
        {REASONS.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

// One row of a call for many: its refusal is the answer.
export async function adjust(key: string, reason: string, item: Schemas['AdjustItemIn']) {
  const { items } = await take(
    api.POST('/v1/inventory/adjust', {
      params: { header: { 'Idempotency-Key': key } },
      body: { reason, items: [item] },
    }),
  );
  const error = items[0]?.error;
  if (error)
    throw new ProblemError({
      type: 'about:blank',
      title: error.detail,
      status: items[0]?.status ?? 422,
      code: error.code,
      field: error.field,
      detail: error.detail,
      request_id: '',
    });
}

interface Done {
  of: Level;
  onClose: () => void;
}

function AdjustDialog({ of, onClose }: Done) {
  const [text, setText] = useState('');
  const [bucket, setBucket] = useState<Bucket>('available');
  const [reason, setReason] = useState('');
  const { run, isBusy, problem } = useOnce(of.version, keysOf(of), onClose);
  const delta = /^[+-]?\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return (
    <Ask
      title={`Adjust ${of.sku}`}
      act={delta < 0 ? `Take ${-delta} off` : `Add ${delta}`}
      isBusy={isBusy}
      isReady={delta !== 0 && reason.trim() !== ''}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key) =>
            adjust(key, reason.trim(), { sku: of.sku, location: of.location, delta, bucket }),
          'Adjusted',
        )
      }
    >
      <Number_ label="Units more, or with a minus less" value={text} set={setText} />
      <NativeSelect
        label="Of"
        value={bucket}
        onChange={(event) => setBucket(event.currentTarget.value as Bucket)}
        data={BUCKETS.map((value) => ({ value, label: say(value) }))}
      />
      <Reason value={reason} set={setReason} />
    </Ask>
  );
}

function MoveDialog({ of, onClose }: Done) {
  const [text, setText] = useState('');
  const [from, setFrom] = useState<Bucket>('available');
  const [to, setTo] = useState<Bucket>('held');
  const [reason, setReason] = useState('');
  const { run, isBusy, problem } = useOnce(of.version, keysOf(of), onClose);
  const units = whole(text);
  const choice = (label: string, value: Bucket, set: (next: Bucket) => void) => (
    <NativeSelect
      label={label}
      value={value}
      onChange={(event) => set(event.currentTarget.value as Bucket)}
      data={BUCKETS.map((one) => ({ value: one, label: say(one) }))}
    />
  );
  return (
    <Ask
      title={`Move units of ${of.sku}`}
      act="Move them"
      isBusy={isBusy}
      isReady={Boolean(units) && from !== to && reason.trim() !== ''}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key) =>
            adjust(key, reason.trim(), {
              sku: of.sku,
              location: of.location,
              delta: units ?? 0,
              from,
              to,
            }),
          'Moved',
        )
      }
    >
      <p>What is held, damaged or in check is not sold.</p>
      <Number_ label="Units" value={text} set={setText} />
      <div className={look.pairs}>
        {choice('From', from, setFrom)}
        {choice('To', to, setTo)}
      </div>
      <Reason value={reason} set={setReason} />
    </Ask>
  );
}

function CountDialog({ of, onClose }: Done) {
  const [text, setText] = useState('');
  const { run, isBusy, problem, isStale } = useOnce(of.version, keysOf(of), onClose);
  const found = whole(text);
  return (
    <Ask
      title={`Count ${of.sku}`}
      act="That is what is there"
      isBusy={isBusy}
      isReady={found !== null && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key, version) =>
            take(
              api.POST('/v1/inventory/set', {
                params: { header: { 'Idempotency-Key': key } },
                body: {
                  sku: of.sku,
                  location: of.location,
                  on_hand: found ?? 0,
                  expected_version: version,
                  reason: 'count',
                },
              }),
            ),
          'Counted',
        )
      }
    >
      <Number_
        label="Units on the shelf, all of them"
        hint={`${of.on_hand.toLocaleString()} are in the books. Moves meanwhile ask you to look again.`}
        value={text}
        set={setText}
      />
    </Ask>
  );
}

function TransferDialog({ of, onClose }: Done) {
  const locations = useLocations();
  const others = locations.all.filter((one) => one.is_active && one.id !== of.location_id);
  const [text, setText] = useState('');
  const [to, setTo] = useState('');
  const { run, isBusy, problem } = useOnce(of.version, keysOf(of), onClose);
  const units = whole(text);
  const at = to || (others[0]?.code ?? '');
  return (
    <Ask
      title={`Transfer ${of.sku}`}
      act="Make the transfer"
      isBusy={isBusy}
      isReady={Boolean(units) && at !== ''}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key) =>
            take(
              api.POST('/v1/transfers', {
                params: { header: { 'Idempotency-Key': key } },
                body: {
                  from: of.location,
                  to: at,
                  lines: [{ sku: of.sku, quantity: units ?? 0 }],
                },
              }),
            ),
          'Made; it leaves from the page of transfers',
        )
      }
    >
      <Number_ label="Units" value={text} set={setText} />
      <NativeSelect
        label="To"
        value={at}
        onChange={(event) => setTo(event.currentTarget.value)}
        data={others.map((one) => ({ value: one.code as string, label: one.name }))}
      />
    </Ask>
  );
}

function LowDialog({ of, onClose }: Done) {
  const [low, setLow] = useState(of.low_stock?.toString() ?? '');
  const [safety, setSafety] = useState(of.safety_stock.toString());
  const { run, isBusy, problem } = useOnce(of.version, keysOf(of), onClose);
  const isGood = (text: string) => text.trim() === '' || whole(text) !== null;
  return (
    <Ask
      title={`When ${of.sku} is low`}
      act="Set it"
      isBusy={isBusy}
      isReady={isGood(low) && isGood(safety)}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key) =>
            take(
              api.PUT('/v1/stock/policies', {
                params: { header: { 'Idempotency-Key': key } },
                body: {
                  items: [
                    {
                      sku: of.sku,
                      location: of.location,
                      low_stock: whole(low),
                      safety_stock: whole(safety),
                    },
                  ],
                },
              }),
            ),
          'Set',
        )
      }
    >
      <Number_ label="Low at" hint="Empty: never said." value={low} set={setLow} />
      <TextInput
        label="Kept back, never sold"
        inputMode="numeric"
        maxLength={9}
        value={safety}
        onChange={(event) => setSafety(event.currentTarget.value)}
      />
    </Ask>
  );
}

const DIALOGS: Record<Deed, (props: Done) => React.ReactNode> = {
  adjust: AdjustDialog,
  count: CountDialog,
  move: MoveDialog,
  transfer: TransferDialog,
  low: LowDialog,
};

export function StockDeeds({ of }: { of: Level }) {
  const [open, setOpen] = useState<Deed | null>(null);
  const Dialog = open && DIALOGS[open];
  if (of.is_kit) return null;
  return (
    <>
      {(Object.keys(DEEDS) as Deed[]).map((deed) => (
        <Button key={deed} variant="default" onClick={() => setOpen(deed)}>
          {DEEDS[deed]}
        </Button>
      ))}
      {Dialog && <Dialog of={of} onClose={() => setOpen(null)} />}
    </>
  );
}
