// Carriers.tsx - the accounts that labels are bought with.
import { Button, Checkbox, NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Table, useList } from '../../ui/list';
import { Anew, nowOf, useOnce } from '../../ui/once';
import { Badge, look, PageHead } from '../../ui/ui';

type Account = Schemas['CarrierAccount'];
type Carrier = Schemas['Carrier'];
type Service = Schemas['CarrierService'];
const KEYS = [['carrier-accounts'], ['start']];

function useCarriers() {
  const { data } = useQuery({
    queryKey: ['carriers'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => take(api.GET('/v1/carriers')),
  });
  return data?.items ?? [];
}

// One a line: a code, and a title where people shall read another.
const written = (services: Service[]) =>
  services.map((one) => [one.code, one.title].filter(Boolean).join(' ')).join('\n');

// What a service had besides its name stays with its code.
function servicesOf(text: string, before: Service[]): Service[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [code = '', ...title] = line.split(/\s+/);
      const old = before.find((one) => one.code === code);
      return { ...old, code, title: title.join(' ') || undefined };
    });
}

function Dialog({
  of,
  carriers,
  onClose,
}: {
  of: Account | null;
  carriers: Carrier[];
  onClose: () => void;
}) {
  const [carrier, setCarrier] = useState(of?.carrier ?? carriers[0]?.name ?? '');
  const [code, setCode] = useState('');
  const [name, setName] = useState(of?.name ?? '');
  const [url, setUrl] = useState(String(of?.settings.url ?? ''));
  const [secret, setSecret] = useState('');
  const [services, setServices] = useState(of ? written(of.services) : 'standard Standard');
  const [prefix, setPrefix] = useState(of?.gs1_prefix ?? '');
  const [isActive, setActive] = useState(of?.is_active ?? true);
  const { run, isBusy, problem, isStale } = useOnce(of?.version ?? 0, KEYS, onClose);
  const kind = carriers.find((one) => one.name === carrier);
  const body = {
    name: name.trim(),
    services: servicesOf(services, of?.services ?? []),
    gs1_prefix: prefix.trim() || null,
    ...(kind?.needs_secret && { settings: { ...of?.settings, url: url.trim() } }),
    ...(secret && { secret }),
  };
  const act = () =>
    void run(
      (key, version) =>
        of
          ? take(
              api.PATCH('/v1/carrier-accounts/{id}', {
                params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
                body: { ...body, version, is_active: isActive },
              }),
            )
          : take(
              api.POST('/v1/carrier-accounts', {
                params: { header: { 'Idempotency-Key': key } },
                body: { ...body, carrier, code: code.trim() },
              }),
            ),
      of ? 'Changed' : 'Made; labels can be bought with it',
    );
  return (
    <Ask
      title={of ? `Change ${of.name || of.code}` : 'New carrier account'}
      act={of ? 'Change' : 'Make it'}
      isBusy={isBusy}
      isReady={(of !== null || code.trim() !== '') && services.trim() !== '' && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {!of && (
        <div className={look.pairs}>
          <NativeSelect
            label="Carrier"
            value={carrier}
            onChange={(event) => setCarrier(event.currentTarget.value)}
            data={carriers.map((one) => ({ value: one.name, label: one.title }))}
          />
          <TextInput
            label="Code"
            description="Stays as it is."
            maxLength={64}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            data-autofocus
          />
        </div>
      )}
      <TextInput
        label="Name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {kind?.needs_secret && (
        <>
          <TextInput
            label="Address of the service"
            placeholder="https://"
            maxLength={2000}
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <PasswordInput
            label="Secret"
            description={
              of?.has_secret ? 'Kept as it is while this is empty.' : 'Never shown again.'
            }
            maxLength={4096}
            autoComplete="off"
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        </>
      )}
      <Textarea
        label="Services"
        description="One a line: its code, then its title."
        autosize
        minRows={2}
        maxLength={10000}
        value={services}
        onChange={(event) => setServices(event.currentTarget.value)}
      />
      <TextInput
        label="GS1 company prefix"
        description="7 to 10 digits; with it each parcel gets an SSCC."
        inputMode="numeric"
        maxLength={10}
        value={prefix}
        onChange={(event) => setPrefix(event.currentTarget.value)}
      />
      {of && (
        <Checkbox
          label="Labels may be bought with it"
          checked={isActive}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
      )}
    </Ask>
  );
}

export default function Carriers() {
  const { can } = useSession();
  const carriers = useCarriers();
  const [isNew, setNew] = useState(false);
  const [changed, setChanged] = useState<Account | null>(null);
  const list = useList(['carrier-accounts', 'list'], (after) =>
    take(api.GET('/v1/carrier-accounts', { params: { query: { limit: 50, after } } })),
  );
  const shown = nowOf(list.items, changed);
  const titleOf = (name: string) => carriers.find((one) => one.name === name)?.title ?? name;
  return (
    <>
      <PageHead title="Carriers">
        {can('shipping:write') && carriers.length > 0 && (
          <Button onClick={() => setNew(true)}>New…</Button>
        )}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="account"
          empty="No carrier yet"
          hint="Labels are bought with an account: your own delivery, or a service you ship with."
          heads={[['Account'], ['Carrier', look.roomy], ['Services'], ['', look.right]]}
          row={(one) => (
            <tr key={one.id}>
              <td>
                {one.name || one.code} {!one.is_active && <Badge word="inactive" />}
                <div className={look.faint}>{one.code}</div>
              </td>
              <td className={look.roomy}>{titleOf(one.carrier)}</td>
              <td>{one.services.map((service) => service.title || service.code).join(', ')}</td>
              <td className={look.right}>
                {can('shipping:write') && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change ${one.name || one.code}`}
                    onClick={() => setChanged(one)}
                  >
                    Change…
                  </Button>
                )}
              </td>
            </tr>
          )}
        />
      </div>
      {isNew && <Dialog of={null} carriers={carriers} onClose={() => setNew(false)} />}
      {shown && (
        <Anew version={shown.version}>
          <Dialog of={shown} carriers={carriers} onClose={() => setChanged(null)} />
        </Anew>
      )}
    </>
  );
}
