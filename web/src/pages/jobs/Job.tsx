// Job.tsx - one command on many orders: how far it is, and what became of each.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../../api/client';
import { Icon } from '../../ui/icons';
import { Table, useList } from '../../ui/list';
import { useOnce } from '../../ui/once';
import { Badge, Card, look, PageHead, ProblemView, Shades } from '../../ui/ui';
import { many, say } from '../../ui/words';
import { useOrder } from '../order/useOrder';
import { BULK } from './BulkDialog';
import c from './Jobs.module.css';

type JobOf = Schemas['OrderJob'];
type Item = Schemas['OrderJobItem'];
const STATES = ['any', 'failed', 'waiting', 'asked', 'done'] as const;
const LOOK_MS = 1000;
const PAGE = 25;

function ItemRow({ item }: { item: Item }) {
  const { data: order } = useOrder(item.order_id);
  return (
    <tr>
      <td className={look.strong}>
        <Link href={`/orders/${item.order_id}`}>{order?.number ?? item.order_id}</Link>
      </td>
      <td>
        <Badge
          word={item.state}
          tone={item.state === 'failed' ? 'bad' : item.state === 'done' ? 'good' : 'neutral'}
        />
      </td>
      <td>{item.error?.detail}</td>
    </tr>
  );
}

function Items({ job }: { job: JobOf }) {
  const queries = useQueryClient();
  const [state, setState] = useState<(typeof STATES)[number]>('any');
  const list = useList(['jobs', job.id, 'items', state], async (after) => {
    const page = await take(
      api.GET('/v1/order-jobs/{id}/items', {
        params: {
          path: { id: job.id },
          query: { state, limit: PAGE, ...(after ? { after: Number(after) } : {}) },
        },
      }),
    );
    return { ...page, next: page.next === null ? null : String(page.next) };
  });
  // Each has its word as the job goes on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the figures are what counts
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['jobs', job.id, 'items'] });
  }, [job.done, job.failed, job.asked, job.state]);
  return (
    <Card
      title="Orders"
      isFlush
      aside={
        <NativeSelect
          aria-label="Which"
          size="xs"
          value={state}
          onChange={(event) => setState(event.currentTarget.value as typeof state)}
          data={STATES.map((one) => ({ value: one, label: one === 'any' ? 'All' : say(one) }))}
        />
      }
    >
      <Table
        of={list}
        noun="order"
        empty={state === 'any' ? 'No orders' : `None is ${state}`}
        heads={[['Order'], ['State'], ['Why']]}
        row={(item) => <ItemRow key={item.n} item={item} />}
      />
    </Card>
  );
}

function Progress({ job }: { job: JobOf }) {
  const { run, isBusy, problem } = useOnce(job.version, [['jobs']], () => {});
  const gone = job.done + job.failed;
  return (
    <Card
      title="How far"
      aside={
        <>
          {job.label_job_id && (
            <a href={`/v1/label-jobs/${job.label_job_id}/labels`}>Print the labels</a>
          )}
          {job.state === 'running' && (
            <Button
              size="xs"
              variant="default"
              loading={isBusy}
              onClick={() =>
                void run(
                  (key, version) =>
                    take(
                      api.POST('/v1/order-jobs/{id}/cancel', {
                        params: { path: { id: job.id }, header: { 'Idempotency-Key': key } },
                        body: { version },
                      }),
                    ),
                  'Stopped: what was done stays',
                )
              }
            >
              Stop
            </Button>
          )}
        </>
      }
    >
      <progress className={c.progress} aria-label="How far" value={gone} max={job.total} />
      <div className={c.figures} role="status">
        <span>
          {gone.toLocaleString()} of {many(job.total, 'order')}
        </span>
        <Badge word="done" tone="good" label={`${job.done.toLocaleString()} done`} />
        {job.failed > 0 && <Badge word="failed" label={`${job.failed.toLocaleString()} failed`} />}
        {job.asked > 0 && (
          <Badge word="asked" tone="info" label={`${job.asked.toLocaleString()} wait for labels`} />
        )}
        {job.left > 0 && <span className={look.soft}>{job.left.toLocaleString()} left</span>}
      </div>
      {problem}
    </Card>
  );
}

export default function Job({ id }: { id: string }) {
  const {
    data: job,
    error,
    refetch,
  } = useQuery({
    queryKey: ['jobs', id],
    queryFn: () => take(api.GET('/v1/order-jobs/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? LOOK_MS : false),
  });
  if (error && !job) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!job) return <Shades lines={6} />;
  return (
    <>
      <Link href="/jobs" className={look.back}>
        <Icon name="back" size={14} /> Jobs
      </Link>
      <PageHead
        title={`${BULK[job.action].name}: ${many(job.total, 'order')}`}
        badges={<Badge word={job.state} tone={job.state === 'done' ? 'good' : 'info'} />}
      />
      <div className={look.column}>
        <Progress key={job.version} job={job} />
        <Items job={job} />
      </div>
    </>
  );
}
