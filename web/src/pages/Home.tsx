// Home.tsx - what there is, and what needs a person now. Every number leads to
// what it counts.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { useChannels } from '../ui/refs';
import { subjectOf } from '../ui/subject';
import { Badge, Card, Empty, look, Money, PageHead, ProblemView, Shades, Time } from '../ui/ui';
import { many, say } from '../ui/words';
import c from './Home.module.css';
import { Start } from './Start';
import { Waiting } from './Waiting';

type Task = Schemas['Task'];
type Counts = { channel: string; status: Schemas['OrderStatus']; orders: number }[];

const STATUSES: Schemas['OrderStatus'][] = ['pending', 'confirmed', 'completed', 'cancelled'];
const TASKS = 50;
const LATEST = 8;

function useCounts() {
  return useQuery({
    queryKey: ['counts'],
    // The last minutes go on where nothing comes.
    refetchInterval: 15_000,
    queryFn: () => take(api.GET('/v1/orders/counts')),
  });
}

function Numbers({ counts }: { counts: Counts }) {
  const of = (status: string) =>
    counts.filter((one) => one.status === status).reduce((n, one) => n + one.orders, 0);
  return (
    <ul className={c.numbers}>
      {STATUSES.filter((status) => of(status) > 0 || status === 'confirmed').map((status) => (
        <li key={status}>
          <Link href={`/orders?status=${status}`}>
            <b>{of(status).toLocaleString()}</b>
            <span>{say(status)} orders</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Channels({ counts }: { counts: Counts }) {
  const channels = useChannels();
  const codes = [...new Set(counts.map((one) => one.channel))].sort();
  const shown = STATUSES.filter((status) => counts.some((one) => one.status === status));
  const of = (channel: string, status: string) =>
    counts.find((one) => one.channel === channel && one.status === status)?.orders ?? 0;
  return (
    <Card title="By channel" isFlush>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>Channel</th>
              {shown.map((status) => (
                <th key={status} className={look.right}>
                  {say(status)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {codes.map((code) => (
              <tr key={code}>
                <td>
                  <Link href={`/orders?channel=${encodeURIComponent(code)}`}>
                    {channels.nameOf(code)}
                  </Link>
                </td>
                {shown.map((status) => (
                  <td key={status} className={look.right}>
                    <Link
                      href={`/orders?channel=${encodeURIComponent(code)}&status=${status}`}
                      aria-label={`${of(code, status)} ${say(status)}, ${channels.nameOf(code)}`}
                    >
                      {of(code, status).toLocaleString()}
                    </Link>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function TaskRow({ task }: { task: Task }) {
  const isLate = Date.parse(task.due_at) < Date.now();
  const subject = subjectOf(task);
  return (
    <li className={c.task}>
      <div>
        <Link href={`/tasks?task=${task.id}`} className={c.taskName}>
          {say(task.kind)}
        </Link>
        <p>{task.what}</p>
      </div>
      <div className={c.aside}>
        <span className={isLate ? c.late : look.faint}>
          {isLate ? 'Was due' : 'Due'} <Time at={task.due_at} />
        </span>
        {task.owner_role && <span className={look.faint}>{say(task.owner_role)}</span>}
        {subject && (
          <Link href={subject.to} aria-label={`${subject.name} of: ${say(task.kind)}`}>
            {subject.name}
          </Link>
        )}
      </div>
    </li>
  );
}

function Tasks() {
  const { data, error, refetch } = useQuery({
    queryKey: ['tasks'],
    queryFn: () => take(api.GET('/v1/tasks', { params: { query: { limit: TASKS } } })),
  });
  const count = data && `${data.items.length}${data.next ? '+' : ''} open`;
  return (
    <Card title="Needs a person" aside={<Link href="/tasks">{count}</Link>} isFlush>
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      {!data && !error && <Shades lines={3} />}
      {data?.items.length === 0 && (
        <Empty title="Nothing waits for anybody">
          <p>
            What no rule can put right shows up here: units not found, addresses refused, parcels
            lost.
          </p>
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <ul className={c.tasks}>
          {data.items.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Latest() {
  const { data, error, refetch } = useQuery({
    queryKey: ['latest'],
    queryFn: () => take(api.GET('/v1/orders', { params: { query: { limit: LATEST } } })),
  });
  return (
    <Card title="Latest orders" aside={<Link href="/orders">All orders</Link>} isFlush>
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      {!data && !error && <Shades lines={4} />}
      {data?.items.length === 0 && (
        <Empty title="No order yet">
          <p>The first one stands here a moment after it was placed.</p>
        </Empty>
      )}
      <ul className={c.latest}>
        {data?.items.map((order) => (
          <li key={order.id}>
            <Link href={`/orders/${order.id}`}>
              <b>{order.number}</b>
              <span className={c.who}>{order.customer || 'No name'}</span>
              <span className={`${look.faint} ${c.when}`}>
                <Time at={order.placed_at} />
              </span>
              <Badge word={order.status} />
              <span className={c.total}>
                <Money of={order.total} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export default function Home() {
  const { can } = useSession();
  const { data, error, refetch } = useCounts();
  const total = data?.items.reduce((n, one) => n + one.orders, 0) ?? 0;
  return (
    <>
      <PageHead title="Home">
        {data && <span className={look.faint}>{many(total, 'order')} in all</span>}
      </PageHead>
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      {data && <Start orders={total} />}
      {data && total > 0 && <Waiting recent={data.recent} />}
      {data && total > 0 && <Numbers counts={data.items} />}
      <div className={c.columns}>
        {can('tasks:read') && <Tasks />}
        <div className={c.column}>
          <Latest />
          {data && data.items.length > 0 && <Channels counts={data.items} />}
        </div>
      </div>
    </>
  );
}
