// Channel.tsx - one channel: from where it ships, what comes back and how, and
// how its buyers see it.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Amount, isAmount } from '../../ui/fields';
import { Icon } from '../../ui/icons';
import { Anew, useOnce } from '../../ui/once';
import { Badge, Card, Facts, look, PageHead, ProblemView, Shades } from '../../ui/ui';
import { many, say, sayMoney } from '../../ui/words';
import { InvoicingCard } from './Invoicing';
import { Routing } from './Rules';
import { FinalSale, Reasons, Routes } from './returns';

type Channel = Schemas['Channel'];
type Policy = Schemas['ReturnPolicy'];

const LOOK = [
  ['shop_color', 'Colour', '#0b6780'],
  ['shop_link', 'The shop', 'https://shop.example'],
  ['shop_contact', 'Whom to ask', 'help@shop.example'],
  ['shop_pages', 'Their pages', 'https://orders.shop.example'],
] as const;
const textOf = (attrs: Channel['attrs'], key: string) => {
  const value = (attrs as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : '';
};

function LookDialog({ of, onClose }: { of: Channel; onClose: () => void }) {
  const [brand, setBrand] = useState(of.brand);
  const [texts, setTexts] = useState<Record<string, string>>(
    Object.fromEntries(LOOK.map(([key]) => [key, textOf(of.attrs, key)])),
  );
  const keys = [['channels'], ['channel', of.id]];
  const { run, isBusy, problem, isStale } = useOnce(of.version, keys, onClose);
  function save() {
    const attrs: Record<string, unknown> = { ...of.attrs };
    for (const [key] of LOOK) {
      if (texts[key]?.trim()) attrs[key] = texts[key].trim();
      else delete attrs[key];
    }
    void run(
      (key, version) =>
        take(
          api.PATCH('/v1/channels/{id}', {
            params: { path: { id: of.id }, header: { 'Idempotency-Key': key } },
            body: { version, brand: brand.trim(), attrs: attrs as Channel['attrs'] },
          }),
        ),
      'Changed',
    );
  }
  return (
    <Ask
      title="What buyers see"
      act="Change"
      isBusy={isBusy}
      isReady={!isStale}
      problem={problem}
      onClose={onClose}
      onAct={save}
    >
      <TextInput
        label="Brand"
        description="The name of the channel where it is empty."
        maxLength={200}
        value={brand}
        onChange={(event) => setBrand(event.currentTarget.value)}
      />
      {LOOK.map(([key, label, example]) => (
        <TextInput
          key={key}
          label={label}
          placeholder={example}
          maxLength={500}
          value={texts[key] ?? ''}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setTexts((old) => ({ ...old, [key]: text }));
          }}
        />
      ))}
    </Ask>
  );
}

function LookCard({ of }: { of: Channel }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card
      title="What buyers see"
      aside={
        can('channels:write') && (
          <Button
            size="xs"
            variant="default"
            aria-label="Change what buyers see"
            onClick={() => setOpen(true)}
          >
            Change…
          </Button>
        )
      }
    >
      <p className={look.faint}>On the pages that follow an order or ask goods back.</p>
      <Facts
        rows={[
          ['Name', of.brand || of.name],
          ...LOOK.map(([key, label]): [string, string] => [label, textOf(of.attrs, key)]),
        ]}
      />
      {isOpen && (
        <Anew version={of.version}>
          <LookDialog of={of} onClose={() => setOpen(false)} />
        </Anew>
      )}
    </Card>
  );
}

const WORDS: Record<string, string> = {
  delivered: 'From its arrival',
  shipped: 'From its departure',
  auto: 'At once, by the rules',
  manual: 'By a person',
  on_scan: 'Once its carrier has it',
  on_receipt: 'Once it is here',
  on_inspection: 'Once it is accepted',
  at_once: 'At once',
  never: 'Never',
  fault: 'Where the shop is at fault',
  always: 'Always',
};
const CHOICES = [
  ['window_from', 'The days count', ['delivered', 'shipped']],
  ['approval', 'Agreed', ['auto', 'manual']],
  ['refund', 'Money goes back', ['manual', 'on_scan', 'on_receipt', 'on_inspection']],
  ['exchange', 'Exchanges leave', ['at_once', 'on_scan', 'on_receipt', 'on_inspection']],
  ['refund_shipping', 'Shipping goes back', ['never', 'fault', 'always']],
] as const;
const REFUND_BY_HAND = 'By a person, by hand';

