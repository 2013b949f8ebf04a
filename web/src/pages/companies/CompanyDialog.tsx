// CompanyDialog.tsx - a company is made, or written anew.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { look } from '../../ui/ui';
import { readMoney, typeMoney } from '../../ui/words';

type Company = Schemas['Company'];

const typed = (money: Schemas['Money'] | null | undefined) => (money ? typeMoney(money) : '');

// What is empty is none; what is no amount is null.
function amount(text: string, currency: string): Schemas['Money'] | undefined | null {
  if (!text.trim()) return undefined;
  return /^[A-Z]{3}$/.test(currency) ? readMoney(text, currency) : null;
}

export function CompanyDialog({ company, onClose }: { company?: Company; onClose: () => void }) {
  const [, go] = useLocation();
  const [form, setForm] = useState({
    name: company?.name ?? '',
    tax: company?.tax_id ?? '',
    currency: company?.currency ?? 'EUR',
    limit: typed(company?.credit_limit),
    terms: company?.terms_days?.toString() ?? '',
    approval: typed(company?.approval_over),
  });
  const { run, isBusy, problem, isStale } = useOnce(
    company?.version ?? 0,
    [['companies']],
    onClose,
  );
  const limit = amount(form.limit, form.currency);
  const approval = amount(form.approval, form.currency);
  const isReady = form.name.trim() !== '' && limit !== null && approval !== null && !isStale;
  const field = (name: keyof typeof form, label: string, max: number, more = {}) => (
    <TextInput
      label={label}
      maxLength={max}
      value={form[name]}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setForm((old) => ({ ...old, [name]: name === 'currency' ? text.toUpperCase() : text }));
      }}
      {...more}
    />
  );
  const act = () =>
    void run(async (key, version) => {
      const header = { 'Idempotency-Key': key };
      const body = {
        name: form.name.trim(),
        currency: form.currency,
        ...(form.tax.trim() && { tax_id: form.tax.trim() }),
        ...(limit && { credit_limit: limit }),
        ...(approval && { approval_over: approval }),
        ...(form.terms && { terms_days: Number(form.terms) }),
      };
      if (company)
        return take(
          api.PUT('/v1/companies/{id}', {
            params: { path: { id: company.id }, header },
            body: { ...body, version },
          }),
        );
      const made = await take(api.POST('/v1/companies', { params: { header }, body }));
      go(`/companies/${made.id}`);
      return made;
    }, 'Kept');
  return (
    <Ask
      title={company ? `Change ${company.name}` : 'New company'}
      act={company ? 'Change' : 'Make it'}
      isBusy={isBusy}
      isReady={isReady}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {field('name', 'Name', 200, { 'data-autofocus': true })}
      <div className={look.pairs}>
        {field('tax', 'Tax number', 40)}
        {field('currency', 'Currency', 3, {
          disabled: company !== undefined,
          description: company ? 'It stays.' : undefined,
        })}
      </div>
      <div className={look.pairs}>
        {field('limit', 'May owe at most', 16, {
          description: 'Empty: as much as it likes.',
          error: limit === null && 'This is no amount',
        })}
        {field('terms', 'Days to pay', 3, {
          type: 'number',
          min: 0,
          max: 365,
          description: 'Empty: it pays as it orders.',
        })}
      </div>
      {field('approval', 'A quote of more needs a yes', 16, {
        description: 'Empty: none does.',
        error: approval === null && 'This is no amount',
      })}
    </Ask>
  );
}
