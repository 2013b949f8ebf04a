// Report.tsx - one report: over which days, compared with what; chart, table.
import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { api, take } from '../../api/client';
import { Chart } from '../../ui/Chart';
import { DayFilter } from '../../ui/fields';
import { useChannels, useLocations } from '../../ui/refs';
import { Empty, look, PageHead, ProblemView, Shades } from '../../ui/ui';
import { zone as ownZone, say } from '../../ui/words';
import { type Column, sayHeight, sayKey, sayPeriod, sayValue, sizeOf, type Table } from './figures';
import c from './Reports.module.css';

const DAY_MS = 86_400_000;
const RANGES = [7, 30, 90, 365];
const dayOf = (ms: number, zone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(ms));

// What the address asks for; what it does not say is left to the server.
interface Asked {
  from?: string;
  to?: string;
  zone: string;
  by?: 'hour' | 'day' | 'week' | 'month';
  compare?: 'previous' | 'year';
  channel?: string;
  location?: string;
}

function useAsked(): [Asked, (name: keyof Asked, value: string) => void] {
  const [address, setAddress] = useSearchParams();
  const set = (name: keyof Asked, value: string) =>
    setAddress(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const asked = { ...Object.fromEntries(address), zone: address.get('zone') ?? ownZone } as Asked;
  return [asked, set];
}

function Filters({
  table,
  asked,
  set,
}: {
  table: Table;
  asked: Asked;
  set: (name: keyof Asked, value: string) => void;
}) {
  const channels = useChannels();
  const locations = useLocations();
  const days = Math.round((Date.parse(table.to) - Date.parse(table.from)) / DAY_MS) + 1;
  const place = table.of;
  const places = place === 'location' ? locations.all : channels.all;
  function choose(text: string) {
    if (text === '') return;
    set('to', '');
    set('from', dayOf(Date.now() - (Number(text) - 1) * DAY_MS, asked.zone));
  }
  return (
    <div className={c.filters}>
      <NativeSelect
        label="Days"
        value={!asked.to && RANGES.includes(days) ? String(days) : ''}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...RANGES.map((n) => ({ value: String(n), label: `Last ${n} days` })),
          { value: '', label: 'As chosen' },
        ]}
      />
      <DayFilter label="From" value={table.from} set={(day) => set('from', day)} />
      <DayFilter label="To" value={table.to} set={(day) => set('to', day)} />
      {table.group === 'time' && (
        <NativeSelect
          label="By"
          value={asked.by ?? 'day'}
          onChange={(event) => set('by', event.currentTarget.value)}
          data={['hour', 'day', 'week', 'month'].map((by) => ({ value: by, label: say(by) }))}
        />
      )}
      {table.has_compare && (
        <NativeSelect
          label="Compare with"
          value={asked.compare ?? ''}
          onChange={(event) => set('compare', event.currentTarget.value)}
          data={[
            { value: '', label: 'Nothing' },
            { value: 'previous', label: 'The days before' },
            { value: 'year', label: 'A year before' },
          ]}
        />
      )}
      {place && (
        <NativeSelect
          label={say(place)}
          value={asked[place] ?? ''}
          onChange={(event) => set(place, event.currentTarget.value)}
          data={[
            { value: '', label: `All ${place}s` },
            ...places.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      )}
      <NativeSelect
        label="Days begin in"
        value={asked.zone}
        onChange={(event) => set('zone', event.currentTarget.value)}
        data={[...new Set([asked.zone, ownZone, 'UTC'])]}
      />
    </div>
  );
}

function Sums({ table, at, pick }: { table: Table; at: number; pick: (column: number) => void }) {
  const isTime = table.group === 'time';
  return table.totals.map((total) => (
    <div className={c.sums} key={total.currency ?? ''}>
      {table.columns.map((column, i) => {
        const figure = (
          <>
            <span title={column.what}>{say(column.name)}</span>
            <b>{sayValue(column, total.values[i] ?? null)}</b>
            {total.before && (
              <span className={c.was}>{sayValue(column, total.before[i] ?? null)} before</span>
            )}
          </>
        );
        return isTime ? (
          <button
            type="button"
            key={column.name}
            className={c.sum}
            aria-pressed={i === at}
            onClick={() => pick(i)}
          >
            {figure}
          </button>
        ) : (
          <div key={column.name} className={c.sum}>
            {figure}
          </div>
        );
      })}
    </div>
  ));
}

function Charts({ table, at }: { table: Table; at: number }) {
  const column = table.columns[at] as Column;
  const charts = useMemo(
    () =>
      [...new Set(table.rows.map((row) => row.currency))].map((currency) => {
        const rows = table.rows.filter((row) => row.currency === currency);
        const series = [
          { name: column.name, values: rows.map((row) => sizeOf(row.values[at] ?? null)) },
          ...(rows[0]?.before
            ? [
                {
                  name: 'before',
                  values: rows.map((row) => sizeOf(row.before?.[at] ?? null)),
                  isFaint: true,
                },
              ]
            : []),
        ];
        return {
          currency,
          labels: rows.map((row) => sayPeriod(row.key ?? '')),
          series,
          sayValue: sayHeight(column, currency),
        };
      }),
    [table, at, column],
  );
  return charts.map((one) => (
    <Chart
      key={one.currency ?? ''}
      title={`${say(column.name)}${one.currency ? ` in ${one.currency}` : ''} over time`}
      labels={one.labels}
      series={one.series}
      sayValue={one.sayValue}
    />
  ));
}

function Rows({ table }: { table: Table }) {
  const channels = useChannels();
  const locations = useLocations();
  const nameOf = (key: string | null) => {
    if (key !== null && table.group === 'channel') return channels.nameOf(key);
    if (key !== null && table.group === 'location')
      return locations.all.find((one) => one.code === key)?.name ?? key;
    return sayKey(table, key);
  };
  return (
    <div className={look.scroll}>
      <table className={look.table}>
        <thead>
          <tr>
            <th>{say(table.key)}</th>
            {table.columns.map((column) => (
              <th key={column.name} className={look.right} title={column.what}>
                {say(column.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={`${row.key} ${row.id} ${row.currency}`}>
              <td>{row.id && table.key === 'customer' ? row.id : nameOf(row.key)}</td>
              {table.columns.map((column, i) => (
                <td key={column.name} className={look.right}>
                  {sayValue(column, row.values[i] ?? null)}
                  {row.before && (
                    <span className={c.was}>{sayValue(column, row.before[i] ?? null)}</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.left > 0 && (
        <p className={c.left}>{table.left.toLocaleString()} more are not shown.</p>
      )}
    </div>
  );
}

function csvOf(name: string, asked: Asked, isTime: boolean): string {
  const query = new URLSearchParams({ ...asked, format: 'csv' });
  if (!isTime) query.set('limit', '1000');
  return `/v1/reports/${name}?${query}`;
}

export default function Report({ name }: { name: string }) {
  const [asked, set] = useAsked();
  const [at, setAt] = useState(0);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['report', name, asked],
    placeholderData: keepPreviousData,
    queryFn: () =>
      take(
        api.GET('/v1/reports/{name}', { params: { path: { name }, query: asked } }),
      ) as Promise<Table>, // CSV is asked for by a link alone.
  });
  if (!data)
    return isPending ? (
      <Shades lines={8} />
    ) : (
      <ProblemView error={error as Error} retry={() => void refetch()} />
    );
  const isTime = data.group === 'time';
  return (
    <>
      <PageHead title={data.title}>
        <Button component={Link} href="/reports" size="xs" variant="default">
          All reports
        </Button>
        <Button
          component="a"
          href={csvOf(name, asked, isTime)}
          download={`${name}.csv`}
          size="xs"
          variant="default"
        >
          CSV
        </Button>
      </PageHead>
      <p className={c.what}>{data.what}</p>
      <Filters table={data} asked={asked} set={set} />
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      <div className={look.card}>
        <Sums table={data} at={at} pick={setAt} />
        {isTime && <Charts table={data} at={at} />}
        {data.rows.length === 0 ? (
          <Empty title="Nothing in these days">
            <p>Choose {data.of ? `more days, or another ${data.of}` : 'more days'}.</p>
          </Empty>
        ) : (
          <Rows table={data} />
        )}
      </div>
    </>
  );
}
