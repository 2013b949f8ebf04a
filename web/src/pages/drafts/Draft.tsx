// Draft.tsx - one draft or quote: what it says, and what may be done with it.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useCompany } from '../../ui/company';
import { isMoment, momentOf } from '../../ui/days';
import { When } from '../../ui/fields';
import { Icon } from '../../ui/icons';
import { useOnce } from '../../ui/once';
import { useChannels } from '../../ui/refs';
import { refused, told } from '../../ui/toast';
import { Badge, Card, Facts, look, Money, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { zone } from '../../ui/words';
import { TotalsOf } from '../order/Lines';
import { AddressView } from '../order/Side';

type DraftOf = Schemas['Draft'];
type Step = Exclude<DraftOf['allowed'][number], 'revise'>;

// What each step is called, what it means, and what stands there once it is done.
const STEPS: Record<Step, { name: string; does: string; done: string }> = {
  request: { name: 'Ask for a yes', does: 'Somebody of the house looks at it.', done: 'Asked' },
  approve: { name: 'Approve', does: 'It may be sent and placed then.', done: 'Approved' },
  refuse: {
    name: 'Refuse',
    does: 'It has to be changed before it is asked again.',
    done: 'Refused',
  },
  send: {
    name: 'Send as a quote',
    does: 'It gets a number and holds until its day is over.',
    done: 'It is a quote now',
  },
  accept: { name: 'The buyer says yes', does: 'It may be placed then.', done: 'Accepted' },
  decline: {
    name: 'The buyer says no',
    does: 'It is over unless it is changed.',
    done: 'Declined',
  },
  convert: {
    name: 'Place the order',
    does: 'It is routed, its stock is reserved, and it gets its number.',
    done: 'Placed',
  },
  discard: { name: 'Discard', does: 'Nothing becomes of it.', done: 'Discarded' },
};
const GRAVE: Step[] = ['refuse', 'decline', 'discard'];
const ORDER: Step[] = [
  'convert',
  'send',
  'accept',
  'approve',
  'request',
  'refuse',
  'decline',
  'discard',
];

function takeStep(
  draft: DraftOf,
  step: Step,
  key: string,
  version: number,
  said: string,
): Promise<DraftOf | { draft: DraftOf; order: Schemas['Order'] }> {
  const params = { path: { id: draft.id }, header: { 'Idempotency-Key': key } };
  const body = { version };
  switch (step) {
    case 'request':
      return take(api.POST('/v1/drafts/{id}/request', { params, body }));
    case 'approve':
      return take(api.POST('/v1/drafts/{id}/approve', { params, body }));
    case 'accept':
      return take(api.POST('/v1/drafts/{id}/accept', { params, body }));
    case 'convert':
      return take(api.POST('/v1/drafts/{id}/convert', { params, body }));
    case 'discard':
      return take(api.POST('/v1/drafts/{id}/discard', { params, body }));
    case 'refuse':
      return take(
        api.POST('/v1/drafts/{id}/refuse', { params, body: { version, reason: said.trim() } }),
      );
    case 'decline':
      return take(
        api.POST('/v1/drafts/{id}/decline', { params, body: { version, reason: said.trim() } }),
      );
    case 'send':
      return take(
        api.POST('/v1/drafts/{id}/send', {
          params,
          body: { version, valid_until: momentOf(said, '23:59:59') ?? said },
        }),
      );
  }
}

function StepDialog({ draft, step, onClose }: { draft: DraftOf; step: Step; onClose: () => void }) {
  const [, go] = useLocation();
  const [said, setSaid] = useState('');
  const { run, isBusy, problem, isStale } = useOnce(
    draft.version,
    [['drafts'], ['counts']],
    onClose,
  );
  const { name, does, done } = STEPS[step];
  const isSaid = step === 'send' ? isMoment(said) : said.trim() !== '';
  const mustSay = step === 'send' || step === 'refuse' || step === 'decline';
  const act = () =>
    void run(
      (key, version) => takeStep(draft, step, key, version, said),
      (after) => {
        if (!('draft' in after)) return done;
        go(`/orders/${after.order.id}`);
        return `${after.order.number} is placed`;
      },
    );
  return (
    <Ask
      title={name}
      act={name}
      isGrave={GRAVE.includes(step)}
      isBusy={isBusy}
      isReady={!isStale && (!mustSay || isSaid)}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>{does}</p>
      {step === 'send' && (
        <When
          isDay
          label={`Holds until the end of, ${zone.replaceAll('_', ' ')}`}
          value={said}
          set={setSaid}
          data-autofocus
        />
      )}
      {(step === 'refuse' || step === 'decline') && (
        <Textarea
          label="Why"
          maxLength={500}
          rows={2}
          value={said}
          onChange={(event) => setSaid(event.currentTarget.value)}
          data-autofocus
        />
      )}
    </Ask>
  );
}

function Acts({ draft }: { draft: DraftOf }) {
  const { can } = useSession();
  const [step, setStep] = useState<Step | null>(null);
  if (!can('orders:write')) return null;
  const [first, ...others] = ORDER.filter((one) => draft.allowed.includes(one));
  return (
    <>
      {draft.allowed.includes('revise') && (
        <Button variant="default" component={Link} href={`/drafts/${draft.id}/edit`}>
          Change
        </Button>
      )}
      {others.map((one) => (
        <Button key={one} variant="default" onClick={() => setStep(one)}>
          {STEPS[one].name}…
        </Button>
      ))}
      {first && <Button onClick={() => setStep(first)}>{STEPS[first].name}…</Button>}
      {step && <StepDialog draft={draft} step={step} onClose={() => setStep(null)} />}
    </>
  );
}

function Lines({ draft: { order } }: { draft: DraftOf }) {
  return (
    <Card title="Lines" isFlush>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>Item</th>
              <th className={look.right}>Units</th>
              <th className={look.right}>Price</th>
              <th className={look.right}>Total</th>
            </tr>
          </thead>
          <tbody>
            {order.lines.map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a draft have no other name
              <tr key={i}>
                <td>
                  {line.title || line.sku}
                  {line.title && <div className={`${look.faint} ${look.small}`}>{line.sku}</div>}
                </td>
                <td className={look.right}>{line.quantity.toLocaleString()}</td>
                <td className={look.right}>
                  <Money of={line.unit_price} />
                </td>
                <td className={look.right}>{line.total && <Money of={line.total} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {order.totals && (
        <TotalsOf totals={order.totals} isTaxContained={order.tax_mode === 'inclusive'} />
      )}
    </Card>
  );
}

// Who has it answers the quote; it is good for this very sending alone.
function BuyerLink({ draft }: { draft: DraftOf }) {
  const { can } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['drafts', draft.id, 'link', draft.version],
    enabled: can('orders:write'),
    queryFn: () => take(api.GET('/v1/drafts/{id}/link', { params: { path: { id: draft.id } } })),
  });
  if (!can('orders:write')) return null;
  const link = data ? `${location.origin}${data.page}` : '';
  return (
    <Card title="For the buyer">
      <div className={look.dialog}>
        {error && <ProblemView error={error} retry={() => void refetch()} />}
        <span className={look.soft}>
          Who has this link reads the quote and says yes or no
          {data && (
            <>
              , until <Time at={data.ends_at} />
            </>
          )}
          .
        </span>
        <TextInput
          aria-label="Link for the buyer"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <div className={look.buttons}>
          {data && (
            <Button
              variant="default"
              component="a"
              href={data.page}
              target="_blank"
              rel="noreferrer"
            >
              Look at it
            </Button>
          )}
          {'clipboard' in navigator && (
            <Button
              disabled={!data}
              onClick={() =>
                navigator.clipboard.writeText(link).then(() => told('Copied'), refused)
              }
            >
              Copy the link
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function Side({ draft }: { draft: DraftOf }) {
  const channels = useChannels();
  const company = useCompany(draft.company_id);
  const { customer, shipping_address: to, note, tags, service } = draft.order;
  const contact = customer?.name || customer?.email;
  return (
    <>
      <Card title="Buyer">
        <Facts
          rows={[
            ['Company', company && <Link href={`/companies/${company.id}`}>{company.name}</Link>],
            ['May owe', company?.credit_limit && <Money of={company.credit_limit} />],
            [
              'Contact',
              draft.customer_id ? (
                <Link key="c" href={`/customers/${draft.customer_id}`}>
                  {contact ?? 'The customer'}
                </Link>
              ) : (
                contact
              ),
            ],
            ['E-mail', customer?.email],
            ['Phone', customer?.phone],
            ['Ships to', to && <AddressView of={to} />],
          ]}
        />
      </Card>
      <Card title="About">
        <Facts
          rows={[
            ['Their number', draft.po_number],
            ['Days to pay', draft.terms_days ?? company?.terms_days],
            ['Holds until', draft.valid_until && <Time at={draft.valid_until} />],
            ['Answer', draft.answer],
            ['Channel', channels.nameOf(draft.channel)],
            ['Service', service],
            ['Tags', tags?.join(', ')],
            ['Note', note],
            ['Since', <Time key="s" at={draft.created_at} />],
            [
              'Order',
              draft.order_id && <Link href={`/orders/${draft.order_id}`}>What became of it</Link>,
            ],
          ]}
        />
      </Card>
    </>
  );
}

export default function Draft({ id }: { id: string }) {
  const {
    data: draft,
    error,
    refetch,
  } = useQuery({
    queryKey: ['drafts', id],
    queryFn: () => take(api.GET('/v1/drafts/{id}', { params: { path: { id } } })),
  });
  if (error && !draft) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!draft) return <Shades lines={8} />;
  return (
    <>
      <Link href="/drafts" className={look.back}>
        <Icon name="back" size={14} /> Drafts
      </Link>
      <PageHead
        title={draft.quote_number ?? `Draft ${draft.id.slice(-6)}`}
        badges={<Badge word={draft.state} />}
      >
        <Acts draft={draft} />
      </PageHead>
      <div className={look.columns}>
        <div className={look.column}>
          <Lines draft={draft} />
        </div>
        <div className={look.column}>
          {draft.state === 'sent' && <BuyerLink draft={draft} />}
          <Side draft={draft} />
        </div>
      </div>
    </>
  );
}
