// Orphans.tsx - labels that carriers sold and no parcel wants: what they cost,
// what came of giving them back, and asking once more.
import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useAddress } from '../../ui/address';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { refused } from '../../ui/toast';
import { Badge, look, Money, PageHead, Time } from '../../ui/ui';
import type { Tone } from '../../ui/words';
import { useAccounts } from './accounts';

type Orphan = Schemas['OrphanLabel'];
type State = Orphan['state'];
const PAGE = 50;
// What each state means for the money.
const STATES: Record<State, { name: string; tone: Tone }> = {
  voiding: { name: 'Being given back', tone: 'info' },
  voided: { name: 'Given back', tone: 'good' },
  refused: { name: 'The carrier keeps it', tone: 'bad' },
  in_use: { name: 'In use after all', tone: 'neutral' },
};
const isState = (text: string | null): text is State => text !== null && text in STATES;

function Again({ of }: { of: Orphan }) {
  const { run, isBusy, problem } = useOnce(0, [['orphans'], ['tasks']], () => {});
  const act = () =>
    void run(
      (key) =>
        take(
          api.POST('/v1/orphan-labels/{id}/void', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: {},
          }),
        ),
      'The carrier is asked once more',
    );
  return (
    <>
      {problem}
      <Button
        size="xs"
        variant="default"
        loading={isBusy}
        aria-label={`Ask again for ${of.tracking}`}
        onClick={act}
      >
        Ask again
      </Button>
    </>
  );
}

// The order of the parcel it was bought for; looked up when it is wanted.
function ItsOrder({ of }: { of: Orphan }) {
  const [, go] = useLocation();
  const [isBusy, setBusy] = useState(false);
  async function open() {
    setBusy(true);
    try {
      const params = { path: { id: of.package_id } };
      const { order_id } = await take(api.GET('/v1/packages/{id}', { params }));
      go(`/orders/${order_id}`);
    } catch (error) {
      refused(error);
      setBusy(false);
    }
  }
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      loading={isBusy}
      aria-label={`The order of ${of.tracking}`}
      onClick={() => void open()}
    >
      Its order
    </Button>
  );
}

function Row({ of, carrier, mayAsk }: { of: Orphan; carrier: string; mayAsk: boolean }) {
  const { name, tone } = STATES[of.state];
  return (
    <tr>
      <td>
        <b>{of.tracking}</b>
        <div className={`${look.faint} ${look.small}`}>{carrier}</div>
      </td>
      <td>
        <Badge word={of.state} tone={tone} label={name} />
        {of.error && <div className={look.faint}>{of.error}</div>}
        {mayAsk && of.state === 'refused' && <Again of={of} />}
      </td>
      <td className={look.right}>{of.cost && <Money of={of.cost} />}</td>
      <td className={look.roomy}>
        <Time at={of.created_at} />
      </td>
      <td className={look.right}>
        <ItsOrder of={of} />
      </td>
    </tr>
  );
}

export default function Orphans() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const accounts = useAccounts();
  const asked = address.get('state');
  const state = isState(asked) ? asked : undefined;
  const list = useList(['orphans', 'list', state ?? ''], (after) =>
    take(api.GET('/v1/orphan-labels', { params: { query: { state, limit: PAGE, after } } })),
  );
  return (
    <>
      <Link href="/handover" className={look.back}>
        <Icon name="back" size={14} /> Hand-over
      </Link>
      <PageHead title="Labels nobody wants">
        <NativeSelect
          aria-label="State"
          value={state ?? ''}
          onChange={(event) => set({ state: event.currentTarget.value })}
          data={[
            { value: '', label: 'All states' },
            ...Object.entries(STATES).map(([value, { name }]) => ({ value, label: name })),
          ]}
        />
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="label"
          empty={state ? 'No label is like that' : 'Every label has its parcel'}
          hint="A label that a carrier sold and no parcel wants is found and given back by itself; what the carrier keeps stands here."
          heads={[
            ['Label'],
            ['State'],
            ['Cost', look.right],
            ['Found', look.roomy],
            ['', look.right],
          ]}
          row={(one) => (
            <Row
              key={one.id}
              of={one}
              carrier={accounts.nameOf(one.carrier_account_id)}
              mayAsk={can('shipping:write')}
            />
          )}
        />
      </div>
    </>
  );
}
