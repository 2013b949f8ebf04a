// Invoicing.tsx - when orders of a channel are invoiced, and in which series.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api, ProblemError, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { whole } from '../../ui/refs';
import { Card, Facts, look, ProblemView, Shades } from '../../ui/ui';

type Rule = Schemas['Invoicing'];
const WHEN: Record<Rule['issue_on'], string> = {
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

// Null where nothing was named yet, as without a series nothing is.
async function read(id: string, series: number): Promise<Rule | null> {
  if (series === 0) return null;
  try {
    return await take(api.GET('/v1/channels/{id}/invoicing', { params: { path: { id } } }));
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return null;
    throw error;
  }
}

function RuleDialog({ id, of, onClose }: { id: string; of: Rule | null; onClose: () => void }) {
  const { data: all } = useSeries();
  const [series, setSeries] = useState<string>(of?.series ?? '');
  const [when, setWhen] = useState<Rule['issue_on']>(of?.issue_on ?? 'ship');
  const { run, isBusy, problem, isStale } = useOnce(of?.version ?? 0, [['invoicing', id]], onClose);
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
  const all = series.data;
  const rule = useQuery({
    queryKey: ['invoicing', id, all?.length ?? 0],
    enabled: all !== undefined,
    queryFn: () => read(id, all?.length ?? 0),
  });
  const { data } = rule;
  const failed = [series, rule].find((one) => one.error && one.data === undefined);
  return (
    <Card
      title="Invoices"
      aside={
        can('finance:write') &&
        data !== undefined && (
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
      {!failed && data === undefined && <Shades lines={2} />}
      {data === null && (
        <span className={look.faint}>Orders of this channel are not invoiced.</span>
      )}
      {data && (
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
      {isOpen && data !== undefined && (
        <RuleDialog id={id} of={data} onClose={() => setOpen(false)} />
      )}
    </Card>
  );
}

export function InvoicingCard({ id }: { id: string }) {
  const { can } = useSession();
  return can('finance:read') ? <Invoices id={id} /> : null;
}
