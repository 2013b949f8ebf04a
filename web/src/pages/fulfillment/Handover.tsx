// Handover.tsx - parcels go to their carriers: manifests, and who comes to
// fetch them.
import '@mantine/core/styles/Combobox.css';
import { Button, NativeSelect, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { isMoment, momentOf } from '../../ui/days';
import { When } from '../../ui/fields';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { Badge, Card, look, PageHead, Time } from '../../ui/ui';
import type { Tone } from '../../ui/words';
import { useAccounts } from './accounts';

type Manifest = Schemas['Manifest'];
type Visit = Schemas['CarrierPickup'];
const TONES: Record<Visit['state'], Tone> = {
  requested: 'info',
  confirmed: 'good',
  refused: 'bad',
  cancelled: 'neutral',
};
const KEYS = [['manifests'], ['carrier-pickups'], ['packages']];

// "2026-11-22T09:30" of the reader's own clocks, and back.
const local = (at: Date) =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function HandDialog({ isVisit, onClose }: { isVisit: boolean; onClose: () => void }) {
  const locations = useLocations();
  const accounts = useAccounts();
  const [location, setLocation] = useState('');
  const [account, setAccount] = useState('');
  const [from, setFrom] = useState(local(new Date(Date.now() + 3_600_000)));
  const [until, setUntil] = useState(local(new Date(Date.now() + 4 * 3_600_000)));
  const { run, isBusy, problem } = useOnce(0, KEYS, onClose);
  const at = location || (locations.all.find((one) => one.is_shipping)?.code ?? '');
  const by = account || (accounts.all.find((one) => one.is_active)?.code ?? '');
  const act = () =>
    void run(
      (key): Promise<unknown> =>
        isVisit
          ? take(
              api.POST('/v1/carrier-pickups', {
                params: { header: { 'Idempotency-Key': key } },
                body: {
                  location: at,
                  account: by,
                  ready_at: momentOf(from) ?? from,
                  until: momentOf(until) ?? until,
                },
              }),
            )
          : take(
              api.POST('/v1/manifests', {
                params: { header: { 'Idempotency-Key': key } },
                body: { location: at, account: by },
              }),
            ),
      isVisit ? 'Asked for' : 'Made; its parcels are with the carrier once it is confirmed',
    );
  return (
    <Ask
      title={isVisit ? 'Have a carrier come' : 'Hand parcels over'}
      act={isVisit ? 'Ask for it' : 'Make the manifest'}
      isBusy={isBusy}
      isReady={
        at !== '' && by !== '' && (!isVisit || (isMoment(from) && isMoment(until) && until > from))
      }
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {!isVisit && <p>All parcels of the location that have this account's label go onto it.</p>}
      <NativeSelect
        label="Location"
        value={at}
        onChange={(event) => setLocation(event.currentTarget.value)}
        data={locations.all
          .filter((one) => one.is_shipping && one.is_active)
          .map((one) => ({ value: one.code as string, label: one.name }))}
      />
      <Select
        label="Carrier"
        searchable
        allowDeselect={false}
        nothingFoundMessage="No carrier has that in its name"
        value={by || null}
        onChange={(code) => setAccount(code ?? '')}
        data={accounts.all
          .filter((one) => one.is_active)
          .map((one) => ({ value: one.code as string, label: one.name }))}
      />
      {isVisit && (
        <div className={look.pairs}>
          <When label="Ready from" value={from} set={setFrom} />
          <When label="Until" value={until} set={setUntil} />
        </div>
      )}
    </Ask>
  );
}

// Acts on the version its row shows: the caller keys it by that.
function Called({ of }: { of: Visit }) {
  const { can } = useSession();
  const { run, isBusy, problem } = useOnce(of.version, KEYS, () => {});
  const mayCancel = can('shipping:write') && ['requested', 'confirmed'].includes(of.state);
  return (
    <>
      {problem}
      {mayCancel && (
        <Button
          size="xs"
          variant="default"
          loading={isBusy}
          onClick={() =>
            void run(
              (key, version) =>
                take(
                  api.POST('/v1/carrier-pickups/{id}/cancel', {
                    params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
                    body: { version },
                  }),
                ),
              'Called off',
            )
          }
        >
          Call it off
        </Button>
      )}
    </>
  );
}

function State({ of }: { of: Manifest | Visit }) {
  return (
    <>
      <Badge word={of.state} tone={TONES[of.state]} />
      <div className={look.faint}>{of.error ?? of.confirmation}</div>
    </>
  );
}

// Whether carriers keep money for labels that no parcel wants.
function Kept() {
  const { data } = useQuery({
    queryKey: ['orphans', 'kept'],
    queryFn: () =>
      take(api.GET('/v1/orphan-labels', { params: { query: { state: 'refused', limit: 1 } } })),
  });
  return (
    <Button
      variant="default"
      component={Link}
      href={data?.items.length ? '/orphan-labels?state=refused' : '/orphan-labels'}
      rightSection={data?.items.length ? <Badge word="kept" tone="bad" label="Kept" /> : undefined}
    >
      Labels nobody wants
    </Button>
  );
}

export default function Handover() {
  const { can } = useSession();
  const locations = useLocations();
  const accounts = useAccounts();
  const [open, setOpen] = useState<'manifest' | 'visit' | null>(null);
  const manifests = useList(['manifests'], (after) =>
    take(api.GET('/v1/manifests', { params: { query: { limit: 25, after } } })),
  );
  const visits = useList(['carrier-pickups'], (after) =>
    take(api.GET('/v1/carrier-pickups', { params: { query: { limit: 25, after } } })),
  );
  const mayDo = can('shipping:write');
  return (
    <>
      <PageHead title="Hand-over">
        <Kept />
        {mayDo && (
          <>
            <Button variant="default" onClick={() => setOpen('visit')}>
              Have a carrier come…
            </Button>
            <Button onClick={() => setOpen('manifest')}>New manifest…</Button>
          </>
        )}
      </PageHead>
      <div className={look.column}>
        <Card title="Manifests" isFlush>
          <Table
            of={manifests}
            noun="manifest"
            empty="No manifest yet"
            hint="A manifest says which parcels a carrier takes; making one hands them over."
            heads={[
              ['From'],
              ['State'],
              ['Parcels', `${look.right} ${look.roomy}`],
              ['Weight, kg', look.roomy],
              ['Made', look.roomy],
              ['', look.right],
            ]}
            row={(one) => (
              <tr key={one.id}>
                <td>
                  {locations.nameOf(one.location_id)}
                  <div className={look.faint}>{accounts.nameOf(one.carrier_account_id)}</div>
                </td>
                <td>
                  <State of={one} />
                </td>
                <td className={`${look.right} ${look.roomy}`}>{one.packages.toLocaleString()}</td>
                <td className={look.roomy}>{(one.weight_g / 1000).toLocaleString()}</td>
                <td className={look.roomy}>
                  <Time at={one.created_at} />
                </td>
                <td className={look.right}>
                  <a href={`/v1/manifests/${one.id}/file`} target="_blank" rel="noreferrer">
                    Print
                  </a>
                </td>
              </tr>
            )}
          />
        </Card>
        <Card title="Carriers that come" isFlush>
          <Table
            of={visits}
            noun="visit"
            empty="Nobody was asked to come"
            heads={[
              ['To'],
              ['State'],
              ['Parcels', `${look.right} ${look.roomy}`],
              ['Between', look.roomy],
              ['', look.right],
            ]}
            row={(one) => (
              <tr key={one.id}>
                <td>
                  {locations.nameOf(one.location_id)}
                  <div className={look.faint}>{accounts.nameOf(one.carrier_account_id)}</div>
                </td>
                <td>
                  <State of={one} />
                </td>
                <td className={`${look.right} ${look.roomy}`}>{one.packages.toLocaleString()}</td>
                <td className={look.roomy}>
                  <Time at={one.ready_at} /> and <Time at={one.until} />
                </td>
                <td className={look.right}>
                  <Called key={one.version} of={one} />
                </td>
              </tr>
            )}
          />
        </Card>
      </div>
      {open && <HandDialog isVisit={open === 'visit'} onClose={() => setOpen(null)} />}
    </>
  );
}
