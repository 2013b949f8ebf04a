// Invoicing.tsx - when orders of a channel are invoiced, and in which series.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { Anew, useOnce } from '../../ui/once';
import { whole } from '../../ui/refs';
import { Card, Facts, look, ProblemView, Shades } from '../../ui/ui';

type Rule = Schemas['Invoicing'];
type When = NonNullable<Rule['issue_on']>;
const WHEN: Record<When, string> = {
  hand: 'By hand alone',
  confirm: 'When the order is confirmed',
  ship: 'When the first of it leaves',
  paid: 'When it is paid',
  parcel: 'For what left, each time',
};

const useSeries = () =>
  useQuery({
    queryKey: ['invoice-series', 'all'],
    queryFn: () =>
      whole((after) =>
        take(api.GET('/v1/invoice-series', { params: { query: { limit: 250, after } } })),
      ),
  });

function RuleDialog({ id, of, onClose }: { id: string; of: Rule; onClose: () => void }) {
  const { data: all } = useSeries();
  const [series, setSeries] = useState<string>(of.series ?? '');
  const [when, setWhen] = useState<When>(of.issue_on ?? 'ship');
  const { run, isBusy, problem, isStale } = useOnce(of.version, [['invoicing', id]], onClose);
  const named = series || all?.[0]?.code || '';
  const act = () =>
    void run(
      (key, version) =>
        take(
          api.PUT('/v1/channels/{id}/invoicing', {
            params: { path: { id }, header: { 'Idempotency-Key': key } },
            body: { version, series: named, issue_on: when },
          }),
        ),
      'Set; the next order goes by it',
    );
  return (
    <Ask
      title="Invoices of this channel"
      act="Set it"
      isBusy={isBusy}
      isReady={named !== '' && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      {all?.length === 0 && (
        <p>
          There is no series of numbers yet: <Link href="/invoice-series">open one</Link> first.
        </p>
      )}
      <NativeSelect
        label="Series"
        value={named}
        onChange={(event) => setSeries(event.currentTarget.value)}
        data={(all ?? []).map((one) => ({
          value: one.code as string,
          label: `${one.name}, ${one.prefix}`,
        }))}
      />
      <NativeSelect
        label="An invoice is issued"
        value={when}
        onChange={(event) => setWhen(event.currentTarget.value as typeof when)}
        data={Object.entries(WHEN).map(([value, label]) => ({ value, label }))}
      />
    </Ask>
  );
}

function Invoices({ id }: { id: string }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const series = useSeries();
  const rule = useQuery({
    queryKey: ['invoicing', id],
    queryFn: () => take(api.GET('/v1/channels/{id}/invoicing', { params: { path: { id } } })),
  });
  const { data } = rule;
  const failed = [series, rule].find((one) => one.error && one.data === undefined);
  return (
    <Card
      title="Invoices"
      aside={
        can('finance:write') &&
        data && (
          <Button
            size="xs"
            variant="default"
            aria-label="Change the invoices of this channel"
            onClick={() => setOpen(true)}
          >
            Change…
          </Button>
        )
      }
    >
      {failed?.error && <ProblemView error={failed.error} retry={() => void failed.refetch()} />}
      {!failed && !data && <Shades lines={2} />}
      {!failed && data && !data.issue_on && (
        <span className={look.faint}>Orders of this channel are not invoiced.</span>
      )}
      {data?.issue_on && (
        <Facts
          rows={[
            [
              'Series',
              <Link key="s" href="/invoice-series">
                {data.series}
              </Link>,
            ],
            ['Issued', WHEN[data.issue_on]],
          ]}
        />
      )}
      {isOpen && data && (
        <Anew version={data.version}>
          <RuleDialog id={id} of={data} onClose={() => setOpen(false)} />
        </Anew>
      )}
    </Card>
  );
}

export function InvoicingCard({ id }: { id: string }) {
  const { can } = useSession();
  return can('finance:read') ? <Invoices id={id} /> : null;
}
