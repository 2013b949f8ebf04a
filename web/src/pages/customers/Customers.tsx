// Customers.tsx - who buys: by e-mail or phone, or all of them.
import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { useAddress } from '../../ui/address';
import { Csv } from '../../ui/Csv';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { Badge, look, PageHead, Time } from '../../ui/ui';
import { Views } from '../../ui/Views';

const PAGE = 50;

// An e-mail has an @; what is not one is a phone.
function keyOf(text: string): { email?: string; phone?: string } {
  if (!text) return {};
  return text.includes('@') ? { email: text } : { phone: text };
}

function NewDialog({ onClose }: { onClose: () => void }) {
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [phone, setPhone] = useState('');
  const { run, isBusy, problem } = useOnce(0, [['customers']], onClose);
  function submit(event: FormEvent) {
    event.preventDefault();
    void run(async (key) => {
      const made = await take(
        api.POST('/v1/customers', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            name: name.trim(),
            emails: email.trim() ? [email.trim()] : [],
            phones: phone.trim() ? [phone.trim()] : [],
          },
        }),
      );
      go(`/customers/${made.id}`);
    }, 'Made');
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title="New customer"
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={look.dialog} onSubmit={submit}>
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
        <TextInput
          label="Phone"
          description="With its country code, as +49 30 1234."
          maxLength={40}
          value={phone}
          onChange={(event) => setPhone(event.currentTarget.value)}
        />
        {problem}
        <div className={look.buttons}>
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={isBusy} disabled={!`${name}${email}${phone}`.trim()}>
            Make it
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Row({ of }: { of: Schemas['CustomerItem'] }) {
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/customers/${of.id}`}>{of.name || 'No name'}</Link>{' '}
        {of.merged_into && <Badge word="merged" />}
        {of.erased_at && <Badge word="erased" />}
      </td>
      <td>{of.tags.join(', ')}</td>
      <td className={look.roomy}>{of.language}</td>
      <td className={look.roomy}>
        <Time at={of.created_at} />
      </td>
    </tr>
  );
}

export default function Customers() {
  const { can } = useSession();
  const [address, set] = useAddress();
  const q = address.get('q') ?? '';
  const [text, setText] = useState(q);
  const [isNew, setNew] = useState(false);
  useEffect(() => setText(q), [q]);
  const list = useList(['customers', 'list', q], (after) =>
    take(api.GET('/v1/customers', { params: { query: { ...keyOf(q), limit: PAGE, after } } })),
  );
  function find(event: FormEvent) {
    event.preventDefault();
    set({ q: text.trim() });
  }
  return (
    <>
      <PageHead title="Customers">
        <form onSubmit={find}>
          <TextInput
            aria-label="E-mail or phone"
            placeholder="Whole e-mail or phone, Enter"
            leftSection={<Icon name="search" size={15} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={() => text.trim() === '' && q && set({ q: '' })}
          />
        </form>
        <Csv path="/v1/customers" name="customers" filters={keyOf(q)} />
        {can('customers:write') && <Button onClick={() => setNew(true)}>New…</Button>}
      </PageHead>
      <Views list="customers" path="/customers" all="All customers" share="customers:write" />
      <div className={look.card}>
        <Table
          of={list}
          noun="customer"
          empty={q ? `Nobody goes by “${q}”` : 'No customers yet'}
          hint={
            q
              ? 'Phones are known with their country code.'
              : 'Whoever an order names becomes a customer a moment later.'
          }
          heads={[['Name'], ['Tags'], ['Language', look.roomy], ['Since', look.roomy]]}
          row={(one) => <Row key={one.id} of={one} />}
        />
      </div>
      {isNew && <NewDialog onClose={() => setNew(false)} />}
    </>
  );
}
