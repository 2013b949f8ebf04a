// Customer.tsx - one customer: what they bought, how to reach them, what they
// agreed to, and what is noted of them.
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { Notes } from '../../ui/Notes';
import { Anew, useOnce } from '../../ui/once';
import { Badge, Card, Facts, look, Money, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { many, say, words } from '../../ui/words';
import { AddressView } from '../order/Side';

type CustomerOf = Schemas['Customer'];
const PAGE = 25;
const CHANNELS: Schemas['ConsentChannel'][] = ['email', 'sms', 'phone', 'post', 'push', 'any'];
const STATES: Schemas['ConsentState'][] = ['given', 'refused', 'withdrawn'];

function EditDialog({ of, onClose }: { of: CustomerOf; onClose: () => void }) {
  const [name, setName] = useState(of.name);
  const [emails, setEmails] = useState(of.emails.join('\n'));
  const [phones, setPhones] = useState(of.phones.join('\n'));
  const [tags, setTags] = useState(of.tags.join(', '));
  const { run, isBusy, problem, isStale } = useOnce(of.version, [['customers']], onClose);
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.PATCH('/v1/customers/{id}', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: {
              version,
              name: name.trim(),
              emails: words(emails),
              phones: words(phones),
              tags: words(tags),
            },
          }),
        ),
      'Changed',
    );
  return (
    <Ask
      title="Change the customer"
      act="Change"
      isBusy={isBusy}
      isReady={!isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <TextInput
        label="Name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="E-mails, one a line"
        rows={2}
        value={emails}
        onChange={(event) => setEmails(event.currentTarget.value)}
      />
      <Textarea
        label="Phones, one a line"
        rows={2}
        value={phones}
        onChange={(event) => setPhones(event.currentTarget.value)}
      />
      <TextInput
        label="Tags, with commas"
        value={tags}
        onChange={(event) => setTags(event.currentTarget.value)}
      />
    </Ask>
  );
}

function MergeDialog({
  of,
  from,
  onClose,
}: {
  of: CustomerOf;
  from: Schemas['CustomerId'];
  onClose: () => void;
}) {
  const { data: other, error } = useQuery({
    queryKey: ['customers', 'one', from],
    queryFn: () => take(api.GET('/v1/customers/{id}', { params: { path: { id: from } } })),
  });
  const { run, isBusy, problem, isStale } = useOnce(of.version, [['customers']], onClose);
  const merge = (other: CustomerOf) =>
    run(
      (key, version) =>
        take(
          api.POST('/v1/customers/{id}/merge', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { version, from, from_version: other.version },
          }),
        ),
      'They are one now',
    );
  return (
    <Ask
      title="Make one customer of two"
      act="Merge"
      isBusy={isBusy}
      isReady={other !== undefined && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={() => other && void merge(other)}
    >
      {error && <ProblemView error={error} />}
      {other && (
        <p>
          E-mails, phones, addresses, consents, notes and orders of {other.name || 'No name'} (
          {[...other.emails, ...other.phones].join(', ')}) become those of {of.name || 'this one'}.
          It cannot be undone.
        </p>
      )}
    </Ask>
  );
}

function Orders({ id }: { id: CustomerOf['id'] }) {
  const list = useList(['customers', 'orders', id], (after) =>
    take(
      api.GET('/v1/customers/{id}/orders', {
        params: { path: { id }, query: { limit: PAGE, after } },
      }),
    ),
  );
  return (
    <Card title="Orders" isFlush>
      <Table
        of={list}
        noun="order"
        empty="No orders"
        heads={[['Order'], ['Placed'], ['Status'], ['Payment', look.roomy], ['Total', look.right]]}
        row={(order) => (
          <tr key={order.id}>
            <td className={look.strong}>
              <Link href={`/orders/${order.id}`}>{order.number}</Link>
            </td>
            <td>
              <Time at={order.placed_at} />
            </td>
            <td>
              <Badge word={order.status} />
            </td>
            <td className={look.roomy}>
              <Badge word={order.payment_status} />
            </td>
            <td className={look.right}>
              <Money of={order.total} />
            </td>
          </tr>
        )}
      />
    </Card>
  );
}

function CustomerNotes({ id }: { id: CustomerOf['id'] }) {
  const { can } = useSession();
  return (
    <Notes
      cacheKey={['customers', 'notes', id]}
      read={(after) =>
        take(
          api.GET('/v1/customers/{id}/notes', {
            params: { path: { id }, query: { limit: 100, after } },
          }),
        )
      }
      add={
        can('customers:write')
          ? (key, text) =>
              take(
                api.POST('/v1/customers/{id}/notes', {
                  params: { path: { id }, header: { 'Idempotency-Key': key } },
                  body: { text },
                }),
              )
          : undefined
      }
    />
  );
}

