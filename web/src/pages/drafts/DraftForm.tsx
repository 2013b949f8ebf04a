// DraftForm.tsx - writes an order down by hand: kept as a draft, or placed.
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { api, onceOnly, ProblemError, type Schemas, take } from '../../api/client';
import { AddressFields } from '../../ui/AddressFields';
import { CompanyField, useCompany, useHasCompanies } from '../../ui/company';
import { useOnce } from '../../ui/once';
import { useChannels } from '../../ui/refs';
import { refused } from '../../ui/toast';
import { Card, look, ProblemView } from '../../ui/ui';
import { sayMoney } from '../../ui/words';
import e from '../order/edit/Edit.module.css';
import { AddedLines } from '../order/edit/EditLines';
import { TotalsOf } from '../order/Lines';
import { bodyOf, draftOf, type Form } from './form';

type DraftOf = Schemas['Draft'];
type SetForm = (to: Partial<Form>) => void;
const PAUSE_MS = 300;

// What it would come to; with a company's list only once it is kept.
function usePrice(body: Schemas['OrderAsk'] | null) {
  const [asked] = useDebouncedValue(JSON.stringify(body), PAUSE_MS);
  const isPriced = body?.lines.every((line) => line.unit_price !== undefined) ?? false;
  const query = useQuery({
    queryKey: ['drafts', 'price', asked],
    enabled: isPriced && asked !== 'null',
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      take(
        api.POST('/v1/orders/price', { params: { header: onceOnly() }, body: JSON.parse(asked) }),
      ),
  });
  return isPriced ? { data: query.data, error: query.error } : { data: undefined, error: null };
}

function Text({
  form,
  set,
  name,
  label,
  max,
  type,
}: {
  form: Form;
  set: SetForm;
  name: 'po' | 'terms' | 'name' | 'email' | 'phone' | 'service' | 'shipping' | 'tags';
  label: string;
  max: number;
  type?: string;
}) {
  return (
    <TextInput
      label={label}
      type={type}
      maxLength={max}
      value={form[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
}

function Who({ form, set }: { form: Form; set: SetForm }) {
  const hasCompanies = useHasCompanies();
  const company = useCompany(form.company);
  return (
    <Card title="Buyer">
      <div className={look.dialog}>
        {hasCompanies && (
          <div className={look.pairs}>
            <CompanyField
              label="Company"
              placeholder="None"
              value={form.company}
              onChange={(company) => set({ company })}
            />
            <Text form={form} set={set} name="po" label="Their number (PO)" max={64} />
            <Text
              form={form}
              set={set}
              name="terms"
              label={
                company?.terms_days ? `Days to pay, ${company.terms_days} as agreed` : 'Days to pay'
              }
              max={4}
              type="number"
            />
          </div>
        )}
        {company?.credit_limit && (
          <span className={look.soft}>May owe {sayMoney(company.credit_limit)} at most.</span>
        )}
        <div className={look.pairs}>
          <Text form={form} set={set} name="name" label="Name" max={200} />
          <Text form={form} set={set} name="email" label="E-mail" max={254} type="email" />
          <Text form={form} set={set} name="phone" label="Phone" max={40} />
        </div>
      </div>
    </Card>
  );
}

export function DraftForm({
  start,
  draft,
  back,
  onLook,
}: {
  start: Form;
  draft?: DraftOf;
  back: ReactNode;
  onLook?: () => void;
}) {
  const [, go] = useLocation();
  const channels = useChannels();
  const active = channels.all.filter((one) => one.is_active);
  const [form, setForm] = useState(start);
  const set: SetForm = (to) => setForm((old) => ({ ...old, ...to }));
  const code = form.channel || active[0]?.code || '';
  const currency = channels.all.find((one) => one.code === code)?.currency ?? '';
  const body = bodyOf({ ...form, channel: code }, currency);
  const price = usePrice(body);
  const { run, isBusy, problem, isStale } = useOnce(
    draft?.version ?? 0,
    [['drafts'], ['counts']],
    () => {},
    onLook,
  );
  async function keep(key: string, version: number) {
    if (!body) throw new Error('nothing to keep');
    const header = { 'Idempotency-Key': key };
    const kept = draftOf(form, body);
    return draft
      ? take(
          api.PUT('/v1/drafts/{id}', {
            params: { path: { id: draft.id }, header },
            body: { ...kept, version },
          }),
        )
      : take(api.POST('/v1/drafts', { params: { header }, body: kept }));
  }
  const save = () =>
    void run(async (key, version) => {
      const kept = await keep(key, version);
      go(`/drafts/${kept.id}`);
      return kept;
    }, 'Kept as a draft');
  // A draft that cannot be placed stays, and its page says what it lacks.
  const place = () =>
    void run(
      async (key, version) => {
        const kept = await keep(key, version);
        try {
          const { order } = await take(
            api.POST('/v1/drafts/{id}/convert', {
              params: { path: { id: kept.id }, header: { 'Idempotency-Key': `${key}-convert` } },
              body: { version: kept.version },
            }),
          );
          go(`/orders/${order.id}`);
          return `${order.number} is placed`;
        } catch (failure) {
          if (!(failure instanceof ProblemError)) throw failure;
          go(`/drafts/${kept.id}`);
          refused(failure);
          return 'Kept as a draft; it is not placed';
        }
      },
      (said) => said,
    );
  const isReady = body !== null && !isStale && !price.error;
  return (
    <div className={look.columns}>
      <div className={look.column}>
        <AddedLines
          lines={form.lines}
          currency={currency}
          isListed={form.company !== ''}
          totalOf={(i) => price.data?.lines[i]?.total}
          set={(lines) => set({ lines })}
        />
        <Who form={form} set={set} />
        <Card title="Delivery">
          <div className={look.dialog}>
            <AddressFields value={form.address} onChange={(address) => set({ address })} />
            <div className={look.pairs}>
              <Text form={form} set={set} name="service" label="Service" max={64} />
              <Text
                form={form}
                set={set}
                name="shipping"
                label={`Shipping${currency && `, ${currency}`}`}
                max={16}
              />
            </div>
          </div>
        </Card>
      </div>
      <div className={`${look.column} ${e.aside}`}>
        <Card title="What it comes to">
          {!body && (
            <span className={look.faint}>
              Add items with their units and prices; an address needs its country.
            </span>
          )}
          {price.error && <ProblemView error={price.error} />}
          {body && !price.error && price.data?.totals && (
            <TotalsOf
              totals={price.data.totals}
              isTaxContained={price.data.tax_mode === 'inclusive'}
            />
          )}
          {body && form.company && !price.data && !price.error && (
            <span className={look.faint}>The company's prices are put in as it is kept.</span>
          )}
        </Card>
        <Card title="About">
          <div className={look.dialog}>
            <NativeSelect
              label="Channel"
              value={code}
              onChange={(event) => set({ channel: event.currentTarget.value })}
              data={active.map((one) => ({ value: one.code, label: one.name }))}
            />
            <Text form={form} set={set} name="tags" label="Tags, with commas" max={640} />
            <Textarea
              label="Note"
              maxLength={5000}
              rows={2}
              value={form.note}
              onChange={(event) => set({ note: event.currentTarget.value })}
            />
            {problem}
            <div className={look.buttons}>
              {back}
              <Button variant="default" loading={isBusy} disabled={!isReady} onClick={save}>
                Keep as a draft
              </Button>
              <Button loading={isBusy} disabled={!isReady} onClick={place}>
                Place the order
              </Button>
            </div>
          </div>
        </Card>
      </div>
    </div>
  );
}
