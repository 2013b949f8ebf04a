// Webhook.tsx - one webhook: its health, what was sent, and sending it again.
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, onceOnly, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask, Secret } from '../../ui/Ask';
import { useAddress } from '../../ui/address';
import { isMoment, momentOf } from '../../ui/days';
import { When } from '../../ui/fields';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { Anew, useOnce } from '../../ui/once';
import { refused, told } from '../../ui/toast';
import { Badge, Card, Facts, look, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { say, type Tone } from '../../ui/words';
import { callError } from './callError';
import { Health, typesOf } from './Webhooks';

type Webhook = Schemas['Webhook'];
type State = Schemas['DeliveryState'];
const STATES: State[] = ['pending', 'retrying', 'delivered', 'dead'];
const TONES: Record<State, Tone> = {
  pending: 'neutral',
  retrying: 'warn',
  delivered: 'good',
  dead: 'bad',
};

function EditDialog({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const [url, setUrl] = useState(of.url);
  const [types, setTypes] = useState(of.types.join(' '));
  const [description, setDescription] = useState(of.description);
  const { run, isBusy, problem, isStale } = useOnce(of.version, [['webhooks']], onClose);
  const change = () =>
    void run(
      (key, version) =>
        take(
          api.PATCH('/v1/webhooks/{id}', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: {
              version,
              url: url.trim(),
              types: typesOf(types),
              description: description.trim(),
            },
          }),
        ),
      'Changed',
    );
  return (
    <Ask
      title="Change the webhook"
      act="Change"
      isBusy={isBusy}
      isReady={!isStale}
      problem={problem}
      onClose={onClose}
      onAct={change}
    >
      <TextInput
        label="Address"
        maxLength={2048}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Events"
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
    </Ask>
  );
}

function ReplayDialog({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const [what, setWhat] = useState<'dead' | 'all'>('dead');
  const [since, setSince] = useState('');
  const { run, isBusy, problem } = useOnce(0, [['webhooks']], onClose);
  const replay = () =>
    void run(
      (key) =>
        take(
          api.POST('/v1/webhooks/{id}/replay', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { what, since: momentOf(since) ?? since },
          }),
        ),
      'It is sent again',
    );
  return (
    <Ask
      title="Send again"
      act="Send again"
      isBusy={isBusy}
      isReady={isMoment(since)}
      problem={problem}
      onClose={onClose}
      onAct={replay}
    >
      <NativeSelect
        label="What"
        value={what}
        onChange={(event) => setWhat(event.currentTarget.value as typeof what)}
        data={[
          { value: 'dead', label: 'What was given up' },
          { value: 'all', label: 'Everything, from the log' },
        ]}
      />
      <When label="Since" value={since} set={setSince} />
    </Ask>
  );
}

function DeleteDialog({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const [, go] = useLocation();
  const { run, isBusy, problem } = useOnce(0, [['webhooks', 'list']], () => go('/webhooks'));
  return (
    <Ask
      title="Delete the webhook"
      act="Delete"
      isBusy={isBusy}
      problem={problem}
      onClose={onClose}
      onAct={() =>
        void run(
          (key) =>
            take(
              api.DELETE('/v1/webhooks/{id}', {
                params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
              }),
            ),
          'Deleted',
        )
      }
    >
      <p>{of.url} is called no more, and what waits for it is forgotten.</p>
    </Ask>
  );
}

function Deliveries({ of }: { of: Webhook }) {
  const { can } = useSession();
  const queries = useQueryClient();
  const [address, set] = useAddress();
  const state = STATES.find((one) => one === address.get('state'));
  const list = useList(['webhooks', 'deliveries', of.id, state ?? ''], (after) =>
    take(
      api.GET('/v1/webhooks/{id}/deliveries', {
        params: { path: { id: of.id }, query: { state, limit: 50, after } },
      }),
    ),
  );
  async function again(event: Schemas['EventId']) {
    try {
      await take(
        api.POST('/v1/webhooks/{id}/deliveries/{event_id}/replay', {
          params: { path: { id: of.id, event_id: event }, header: onceOnly() },
          body: {},
        }),
      );
      told('It is sent again');
    } catch (failure) {
      refused(failure);
    }
    void queries.invalidateQueries({ queryKey: ['webhooks'] });
  }
  return (
    <Card
      title="Deliveries"
      isFlush
      aside={
        <NativeSelect
          aria-label="State"
          size="xs"
          value={state ?? ''}
          onChange={(event) => set({ state: event.currentTarget.value })}
          data={[
            { value: '', label: 'All' },
            ...STATES.map((one) => ({ value: one, label: say(one) })),
          ]}
        />
      }
    >
      <Table
        of={list}
        noun="delivery"
        nouns="deliveries"
        empty="Nothing to show"
        heads={[
          ['Event'],
          ['State'],
          ['Tries', look.right],
          ['Answer'],
          ['When', look.roomy],
          ['', look.right],
        ]}
        row={(one) => (
          <tr key={one.event_id}>
            <td>
              {one.type}
              <div className={`${look.faint} ${look.small}`}>{one.event_id}</div>
            </td>
            <td>
              <Badge word={one.state} tone={TONES[one.state]} />
            </td>
            <td className={look.right}>{one.attempts.toLocaleString()}</td>
            <td>{callError(one.last_error) ?? one.last_status}</td>
            <td className={look.roomy}>
              {one.last_attempt_at && <Time at={one.last_attempt_at} />}
              {one.next_attempt_at && (
                <div className={look.faint}>
                  Again <Time at={one.next_attempt_at} />
                </div>
              )}
            </td>
            <td className={look.right}>
              {can('webhooks:write') && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Send ${one.event_id} again`}
                  onClick={() => void again(one.event_id)}
                >
                  Again
                </Button>
              )}
            </td>
          </tr>
        )}
      />
    </Card>
  );
}

function Actions({ of }: { of: Webhook }) {
  const queries = useQueryClient();
  const [open, setOpen] = useState<'change' | 'replay' | 'delete' | null>(null);
  const [secret, setSecret] = useState('');
  const act = async (call: () => Promise<unknown>, text: string) => {
    try {
      await call();
      told(text);
    } catch (failure) {
      refused(failure);
    }
    void queries.invalidateQueries({ queryKey: ['webhooks'] });
  };
  const path = { id: of.id };
  const toggle = () =>
    take(
      api.PATCH('/v1/webhooks/{id}', {
        params: { path, header: onceOnly() },
        body: { version: of.version, is_active: !of.is_active },
      }),
    );
  const ping = () =>
    take(api.POST('/v1/webhooks/{id}/ping', { params: { path, header: onceOnly() }, body: {} }));
  const rotate = async () => {
    const made = await take(
      api.POST('/v1/webhooks/{id}/rotate-secret', {
        params: { path, header: onceOnly() },
        body: { version: of.version },
      }),
    );
    setSecret(made.secret ?? '');
  };
  const close = () => setOpen(null);
  return (
    <>
      <Button variant="default" onClick={() => void act(ping, 'A ping is on its way')}>
        Ping
      </Button>
      <Button variant="default" onClick={() => setOpen('replay')}>
        Send again…
      </Button>
      <Button
        variant="default"
        onClick={() => void act(toggle, of.is_active ? 'Called no more' : 'Called again')}
      >
        {of.is_active ? 'Switch off' : 'Switch on'}
      </Button>
      <Button variant="default" onClick={() => void act(rotate, 'Both sign for a day')}>
        New secret
      </Button>
      <Button variant="default" onClick={() => setOpen('change')}>
        Change…
      </Button>
      <Button variant="default" color="red" onClick={() => setOpen('delete')}>
        Delete…
      </Button>
      {open === 'change' && (
        <Anew version={of.version}>
          <EditDialog of={of} onClose={close} />
        </Anew>
      )}
      {open === 'replay' && <ReplayDialog of={of} onClose={close} />}
      {open === 'delete' && <DeleteDialog of={of} onClose={close} />}
      {secret && <Secret title="Its new secret" text={secret} onClose={() => setSecret('')} />}
    </>
  );
}

export default function WebhookPage({ id }: { id: string }) {
  const { can } = useSession();
  const {
    data: of,
    error,
    refetch,
  } = useQuery({
    queryKey: ['webhooks', 'one', id],
    refetchInterval: 5000,
    queryFn: () => take(api.GET('/v1/webhooks/{id}', { params: { path: { id } } })),
  });
  if (error && !of) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!of) return <Shades lines={8} />;
  const { health } = of;
  return (
    <>
      <Link href="/webhooks" className={look.back}>
        <Icon name="back" size={14} /> Webhooks
      </Link>
      <PageHead title={of.description || of.url} badges={<Health of={of} />}>
        {can('webhooks:write') && <Actions of={of} />}
      </PageHead>
      <div className={look.columns}>
        <Deliveries of={of} />
        <Card title="About">
          <Facts
            rows={[
              ['Address', of.url],
              ['Events', of.types.join(', ')],
              ['Off because', of.disabled_reason && say(of.disabled_reason)],
              ['Last error', callError(health.last_error)],
              ['Last answer', health.last_status],
              ['Failing since', health.failing_since && <Time at={health.failing_since} />],
              ['Last try', health.last_attempt_at && <Time at={health.last_attempt_at} />],
              ['Last taken', health.last_success_at && <Time at={health.last_success_at} />],
              ['Old secret until', of.old_secret_until && <Time at={of.old_secret_until} />],
              ['Since', <Time key="s" at={of.created_at} />],
            ]}
          />
        </Card>
      </div>
    </>
  );
}