function Consents({ of }: { of: CustomerOf }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const [purpose, setPurpose] = useState('marketing');
  const [channel, setChannel] = useState<Schemas['ConsentChannel']>('email');
  const [state, setState] = useState<Schemas['ConsentState']>('given');
  const [source, setSource] = useState('');
  const { run, isBusy, problem } = useOnce(0, [['customers']], () => setOpen(false));
  function submit(event: FormEvent) {
    event.preventDefault();
    void run(
      (key) =>
        take(
          api.POST('/v1/customers/{id}/consents', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { purpose: purpose.trim(), channel, state, source: source.trim() },
          }),
        ),
      'Recorded',
    );
  }
  return (
    <Card
      title="Consent"
      aside={
        can('customers:write') && (
          <Button size="xs" variant="default" onClick={() => setOpen(!isOpen)}>
            Record…
          </Button>
        )
      }
    >
      {of.consents.length === 0 && <span className={look.faint}>Nothing was said.</span>}
      <Facts
        rows={of.consents.map((one) => [
          `${say(one.purpose)}, ${say(one.channel)}`,
          <span key="c">
            <Badge word={one.state} tone={one.state === 'given' ? 'good' : 'neutral'} />{' '}
            <span className={look.faint}>
              {one.source}, <Time at={one.given_at} />
            </span>
          </span>,
        ])}
      />
      {isOpen && (
        <form className={look.dialog} onSubmit={submit}>
          <TextInput
            label="For"
            maxLength={64}
            required
            value={purpose}
            onChange={(event) => setPurpose(event.currentTarget.value)}
          />
          <NativeSelect
            label="By"
            value={channel}
            onChange={(event) => setChannel(event.currentTarget.value as typeof channel)}
            data={CHANNELS.map((one) => ({ value: one, label: say(one) }))}
          />
          <NativeSelect
            label="What was said"
            value={state}
            onChange={(event) => setState(event.currentTarget.value as typeof state)}
            data={STATES.map((one) => ({ value: one, label: say(one) }))}
          />
          <TextInput
            label="Where it was said"
            placeholder="checkout, letter of 3 May"
            maxLength={255}
            required
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
          {problem}
          <Button type="submit" loading={isBusy} disabled={!source.trim() || !purpose.trim()}>
            Record
          </Button>
        </form>
      )}
    </Card>
  );
}

function Duplicates({ of }: { of: CustomerOf }) {
  const { can } = useSession();
  const [from, setFrom] = useState<CustomerOf['id'] | null>(null);
  if (of.possible_duplicates.length === 0) return null;
  return (
    <Card title="May be the same">
      {of.possible_duplicates.map((id) => (
        <div key={id} className={look.row}>
          <Link href={`/customers/${id}`}>{id}</Link>
          {can('customers:write') && (
            <Button size="xs" variant="default" onClick={() => setFrom(id)}>
              Merge…
            </Button>
          )}
        </div>
      ))}
      {from && <MergeDialog of={of} from={from} onClose={() => setFrom(null)} />}
    </Card>
  );
}

export default function Customer({ id }: { id: string }) {
  const { can } = useSession();
  const [isEditing, setEditing] = useState(false);
  const {
    data: of,
    error,
    refetch,
  } = useQuery({
    queryKey: ['customers', 'one', id],
    queryFn: () => take(api.GET('/v1/customers/{id}', { params: { path: { id } } })),
  });
  if (error && !of) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!of) return <Shades lines={10} />;
  return (
    <>
      <Link href="/customers" className={look.back}>
        <Icon name="back" size={14} /> Customers
      </Link>
      <PageHead
        title={of.name || 'No name'}
        badges={
          <span className={look.row}>
            {of.tags.map((tag) => (
              <Badge key={tag} word={tag} label={tag} />
            ))}
            {of.erased_at && <Badge word="erased" tone="warn" />}
          </span>
        }
      >
        <Button
          component="a"
          variant="default"
          href={`/v1/customers/${of.id}/export`}
          download={`${of.id}.json`}
        >
          Export
        </Button>
        {can('customers:write') && !of.merged_into && !of.erased_at && (
          <Button variant="default" onClick={() => setEditing(true)}>
            Change…
          </Button>
        )}
      </PageHead>
      {of.merged_into && (
        <p>
          Became one with <Link href={`/customers/${of.merged_into}`}>another customer</Link>.
        </p>
      )}
      <div className={look.columns}>
        <div className={look.column}>
          {can('orders:read') && <Orders id={of.id} />}
          <CustomerNotes id={of.id} />
        </div>
        <div className={look.column}>
          <Card title="Bought">
            {of.values.length === 0 && <span className={look.faint}>Nothing yet.</span>}
            <Facts
              rows={of.values.map((one) => [
                many(one.orders, 'order'),
                <span key="v">
                  <Money of={one.total} />, last <Time at={one.last_order_at} />
                </span>,
              ])}
            />
          </Card>
          <Card title="About">
            <Facts
              rows={[
                [
                  'E-mail',
                  of.emails.length > 0 && of.emails.map((one) => <div key={one}>{one}</div>),
                ],
                [
                  'Phone',
                  of.phones.length > 0 && of.phones.map((one) => <div key={one}>{one}</div>),
                ],
                ['Language', of.language],
                ['Elsewhere', of.external_ids.map((one) => `${one.source} ${one.id}`).join(', ')],
                ['Since', <Time key="s" at={of.created_at} />],
              ]}
            />
          </Card>
          {of.addresses.length > 0 && (
            <Card title="Addresses">
              <Facts
                rows={of.addresses.map((one, i) => [
                  one.is_default_shipping
                    ? 'Ships to'
                    : one.is_default_billing
                      ? 'Billed to'
                      : `Address ${i + 1}`,
                  <AddressView key="a" of={one.address} />,
                ])}
              />
            </Card>
          )}
          <Consents of={of} />
          <Duplicates of={of} />
        </div>
      </div>
      {isEditing && (
        <Anew version={of.version}>
          <EditDialog of={of} onClose={() => setEditing(false)} />
        </Anew>
      )}
    </>
  );
}
