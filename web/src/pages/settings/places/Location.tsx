// Location.tsx - one location: where it is, when and how it works.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../../api/client';
import { useSession } from '../../../session';
import { Ask } from '../../../ui/Ask';
import { Icon } from '../../../ui/icons';
import { Anew, useOnce } from '../../../ui/once';
import { Badge, Card, Facts, look, PageHead, ProblemView, Shades } from '../../../ui/ui';
import { many, say } from '../../../ui/words';
import { LocationDialog } from './LocationDialog';
import { SiteCard } from './SiteCard';

type Work = Schemas['LocationFulfillment'];
const MODES: Schemas['PickMode'][] = ['single', 'batch', 'wave', 'zone'];

function WorkDialog({ of, onClose }: { of: Work; onClose: () => void }) {
  const [isAuto, setAuto] = useState(of.auto_pick);
  const [mode, setMode] = useState(of.pick_mode);
  const [units, setUnits] = useState(String(of.tote_units));
  const [days, setDays] = useState(String(of.pickup_hold_days));
  const keys = [['work', of.location_id]];
  const { run, isBusy, problem, isStale } = useOnce(of.version, keys, onClose);
  const save = () =>
    void run(
      (key, version) =>
        take(
          api.PUT('/v1/locations/{id}/fulfillment', {
            params: { path: { id: of.location_id }, header: { 'Idempotency-Key': key } },
            body: {
              version,
              auto_pick: isAuto,
              pick_mode: mode,
              tote_units: Number(units),
              pickup_hold_days: Number(days),
            },
          }),
        ),
      'Set',
    );
  return (
    <Ask
      title="How it picks and hands out"
      act="Set it"
      isBusy={isBusy}
      isReady={/^\d+$/.test(units) && /^\d+$/.test(days) && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={save}
    >
      <Checkbox
        label="A walk begins by itself as soon as there is something to pick"
        checked={isAuto}
        onChange={(event) => setAuto(event.currentTarget.checked)}
      />
      <NativeSelect
        label="Walks are"
        value={mode}
        onChange={(event) => setMode(event.currentTarget.value as typeof mode)}
        data={MODES.map((value) => ({ value, label: say(value) }))}
      />
      <TextInput
        label="Units of one walk"
        inputMode="numeric"
        maxLength={6}
        value={units}
        onChange={(event) => setUnits(event.currentTarget.value)}
      />
      <TextInput
        label="Days that what is ready waits for its buyer"
        inputMode="numeric"
        maxLength={2}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
    </Ask>
  );
}

function WorkCard({ id }: { id: string }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['work', id],
    queryFn: () => take(api.GET('/v1/locations/{id}/fulfillment', { params: { path: { id } } })),
  });
  return (
    <Card
      title="Picking and handing out"
      aside={
        can('fulfillment:write') &&
        data && (
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            Set…
          </Button>
        )
      }
    >
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      {!data && !error && <Shades lines={3} />}
      {data && (
        <Facts
          rows={[
            ['Walks begin', data.auto_pick ? 'By themselves' : 'As somebody makes them'],
            ['Walks are', say(data.pick_mode)],
            ['Of one walk', many(data.tote_units, 'unit')],
            ['Waits for its buyer', many(data.pickup_hold_days, 'day')],
          ]}
        />
      )}
      {isOpen && data && (
        <Anew version={data.version}>
          <WorkDialog of={data} onClose={() => setOpen(false)} />
        </Anew>
      )}
    </Card>
  );
}

function Where({ of }: { of: Schemas['Location'] }) {
  const { address } = of;
  return (
    <Card title="Where it is">
      <Facts
        rows={[
          ['Address', [address.line1, address.line2].filter(Boolean).join(', ')],
          ['City', [address.postal_code, address.city, address.region].filter(Boolean).join(' ')],
          ['Country', address.country],
          ['Point', of.lat !== null && of.lon !== null ? `${of.lat}, ${of.lon}` : ''],
          ['Time zone', of.tz],
          ['Telephone', address.phone],
        ]}
      />
    </Card>
  );
}

export default function LocationPage({ id }: { id: string }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['location', id],
    queryFn: () => take(api.GET('/v1/locations/{id}', { params: { path: { id } } })),
  });
  if (error) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={8} />;
  return (
    <>
      <Link href="/locations" className={look.back}>
        <Icon name="back" size={14} /> Locations
      </Link>
      <PageHead
        title={data.name}
        badges={
          <>
            <Badge word={data.type} />
            {!data.is_active && <Badge word="off" tone="warn" />}
            {data.is_shipping && <Badge word="ships" tone="good" />}
            {data.is_pickup && <Badge word="hands out" tone="info" />}
          </>
        }
      >
        <Link href={`/inventory?location=${encodeURIComponent(data.code)}`}>Its stock</Link>
        <Link href={`/fulfillment?location=${data.id}`}>What leaves it</Link>
        {can('inventory:write') && (
          <Button variant="default" onClick={() => setOpen(true)}>
            Change…
          </Button>
        )}
      </PageHead>
      <div className={look.columns}>
        <div className={look.column}>
          {can('channels:read') && <SiteCard id={id} />}
          {can('fulfillment:read') && <WorkCard id={id} />}
        </div>
        <Where of={data} />
      </div>
      {isOpen && (
        <Anew version={data.version}>
          <LocationDialog of={data} onClose={() => setOpen(false)} />
        </Anew>
      )}
    </>
  );
}
