// Channels.tsx - where orders come from, and how each is treated.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Table, useList } from '../../ui/list';
import { Anew, nowOf, useOnce } from '../../ui/once';
import { Badge, look, PageHead } from '../../ui/ui';
import { say } from '../../ui/words';

type Channel = Schemas['Channel'];
const TYPES: Schemas['ChannelType'][] = ['web', 'marketplace', 'pos', 'social', 'b2b', 'live'];
const POLICIES: Channel['stock_policy'][] = ['refuse', 'backorder'];
const RELEASES = ['always', 'authorized', 'paid'] as const;
const KEYS = [['channels']];
const SAID = {
  refuse: 'Refuses what is not there',
  backorder: 'Takes it, and it waits',
  always: 'Leaves whatever is paid',
  authorized: 'Leaves once the money is promised',
  paid: 'Leaves once the money is taken',
};
const options = (names: readonly (keyof typeof SAID)[]) =>
  names.map((value) => ({ value, label: SAID[value] }));

function Dialog({ of, onClose }: { of: Channel | null; onClose: () => void }) {
  const [code, setCode] = useState('');
  const [currency, setCurrency] = useState('EUR');
  const [name, setName] = useState(of?.name ?? '');
  const [type, setType] = useState<Schemas['ChannelType']>(of?.type ?? 'web');
  const [tz, setTz] = useState(of?.tz ?? 'UTC');
  const [brand, setBrand] = useState(of?.brand ?? '');
  const [prefix, setPrefix] = useState(of?.number_prefix ?? '');
  const [policy, setPolicy] = useState(of?.stock_policy ?? 'refuse');
  const [release, setRelease] = useState(of?.payment.release ?? 'always');
  const [taxMode, setTaxMode] = useState(of?.tax_mode ?? 'exclusive');
  const [isActive, setActive] = useState(of?.is_active ?? true);
  const { run, isBusy, problem, isStale } = useOnce(of?.version ?? 0, KEYS, onClose);
  const body = {
    name: name.trim(),
    type,
    tz: tz.trim(),
    brand: brand.trim(),
    number_prefix: prefix.trim(),
    stock_policy: policy,
    tax_mode: taxMode,
    payment: { ...of?.payment, release },
  };
  const act = () =>
    void run(
      (key, version) =>
        of
          ? take(
              api.PATCH('/v1/channels/{id}', {
                params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
                body: { ...body, version, is_active: isActive },
              }),
            )
          : take(
              api.POST('/v1/channels', {
                params: { header: { 'Idempotency-Key': key } },
                body: {
                  ...body,
                  code: code.trim(),
                  currency: currency.trim().toUpperCase(),
                  rounding: 'half_up',
                },
              }),
            ),
      of ? 'Changed' : 'Made; it takes orders now',
    );
  return (
    <Ask
      title={of ? `Change ${of.name}` : 'New channel'}
      act={of ? 'Change' : 'Make it'}
      isBusy={isBusy}
      isReady={name.trim() !== '' && (of !== null || code.trim() !== '') && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {!of && (
        <div className={look.pairs}>
          <TextInput
            label="Code"
            description="Stays as it is."
            maxLength={64}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label="Currency"
            description="Stays as it is."
            maxLength={3}
            value={currency}
            onChange={(event) => setCurrency(event.currentTarget.value)}
          />
        </div>
      )}
      <TextInput
        label="Name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={look.pairs}>
        <NativeSelect
          label="Kind"
          value={type}
          onChange={(event) => setType(event.currentTarget.value as typeof type)}
          data={TYPES.map((one) => ({ value: one, label: say(one) }))}
        />
        <TextInput
          label="Time zone"
          maxLength={64}
          value={tz}
          onChange={(event) => setTz(event.currentTarget.value)}
        />
        <TextInput
          label="Brand"
          maxLength={200}
          value={brand}
          onChange={(event) => setBrand(event.currentTarget.value)}
        />
        <TextInput
          label="Numbers begin with"
          maxLength={16}
          value={prefix}
          onChange={(event) => setPrefix(event.currentTarget.value)}
        />
      </div>
      <NativeSelect
        label="Prices"
        value={taxMode}
        onChange={(event) => setTaxMode(event.currentTarget.value as typeof taxMode)}
        data={[
          { value: 'exclusive', label: 'Without tax' },
          { value: 'inclusive', label: 'With tax in them' },
        ]}
      />
      <NativeSelect
        label="Without stock"
        value={policy}
        onChange={(event) => setPolicy(event.currentTarget.value as typeof policy)}
        data={options(POLICIES)}
      />
      <NativeSelect
        label="With the money"
        value={release}
        onChange={(event) => setRelease(event.currentTarget.value as typeof release)}
        data={options(RELEASES)}
      />
      {of && (
        <Checkbox
          label="Takes orders"
          checked={isActive}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
      )}
    </Ask>
  );
}

export default function Channels() {
  const { can } = useSession();
  const [open, setOpen] = useState<Channel | 'new' | null>(null);
  const list = useList(['channels', 'pages'], (after) =>
    take(api.GET('/v1/channels', { params: { query: { limit: 50, after } } })),
  );
  const shown = nowOf(list.items, open);
  return (
    <>
      <PageHead title="Channels">
        {can('channels:write') && <Button onClick={() => setOpen('new')}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="channel"
          empty="No channel yet"
          hint="A channel is where orders come from: a web shop, a marketplace, a till."
          heads={[
            ['Channel'],
            ['Kind', look.roomy],
            ['Currency'],
            ['Without stock', look.roomy],
            ['Time zone', look.roomy],
            ['', look.right],
          ]}
          row={(one) => (
            <tr key={one.id}>
              <td className={look.strong}>
                <Link href={`/channels/${one.id}`}>{one.name}</Link>{' '}
                {!one.is_active && <Badge word="off" tone="warn" />}
                <div className={look.faint}>{one.code}</div>
              </td>
              <td className={look.roomy}>{say(one.type)}</td>
              <td>{one.currency}</td>
              <td className={look.roomy}>{SAID[one.stock_policy]}</td>
              <td className={look.roomy}>{one.tz}</td>
              <td className={look.right}>
                {can('channels:write') && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change ${one.name}`}
                    onClick={() => setOpen(one)}
                  >
                    Change…
                  </Button>
                )}
              </td>
            </tr>
          )}
        />
      </div>
      {shown !== undefined && (
        <Anew version={shown?.version ?? 0}>
          <Dialog of={shown} onClose={() => setOpen(null)} />
        </Anew>
      )}
    </>
  );
}
