// supplier.tsx - who goods are bought from: all of them, and one to choose.
import '@mantine/core/styles/Combobox.css';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, take } from '../../api/client';
import { whole } from '../../ui/refs';

const FRESH_MS = 5 * 60_000;
const PAGE = 250;

export function useSuppliers() {
  const { data } = useQuery({
    queryKey: ['suppliers', 'all'],
    staleTime: FRESH_MS,
    queryFn: () =>
      whole((after) =>
        take(api.GET('/v1/suppliers', { params: { query: { limit: PAGE, after } } })),
      ),
  });
  return useMemo(() => {
    const byCode = new Map((data ?? []).map((one) => [one.code as string, one]));
    return {
      all: data ?? [],
      isRead: data !== undefined,
      of: (code: string) => byCode.get(code),
      nameOf: (code: string) => byCode.get(code)?.name ?? code,
    };
  }, [data]);
}

export function SupplierField({
  label,
  isLabelHidden = false,
  isNew = false,
  placeholder,
  value,
  onChange,
}: {
  label: string;
  isLabelHidden?: boolean;
  isNew?: boolean; // Something new is ordered there.
  placeholder: string;
  value: string;
  onChange: (code: string) => void;
}) {
  const suppliers = useSuppliers();
  const shown = suppliers.all.filter((one) => !isNew || one.is_active || one.code === value);
  return (
    <Select
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      placeholder={placeholder}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'No supplier' }}
      nothingFoundMessage="No supplier has that in its name"
      limit={50}
      data={shown.map((one) => ({ value: one.code as string, label: one.name }))}
      value={value || null}
      onChange={(code) => onChange(code ?? '')}
    />
  );
}
