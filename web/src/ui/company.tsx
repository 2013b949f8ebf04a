// company.tsx - one of however many companies: by words of its name.
import '@mantine/core/styles/Combobox.css';
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { some } from './some';

type Company = Schemas['Company'];
const FRESH_MS = 5 * 60_000;
const PAUSE_MS = 200;
const SHOWN = 20;

export function useCompany(id: string | null | undefined): Company | undefined {
  const { can } = useSession();
  const { data } = useQuery({
    queryKey: ['companies', id],
    staleTime: FRESH_MS,
    enabled: Boolean(id) && can('customers:read'),
    queryFn: () => take(api.GET('/v1/companies/{id}', { params: { path: { id: id ?? '' } } })),
  });
  return id ? data : undefined;
}

// Whether there is any, so that shops without companies are not asked.
export function useHasCompanies(): boolean {
  const { can } = useSession();
  const { data } = useQuery({
    queryKey: ['companies', 'any'],
    staleTime: FRESH_MS,
    enabled: can('customers:read'),
    queryFn: () => take(api.GET('/v1/companies', { params: { query: { limit: 1 } } })),
  });
  return (data?.items.length ?? 0) > 0;
}

export function CompanyField({
  label,
  isLabelHidden = false,
  placeholder,
  value,
  onChange,
}: {
  label: string;
  isLabelHidden?: boolean;
  placeholder: string;
  value: string;
  onChange: (id: string) => void;
}) {
  const chosen = useCompany(value);
  const [text, setText] = useState('');
  const [typed] = useDebouncedValue(text.trim(), PAUSE_MS);
  const q = typed && typed !== chosen?.name ? typed : undefined;
  const { data, isFetching } = useQuery({
    queryKey: ['companies', 'found', q ?? ''],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      some(SHOWN, (limit, after) =>
        take(api.GET('/v1/companies', { params: { query: { q, limit, after } }, signal })),
      ),
  });
  const found = data?.items ?? [];
  const all = chosen && !found.some((one) => one.id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      placeholder={placeholder}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'No company' }}
      nothingFoundMessage={isFetching ? 'Looking…' : 'No company has that in its name'}
      filter={({ options }) => options}
      data={all.map((one) => ({ value: one.id as string, label: one.name }))}
      value={value || null}
      onChange={(id) => onChange(id ?? '')}
      searchValue={text}
      onSearchChange={setText}
    />
  );
}
