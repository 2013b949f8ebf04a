// People.tsx - who may sign in, and as what.
import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Table, useList } from '../../ui/list';
import { Anew, nowOf, useOnce } from '../../ui/once';
import { Badge, look, PageHead, ProblemView, Time } from '../../ui/ui';
import { say } from '../../ui/words';

type User = Schemas['User'];
const KEYS = [['people'], ['users']];

function Roles({ chosen, set }: { chosen: string[]; set: (to: string[]) => void }) {
  const { data, error } = useQuery({
    queryKey: ['people', 'roles'],
    queryFn: () => take(api.GET('/v1/roles', { params: { query: { limit: 250 } } })),
  });
  if (error) return <ProblemView error={error} />;
  return (
    <Checkbox.Group label="Roles" value={chosen} onChange={set}>
      <div className={look.row}>
        {data?.items.map((role) => (
          <Checkbox key={role.code} value={role.code} label={role.title} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function NewDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<string[]>([]);
  const { run, isBusy, problem } = useOnce(0, KEYS, onClose);
  const make = () =>
    void run(
      (key) =>
        take(
          api.POST('/v1/users', {
            params: { header: { 'Idempotency-Key': key } },
            body: { name: name.trim(), email: email.trim(), roles },
          }),
        ),
      'Made; without a password nobody signs in yet',
    );
  return (
    <Ask
      title="New person"
      act="Make them"
      isBusy={isBusy}
      isReady={name.trim() !== '' && email.includes('@') && roles.length > 0}
      problem={problem}
      onClose={onClose}
      onAct={make}
    >
      <TextInput
        label="Name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="E-mail"
        type="email"
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Roles chosen={roles} set={setRoles} />
    </Ask>
  );
}

function EditDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [name, setName] = useState(user.name);
  const [roles, setRoles] = useState<string[]>(user.roles);
  const [isActive, setActive] = useState(user.is_active);
  const { run, isBusy, problem, isStale } = useOnce(user.version, KEYS, onClose);
  const change = () =>
    void run(
      (key, version) =>
        take(
          api.PATCH('/v1/users/{id}', {
            params: { path: { id: user.id }, header: { 'Idempotency-Key': key } },
            body: { version, name: name.trim(), roles, is_active: isActive },
          }),
        ),
      'Changed',
    );
  return (
    <Ask
      title={`Change ${user.name || user.email}`}
      act="Change"
      isBusy={isBusy}
      isReady={!isStale}
      problem={problem}
      onClose={onClose}
      onAct={change}
    >
      <TextInput
        label="Name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Roles chosen={roles} set={setRoles} />
      <Checkbox
        label="May sign in"
        checked={isActive}
        onChange={(event) => setActive(event.currentTarget.checked)}
      />
    </Ask>
  );
}

function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const { run, isBusy, problem } = useOnce(0, KEYS, onClose);
  const set = () =>
    void run(
      (key) =>
        take(
          api.POST('/v1/users/{id}/password', {
            params: { path: { id: user.id }, header: { 'Idempotency-Key': key } },
            body: { password },
          }),
        ),
      'Set',
    );
  return (
    <Ask
      title={`Password of ${user.name || user.email}`}
      act="Set it"
      isBusy={isBusy}
      isReady={password !== ''}
      problem={problem}
      onClose={onClose}
      onAct={set}
    >
      <PasswordInput
        label="New password"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        data-autofocus
      />
    </Ask>
  );
}

export default function People() {
  const { can } = useSession();
  const [isNew, setNew] = useState(false);
  const [open, setOpen] = useState<{ user: User; what: 'change' | 'password' } | null>(null);
  const list = useList(['people', 'list'], (after) =>
    take(api.GET('/v1/users', { params: { query: { limit: 50, after } } })),
  );
  const close = () => setOpen(null);
  const changed = nowOf(list.items, open?.what === 'change' ? open.user : null);
  const mayWrite = can('users:write');
  return (
    <>
      <PageHead title="People">
        {mayWrite && <Button onClick={() => setNew(true)}>New…</Button>}
      </PageHead>
      <div className={look.card}>
        <Table
          of={list}
          noun="person"
          nouns="people"
          empty="Nobody"
          heads={[['Name'], ['Roles'], ['Since', look.roomy], ['', look.right]]}
          row={(user) => (
            <tr key={user.id}>
              <td>
                {user.name} {!user.is_active && <Badge word="off" tone="warn" />}
                {!user.password_at && <Badge word="no password" tone="neutral" />}
                <div className={look.faint}>{user.email}</div>
              </td>
              <td>{user.roles.map(say).join(', ')}</td>
              <td className={look.roomy}>
                <Time at={user.created_at} />
              </td>
              <td className={look.right}>
                {mayWrite && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Password of ${user.email}`}
                    onClick={() => setOpen({ user, what: 'password' })}
                  >
                    Password…
                  </Button>
                )}{' '}
                {mayWrite && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change ${user.email}`}
                    onClick={() => setOpen({ user, what: 'change' })}
                  >
                    Change…
                  </Button>
                )}
              </td>
            </tr>
          )}
        />
      </div>
      {isNew && <NewDialog onClose={() => setNew(false)} />}
      {changed && (
        <Anew version={changed.version}>
          <EditDialog user={changed} onClose={close} />
        </Anew>
      )}
      {open?.what === 'password' && <PasswordDialog user={open.user} onClose={close} />}
    </>
  );
}