function PolicyDialog({
  of,
  currency,
  onClose,
}: {
  of: Policy;
  currency: string;
  onClose: () => void;
}) {
  const [next, set] = useState(of);
  const keys = [['return-policy', of.channel_id]];
  const { run, isBusy, problem, isStale } = useOnce(of.version, keys, onClose);
  const { channel_id: _, ...body } = next;
  const save = () =>
    void run(
      (key, version) =>
        take(
          api.PUT('/v1/channels/{id}/return-policy', {
            params: { path: { id: of.channel_id }, header: { 'Idempotency-Key': key } },
            body: { ...body, version },
          }),
        ),
      'Set; the next return goes by it',
    );
  return (
    <Ask
      title="Rules for returns"
      act="Set them"
      size="lg"
      isBusy={isBusy}
      isReady={
        !isStale &&
        Number.isInteger(next.window_days) &&
        next.expire_days > 0 &&
        isAmount(next.shipping_fee) &&
        isAmount(next.keep_up_to) &&
        next.reasons.every((one) => one.code !== '')
      }
      problem={problem}
      onClose={onClose}
      onAct={save}
    >
      <div className={look.pairs}>
        {(
          [
            ['window_days', 'Days to ask it back'],
            ['expire_days', 'Days to send it then'],
          ] as const
        ).map(([name, label]) => (
          <TextInput
            key={name}
            label={label}
            inputMode="numeric"
            maxLength={4}
            value={Number.isNaN(next[name]) ? '' : next[name]}
            onChange={(event) =>
              set({ ...next, [name]: Number.parseInt(event.currentTarget.value, 10) })
            }
          />
        ))}
        {CHOICES.map(([name, label, words]) => (
          <NativeSelect
            key={name}
            label={label}
            value={next[name]}
            onChange={(event) => set({ ...next, [name]: event.currentTarget.value })}
            data={words.map((value) => ({
              value,
              label:
                name === 'refund' && value === 'manual' ? REFUND_BY_HAND : (WORDS[value] ?? ''),
            }))}
          />
        ))}
        <TextInput
          label="Kept for restocking, in per cent"
          inputMode="decimal"
          maxLength={7}
          defaultValue={String(next.restocking_ppm / 10_000)}
          onChange={(event) => {
            const percent = Number(event.currentTarget.value.replace(',', '.'));
            set({ ...next, restocking_ppm: Math.round(percent * 10_000) });
          }}
        />
        <Amount
          label="Kept for a label"
          placeholder="Nothing"
          currency={currency}
          of={next.shipping_fee}
          set={(fee) => set({ ...next, shipping_fee: fee ?? null })}
        />
        <Amount
          label="Need not come up to"
          placeholder="All comes back"
          currency={currency}
          of={next.keep_up_to}
          set={(most) => set({ ...next, keep_up_to: most ?? null })}
        />
      </div>
      <details>
        <summary>Why it may come back</summary>
        <div className={look.dialog}>
          <Reasons of={next.reasons} set={(reasons) => set({ ...next, reasons })} />
        </div>
      </details>
      <details>
        <summary>Where it goes: the first that fits, else where it left</summary>
        <div className={look.dialog}>
          <Routes of={next.routes} set={(routes) => set({ ...next, routes })} />
        </div>
      </details>
      <details>
        <summary>What never comes back</summary>
        <FinalSale of={next.final_sale} set={(final_sale) => set({ ...next, final_sale })} />
      </details>
    </Ask>
  );
}

function sayRoute({ location, ...terms }: Schemas['ReturnRouteIn']): string {
  const asked = Object.values(terms).flat().join(', ');
  return asked ? `${location} (${asked})` : location;
}

function sayFinal({ skus, attribute, values }: Schemas['ReturnFinalSaleIn']): string {
  const said = attribute ? [`${attribute} ${(values ?? []).join(', ')}`] : [];
  return [...(skus ?? []), ...said].join(', ');
}

function PolicyCard({ id, currency }: { id: string; currency: string }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['return-policy', id],
    queryFn: () => take(api.GET('/v1/channels/{id}/return-policy', { params: { path: { id } } })),
  });
  return (
    <Card
      title="Returns"
      aside={
        can('channels:write') &&
        data && (
          <Button
            size="xs"
            variant="default"
            aria-label="Change the rules for returns"
            onClick={() => setOpen(true)}
          >
            Change…
          </Button>
        )
      }
    >
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      {!data && !error && <Shades lines={5} />}
      {data && (
        <Facts
          rows={[
            ['May come back', many(data.window_days, 'day')],
            ...CHOICES.map(([name, label]): [string, string] => [label, WORDS[data[name]] ?? '']),
            ['To be sent within', many(data.expire_days, 'day')],
            ['Kept', data.restocking_ppm > 0 ? `${data.restocking_ppm / 10_000} %` : ''],
            ['Kept for a label', data.shipping_fee && sayMoney(data.shipping_fee)],
            ['Need not come up to', data.keep_up_to && sayMoney(data.keep_up_to)],
            ['Goes to', data.routes.map((one) => sayRoute(one)).join('; ')],
            ['Never comes back', sayFinal(data.final_sale)],
            ['Reasons', data.reasons.map((one) => one.title ?? say(one.code)).join(', ')],
          ]}
        />
      )}
      {isOpen && data && (
        <Anew version={data.version}>
          <PolicyDialog of={data} currency={currency} onClose={() => setOpen(false)} />
        </Anew>
      )}
    </Card>
  );
}

export default function ChannelPage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['channel', id],
    queryFn: () => take(api.GET('/v1/channels/{id}', { params: { path: { id } } })),
  });
  if (error && !data) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!data) return <Shades lines={8} />;
  return (
    <>
      <Link href="/channels" className={look.back}>
        <Icon name="back" size={14} /> Channels
      </Link>
      <PageHead
        title={data.name}
        badges={
          <>
            <Badge word={data.type} />
            {!data.is_active && <Badge word="off" tone="warn" />}
          </>
        }
      >
        <Link href={`/orders?channel=${encodeURIComponent(data.code)}`}>Its orders</Link>
      </PageHead>
      <div className={look.columns}>
        <div className={look.column}>
          <Routing channel={data} />
        </div>
        <div className={look.column}>
          <LookCard of={data} />
          <PolicyCard id={id} currency={data.currency} />
          <InvoicingCard id={id} />
        </div>
      </div>
    </>
  );
}
