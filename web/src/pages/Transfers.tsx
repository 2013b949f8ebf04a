// Transfers.tsx - units on their way from one location to another.
import { Button, NativeSelect } from '@mantine/core';
import { api, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { useAddress } from '../ui/address';
import { Table, useList } from '../ui/list';
import { useOnce } from '../ui/once';
import { useLocations } from '../ui/refs';
import { Badge, look, PageHead, Time } from '../ui/ui';
import { say } from '../ui/words';

type Transfer = Schemas['Transfer'];
type State = Transfer['state'];
const KEYS = [['transfers'], ['levels'], ['movements']];
const NEXT: Partial<Record<State, ['ready' | 'ship' | 'receive', string]>> = {
  draft: ['ready', 'It is ready'],
  ready: ['ship', 'All of it leaves'],
  in_transit: ['receive', 'All of it came'],
  partially_received: ['receive', 'The rest came'],
};
const STATES = ['draft', 'ready', 'in_transit', 'partially_received', 'received', 'cancelled'];

function Acts({ of }: { of: Transfer }) {
  const { run, isBusy, problem } = useOnce(of.version, KEYS, () => {});
  const next = NEXT[of.state];
  const params = (key: string) => ({
    path: { id: of.id },
    header: { 'Idempotency-Key': key },
  });
  const call = (key: string, version: number) => {
    const with_ = { params: params(key), body: { version } };
    if (next?.[0] === 'ready') return take(api.POST('/v1/transfers/{id}/ready', with_));
    if (next?.[0] === 'ship') return take(api.POST('/v1/transfers/{id}/ship', with_));
    return take(api.POST('/v1/transfers/{id}/receive', with_));
  };
  return (
    <>
      {problem}
      <div className={look.acts}>
        {next && (
          <Button size="xs" loading={isBusy} onClick={() => void run(call, say(next[0]))}>
            {next[1]}
          </Button>
        )}
        {(of.state === 'draft' || of.state === 'ready') && (
          <Button
            size="xs"
            variant="default"
            loading={isBusy}
            onClick={() =>
              void run(
                (key, version) =>
                  take(
                    api.POST('/v1/transfers/{id}/cancel', {
                      params: params(key),
                      body: { version },
                    }),
                  ),
                'Cancelled',
              )
            }
          >
            Cancel
          </Button>
        )}
      </div>
    </>
  );
}

export default function Transfers() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const locations = useLocations();
  const state = STATES.find((one) => one === address.get('state')) as State | undefined;
  const list = useList(['transfers', state ?? ''], (after) =>
    take(api.GET('/v1/transfers', { params: { query: { state, limit: 50, after } } })),
  );
  return (
    <>
      <PageHead title="Transfers">
        <NativeSelect
          aria-label="State"
          value={state ?? ''}
          onChange={(event) => set({ state: event.currentTarget.value })}
          data={[
            { value: '', label: 'All states' },
            ...STATES.map((value) => ({ value, label: say(value) })),
          ]}
        />
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="transfer"
          empty="No transfer"
          hint="One begins at the stock of a SKU: open it under Inventory, then “Transfer…”."
          heads={[['From, to'], ['State'], ['Made', look.roomy], ['', look.right]]}
          row={(one) => (
            <tr key={`${one.id} ${one.version}`}>
              <td>
                {locations.nameOf(one.from_id)} → {locations.nameOf(one.to_id)}
                <div>
                  {one.lines
                    .map((line) => `${line.quantity.toLocaleString()} × ${line.sku}`)
                    .join(', ')}
                </div>
                <div className={look.faint}>{one.reference}</div>
              </td>
              <td>
                <Badge word={one.state} />
              </td>
              <td className={look.roomy}>
                <Time at={one.created_at} />
              </td>
              <td className={look.right}>{can('inventory:write') && <Acts of={one} />}</td>
            </tr>
          )}
        />
      </div>
    </>
  );
}
