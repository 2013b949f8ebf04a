// Keys.tsx - the keys that programs come with, and what each may do.
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, type Scope, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask, Secret } from '../../ui/Ask';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { Badge, look, PageHead, Time } from '../../ui/ui';

type Key = Schemas['ApiKey'];
const KEYS = [['keys']];

// What its maker may do is what a key may be given.
function Scopes({ chosen, set }: { chosen: Scope[]; set: (to: Scope[]) => void }) {
  const { state } = useSession();
  return (
    <Checkbox.Group label="It may" value={chosen} onChange={(to) => set(to as Scope[])}>
      <div className={look.pairs}>
        {state.who?.permissions.map((scope) => (
          <Checkbox key={scope} value={scope} label={scope} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function NewDialog({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>([]);
  const { run, isBusy, problem } = useOnce(0, KEYS, onClose);
  const make = () =>
    void run(async (key) => {
      const made = await take(
        api.POST('/v1/api-keys', {
          params: { header: { 'Idempotency-Key': key } },
          body: { name: name.trim(), scopes },
        }),
      );
      onMade(made.secret ?? '');
    }, 'Made');
  return (
    <Ask
      title="New key"
      act="Make it"
      isBusy={isBusy}
      isReady={name.trim() !== '' && scopes.length > 0}
      problem={problem}
      onClose={onClose}
      onAct={make}
    >
      <TextInput
        label="Name"
        placeholder="The web shop"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Scopes chosen={scopes} set={setScopes} />
    </Ask>
  );
}

function RevokeDialog({ of, onClose }: { of: Key; onClose: () => void }) {
  const { run, isBusy, problem } = useOnce(0, KEYS, onClose);
  return (
    <Ask
      title={`Revoke ${of.name}`}
      act="Revoke"
      isBusy={isBusy}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key) =>
            take(
              api.DELETE('/v1/api-keys/{id}', {
                params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
              }),
            ),
          'Revoked',
        )
      }
    >
      <p>Whatever comes with it is refused from now on. It cannot be undone.</p>
    </Ask>
  );
}

export default function Keys() {
  const { can } = useSession();
  const [isNew, setNew] = useState(false);
  const [secret, setSecret] = useState('');
  const [revoked, setRevoked] = useState<Key | null>(null);
  const list = useList(['keys', 'list'], (after) =>
    take(api.GET('/v1/api-keys', { params: { query: { limit: 50, after } } })),
  );
  return (
    <>
      <PageHead title="API keys">
        {can('keys:write') && <Button onClick={() => setNew(true)}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="key"
          empty="No keys"
          heads={[['Name'], ['May', look.roomy], ['Since', look.roomy], ['Ends'], ['', look.right]]}
          row={(one) => (
            <tr key={one.id}>
              <td>
                {one.name} {one.revoked_at && <Badge word="revoked" />}
                <div className={look.faint}>…{one.hint}</div>
              </td>
              <td className={look.roomy}>{one.scopes.join(', ')}</td>
              <td className={look.roomy}>
                <Time at={one.created_at} />
              </td>
              <td>{one.expires_at ? <Time at={one.expires_at} /> : 'Never'}</td>
              <td className={look.right}>
                {can('keys:write') && !one.revoked_at && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Revoke ${one.name}`}
                    onClick={() => setRevoked(one)}
                  >
                    Revoke…
                  </Button>
                )}
              </td>
            </tr>
          )}
        />
      </div>
      {isNew && <NewDialog onClose={() => setNew(false)} onMade={setSecret} />}
      {secret && <Secret title="The key" text={secret} onClose={() => setSecret('')} />}
      {revoked && <RevokeDialog of={revoked} onClose={() => setRevoked(null)} />}
    </>
  );
}
