// Webhooks.tsx - who is told of events: how it goes, and making it good.
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask, Secret } from '../../ui/Ask';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { Badge, look, PageHead, Time } from '../../ui/ui';
import type { Tone } from '../../ui/words';
import { callError } from './callError';

type Webhook = Schemas['Webhook'];
const HEALTH: Record<Webhook['health']['state'], Tone> = {
  unused: 'neutral',
  working: 'good',
  failing: 'bad',
  disabled: 'warn',
};

export const typesOf = (text: string) => text.split(/[\s,]+/).filter(Boolean);

export function Health({ of }: { of: Webhook }) {
  return <Badge word={of.health.state} tone={HEALTH[of.health.state]} />;
}

function NewDialog({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const [url, setUrl] = useState('');
  const [types, setTypes] = useState('order.*');
  const [description, setDescription] = useState('');
  const [isActive, setActive] = useState(true);
  const { run, isBusy, problem } = useOnce(0, [['webhooks']], onClose);
  const make = () =>
    void run(async (key) => {
      const made = await take(
        api.POST('/v1/webhooks', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            url: url.trim(),
            types: typesOf(types),
            description: description.trim(),
            is_active: isActive,
          },
        }),
      );
      onMade(made.secret ?? '');
    }, 'Made');
  return (
    <Ask
      title="New webhook"
      act="Make it"
      isBusy={isBusy}
      isReady={url.trim() !== '' && typesOf(types).length > 0}
      problem={problem}
      onClose={onClose}
      onAct={make}
    >
      <TextInput
        label="Address"
        placeholder="https://shop.example/wharf"
        maxLength={2048}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Events"
        description="Types, as order.placed or order.*; * is all."
        rows={2}
        value={types}
        onChange={(event) => setTypes(event.currentTarget.value)}
      />
      <TextInput
        label="What it is for"
        maxLength={500}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Checkbox
        label="Called from now on"
        checked={isActive}
        onChange={(event) => setActive(event.currentTarget.checked)}
      />
    </Ask>
  );
}

export default function Webhooks() {
  const { can } = useSession();
  const [isNew, setNew] = useState(false);
  const [secret, setSecret] = useState('');
  const list = useList(['webhooks', 'list'], (after) =>
    take(api.GET('/v1/webhooks', { params: { query: { limit: 50, after } } })),
  );
  return (
    <>
      <PageHead title="Webhooks">
        {can('webhooks:write') && <Button onClick={() => setNew(true)}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="webhook"
          empty="Nobody is told of events"
          hint="A webhook is called with each event it wants, in order, until it takes it."
          heads={[
            ['Address'],
            ['Health'],
            ['Last error'],
            ['Events', look.roomy],
            ['Last taken', look.roomy],
          ]}
          row={(one) => (
            <tr key={one.id}>
              <td className={look.strong}>
                <Link href={`/webhooks/${one.id}`}>{one.url}</Link>
                <div className={look.faint}>{one.description}</div>
              </td>
              <td>
                <Health of={one} />
              </td>
              <td>{callError(one.health.last_error)}</td>
              <td className={look.roomy}>{one.types.join(', ')}</td>
              <td className={look.roomy}>
                {one.health.last_success_at && <Time at={one.health.last_success_at} />}
              </td>
            </tr>
          )}
        />
      </div>
      {isNew && <NewDialog onClose={() => setNew(false)} onMade={setSecret} />}
      {secret && <Secret title="Its secret" text={secret} onClose={() => setSecret('')} />}
    </>
  );
}
