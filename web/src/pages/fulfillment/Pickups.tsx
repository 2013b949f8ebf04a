// Pickups.tsx - the counter: what waits to be collected, and handing it over to
// whoever shows the code.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { api, newKey, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask, Secret } from '../../ui/Ask';
import { useAddress } from '../../ui/address';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { signal } from '../../ui/signal';
import { refused, told } from '../../ui/toast';
import { Badge, look, PageHead, Time } from '../../ui/ui';
import { many, say } from '../../ui/words';

type Pickup = Schemas['Pickup'];
const STATES: Pickup['state'][] = [
  'ready',
  'preparing',
  'reserved',
  'collected',
  'expired',
  'cancelled',
];
const KEYS = [['pickups'], ['fulfillment']];
const PAGE = 50;

function HandOver({ of, onClose }: { of: Pickup; onClose: () => void }) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<Pickup | null>(null);
  const { run, isBusy, problem } = useOnce(of.version, KEYS, () => {});
  const left = wrong?.tries_left ?? of.tries_left;
  const act = () =>
    void run(
      async (key) => {
        setWrong(null);
        const answer = await take(
          api.POST('/v1/pickups/{id}/collect', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { code: code.trim() },
          }),
        );
        signal(answer.is_collected);
        if (answer.is_collected) {
          onClose();
          return 'Handed over';
        }
        setWrong(answer.pickup);
        setCode('');
        return 'That is not the code';
      },
      (said) => said,
    );
  return (
    <Ask
      title="Hand over"
      act="Hand over"
      isBusy={isBusy}
      isReady={/^\d{6}$/.test(code.trim()) && left > 0}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <TextInput
        label="The code that the buyer shows"
        description={`${many(left, 'try', 'tries')} left`}
        error={wrong ? 'That is not the code. Nothing was handed over.' : undefined}
        inputMode="numeric"
        autoComplete="off"
        maxLength={6}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        data-autofocus
      />
    </Ask>
  );
}

function Row({ of, act }: { of: Pickup; act: (what: 'collect' | 'cancel', of: Pickup) => void }) {
  const { can } = useSession();
  const [code, setCode] = useState('');
  const { run, isBusy, problem } = useOnce(of.version, KEYS, () => {});
  const mayDo = can('fulfillment:write');
  const locations = useLocations();
  const ready = () =>
    void run(
      (key, version) =>
        take(
          api.POST('/v1/pickups/{id}/ready', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { version },
          }),
        ),
      'It waits at the counter',
    );
  async function renew() {
    try {
      const answer = await take(
        api.POST('/v1/pickups/{id}/code', {
          params: { path: { id: of.id }, header: { 'Idempotency-Key': newKey() } },
          body: { version: of.version },
        }),
      );
      setCode(answer.code ?? '');
    } catch (error) {
      refused(error);
    }
  }
  return (
    <tr>
      <td className={`${look.strong} ${look.stacked}`}>
        <Link href={`/orders/${of.order}`}>{of.order_number}</Link>
        <div className={look.faint}>
          <Link href={`/fulfillment/${of.fulfillment_order}`}>
            {locations.all.find((one) => one.id === of.location_id)?.name ?? of.location}
          </Link>
        </div>
        {problem}
      </td>
      <td>
        <Badge word={of.state} tone={of.state === 'ready' ? 'good' : undefined} />
      </td>
      <td className={look.roomy}>
        <Time at={of.ready_at ?? of.created_at} />
      </td>
      <td className={look.roomy}>{of.expires_at && <Time at={of.expires_at} />}</td>
      <td className={look.right}>
        <div className={look.acts}>
          {mayDo && of.state === 'ready' && (
            <>
              <Button size="xs" onClick={() => act('collect', of)}>
                Hand over…
              </Button>
              <Button size="xs" variant="default" onClick={() => void renew()}>
                New code
              </Button>
            </>
          )}
          {mayDo && (of.state === 'preparing' || of.state === 'reserved') && (
            <Button size="xs" loading={isBusy} onClick={ready}>
              It is ready
            </Button>
          )}
          {mayDo && STATES.indexOf(of.state) < 3 && (
            <Button size="xs" variant="default" onClick={() => act('cancel', of)}>
              Cancel…
            </Button>
          )}
        </div>
        {code && <Secret title="The new code" text={code} onClose={() => setCode('')} />}
      </td>
    </tr>
  );
}

function Cancel({ of, onClose }: { of: Pickup; onClose: () => void }) {
  const { run, isBusy, problem, isStale } = useOnce(of.version, KEYS, onClose);
  return (
    <Ask
      title="Nobody collects it"
      act="Put it back"
      isBusy={isBusy}
      isReady={!isStale}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key, version) =>
            take(
              api.POST('/v1/pickups/{id}/cancel', {
                params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
                body: { version },
              }),
            ),
          'Back on the shelf; the order waits for a decision',
        )
      }
    >
      <p>The units go back to stock, and the order's wait for somebody's decision.</p>
    </Ask>
  );
}

export default function Pickups() {
  const [address, set] = useAddress();
  const locations = useLocations();
  const [open, setOpen] = useState<['collect' | 'cancel', Pickup] | null>(null);
  const state = STATES.find((one) => one === address.get('state')) ?? 'ready';
  const location = address.get('location') ?? '';
  const [text, setText] = useState('');
  const list = useList(['pickups', state, location], (after) =>
    take(
      api.GET('/v1/pickups', {
        params: { query: { state, location: location || undefined, limit: PAGE, after } },
      }),
    ),
  );
  // Somebody comes with a number: the order says the rest.
  async function find(event: FormEvent) {
    event.preventDefault();
    try {
      const found = await take(
        api.GET('/v1/orders/search', { params: { query: { q: text.trim(), limit: 1 } } }),
      );
      const order = found.items[0];
      if (!order) return told('There is no such order');
      const { items } = await take(
        api.GET('/v1/pickups', { params: { query: { order: order.id } } }),
      );
      const ready = items.find((one) => one.state === 'ready') ?? items[0];
      if (!ready) return told(`${order.number} is not collected here`);
      if (ready.state === 'ready') setOpen(['collect', ready]);
      else set({ state: ready.state, location: '' });
    } catch (error) {
      refused(error);
    }
  }
  return (
    <>
      <PageHead title="Counter">
        <form onSubmit={(event) => void find(event)}>
          <TextInput
            aria-label="Order number"
            placeholder="Order number, Enter"
            maxLength={64}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </form>
        <NativeSelect
          aria-label="State"
          value={state}
          onChange={(event) => set({ state: event.currentTarget.value })}
          data={STATES.map((value) => ({ value, label: say(value) }))}
        />
        <NativeSelect
          aria-label="Location"
          value={location}
          onChange={(event) => set({ location: event.currentTarget.value })}
          data={[
            { value: '', label: 'All locations' },
            ...locations.all
              .filter((one) => one.is_pickup)
              .map((one) => ({ value: one.code as string, label: one.name })),
          ]}
        />
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="pickup"
          empty={`No pickup is ${say(state).toLowerCase()}`}
          hint="Orders that are collected in a store stand here, from the shelf to the counter."
          heads={[
            ['Order'],
            ['State'],
            ['Since', look.roomy],
            ['Waits until', look.roomy],
            ['', look.right],
          ]}
          row={(one) => (
            <Row
              key={`${one.id} ${one.version}`}
              of={one}
              act={(what, of) => setOpen([what, of])}
            />
          )}
        />
      </div>
      {open?.[0] === 'collect' && <HandOver of={open[1]} onClose={() => setOpen(null)} />}
      {open?.[0] === 'cancel' && <Cancel of={open[1]} onClose={() => setOpen(null)} />}
    </>
  );
}
