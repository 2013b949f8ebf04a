// Tasks.tsx - what waits for a person: what happened, whose it is, by when, and
// the way to it. Which one is open stands in the address.
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { api, onceOnly, type Schemas, take } from '../api/client';
import { useSession } from '../session';
import { useAddress } from '../ui/address';
import { Csv } from '../ui/Csv';
import { subjectOf } from '../ui/subject';
import { refused, told } from '../ui/toast';
import { Badge, Empty, Facts, look, PageHead, ProblemView, Shades, Time } from '../ui/ui';
import { Views } from '../ui/Views';
import { many, say } from '../ui/words';
import c from './Tasks.module.css';

type Task = Schemas['Task'];
type Resolution = 'done' | 'dismissed' | 'duplicate';

const PAGE = 50;
const ROLES = ['warehouse', 'support', 'manager'];

const isLate = (task: Task) => task.state === 'open' && Date.parse(task.due_at) < Date.now();

function useTasks(state: 'open' | 'resolved', whose: string) {
  const { state: session } = useSession();
  const me = session.who?.user?.id;
  return useInfiniteQuery({
    queryKey: ['tasks', 'list', state, whose],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/tasks', {
          params: {
            query: {
              state,
              limit: PAGE,
              after: pageParam,
              owner_role: ROLES.includes(whose) ? whose : undefined,
              owner_user: whose === 'me' ? me : undefined,
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

function useChange(task: Task) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  async function change(call: () => Promise<Task>, text: string) {
    setBusy(true);
    try {
      queries.setQueryData(['tasks', 'one', task.id], await call());
      told(text);
    } catch (failure) {
      refused(failure);
    }
    setBusy(false);
    void queries.invalidateQueries({ queryKey: ['tasks'] });
  }
  return { change, isBusy };
}

function Row({ task, isAt, show }: { task: Task; isAt: boolean; show: () => void }) {
  return (
    <li className={c.row} aria-current={isAt || undefined} data-over={task.state === 'resolved'}>
      <span>
        <button type="button" className={c.name} onClick={show}>
          {say(task.kind)}
        </button>{' '}
        {task.times > 1 && <Badge word="again" tone="warn" label={`${task.times} times`} />}
      </span>
      <span className={`${c.due} ${isLate(task) ? c.late : look.faint}`}>
        {task.resolved_at ? (
          <>
            {say(task.resolution ?? 'done')} <Time at={task.resolved_at} />
          </>
        ) : (
          <>
            {isLate(task) ? 'Was due' : 'Due'} <Time at={task.due_at} />
          </>
        )}
      </span>
      <span className={c.what}>{task.what}</span>
      {task.owner_role && <span className={look.faint}>{say(task.owner_role)}</span>}
    </li>
  );
}

function Owner({ task }: { task: Task }) {
  const { state } = useSession();
  const { change, isBusy } = useChange(task);
  const me = state.who?.user?.id;
  const give = (
    body: { owner_role?: string | null; owner_user?: Task['owner_user'] },
    text: string,
  ) =>
    void change(
      () =>
        take(
          api.PATCH('/v1/tasks/{id}', {
            params: { path: { id: task.id }, header: onceOnly() },
            body: { version: task.version, ...body },
          }),
        ),
      text,
    );
  return (
    <div className={c.owner}>
      <NativeSelect
        label="Looked after by"
        value={task.owner_role ?? ''}
        disabled={isBusy}
        onChange={(event) =>
          give({ owner_role: event.currentTarget.value || null }, 'It is theirs now')
        }
        data={[
          { value: '', label: 'Nobody' },
          ...[...new Set([...ROLES, ...(task.owner_role ? [task.owner_role] : [])])].map(
            (role) => ({ value: role, label: say(role) }),
          ),
        ]}
      />
      {me && (
        <Button
          variant="default"
          loading={isBusy}
          onClick={() =>
            task.owner_user === me
              ? give({ owner_user: null }, 'It is nobody’s own now')
              : give({ owner_user: me }, 'It is yours')
          }
        >
          {task.owner_user === me ? 'Give it up' : 'Take it'}
        </Button>
      )}
    </div>
  );
}

function Resolve({ task }: { task: Task }) {
  const { change, isBusy } = useChange(task);
  const [resolution, setResolution] = useState<Resolution>('done');
  const [note, setNote] = useState('');
  const resolve = (event: FormEvent) => {
    event.preventDefault();
    void change(
      () =>
        take(
          api.POST('/v1/tasks/{id}/resolve', {
            params: { path: { id: task.id }, header: onceOnly() },
            body: {
              version: task.version,
              resolution,
              ...(note.trim() ? { note: note.trim().replace(/\s+/g, ' ') } : {}),
            },
          }),
        ),
      'Resolved',
    );
  };
  return (
    <form className={c.form} onSubmit={resolve}>
      <NativeSelect
        label="What became of it"
        value={resolution}
        onChange={(event) => setResolution(event.currentTarget.value as Resolution)}
        data={[
          { value: 'done', label: 'Done' },
          { value: 'dismissed', label: 'Nothing to do' },
          { value: 'duplicate', label: 'Seen to elsewhere' },
        ]}
      />
      <Textarea
        label="Note"
        maxLength={500}
        rows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button type="submit" loading={isBusy}>
        Resolve
      </Button>
    </form>
  );
}

function One({ id }: { id: string }) {
  const { can } = useSession();
  const {
    data: task,
    error,
    refetch,
  } = useQuery({
    queryKey: ['tasks', 'one', id],
    queryFn: () => take(api.GET('/v1/tasks/{id}', { params: { path: { id } } })),
  });
  if (error) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!task) return <Shades lines={6} />;
  return <Detail task={task} mayWrite={can('tasks:write')} />;
}

function Detail({ task, mayWrite }: { task: Task; mayWrite: boolean }) {
  const { change, isBusy } = useChange(task);
  const subject = subjectOf(task);
  const isOpen = task.state === 'open';
  const reopen = () =>
    void change(
      () =>
        take(
          api.POST('/v1/tasks/{id}/reopen', {
            params: { path: { id: task.id }, header: onceOnly() },
            body: { version: task.version },
          }),
        ),
      'Open again',
    );
  return (
    <section className={c.detail} aria-label={say(task.kind)}>
      <div className={look.row}>
        <h2>{say(task.kind)}</h2>
        <Badge word={task.state} tone={isOpen ? (isLate(task) ? 'bad' : 'info') : 'good'} />
      </div>
      <p>{task.what}</p>
      <div className={look.row}>
        {subject && (
          <Button component={Link} href={subject.to} size="sm">
            {subject.name}
          </Button>
        )}
        {task.order_id && subject && subject.to !== `/orders/${task.order_id}` && (
          <Button component={Link} href={`/orders/${task.order_id}`} size="sm" variant="default">
            Its order
          </Button>
        )}
      </div>
      <Facts
        rows={[
          ['Due', <Time key="d" at={task.due_at} />],
          ['Opened', <Time key="o" at={task.opened_at} />],
          ['Happened', many(task.times, 'time')],
          ['About', subject ? null : `${say(task.subject_kind)} ${task.subject}`],
          ['Resolved', task.resolved_at && <Time at={task.resolved_at} />],
          ['As', task.resolution && say(task.resolution)],
          ['Note', task.note],
        ]}
      />
      {mayWrite && isOpen && <Owner task={task} />}
      {mayWrite && isOpen && <Resolve key={task.version} task={task} />}
      {mayWrite && !isOpen && (
        <Button variant="default" loading={isBusy} onClick={reopen}>
          Open it again
        </Button>
      )}
    </section>
  );
}

export default function Tasks() {
  const { state: session } = useSession();
  const [address, set] = useAddress();
  const state = address.get('state') === 'resolved' ? 'resolved' : 'open';
  const whose = address.get('whose') ?? '';
  const at = address.get('task') ?? '';
  const query = useTasks(state, whose);
  const tasks = (query.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <>
      <PageHead title="Tasks">
        <NativeSelect
          aria-label="Whose"
          value={whose}
          onChange={(event) => set({ whose: event.currentTarget.value, task: '' })}
          data={[
            { value: '', label: 'Everybody’s' },
            { value: 'me', label: 'Mine' },
            ...ROLES.map((role) => ({ value: role, label: say(role) })),
          ]}
        />
        <NativeSelect
          aria-label="State"
          value={state}
          onChange={(event) =>
            set({ state: event.currentTarget.value === 'open' ? '' : 'resolved', task: '' })
          }
          data={[
            { value: 'open', label: 'Open' },
            { value: 'resolved', label: 'Resolved' },
          ]}
        />
        <Csv
          path="/v1/tasks"
          name="tasks"
          filters={{
            state,
            owner_role: ROLES.includes(whose) ? whose : undefined,
            owner_user: whose === 'me' ? session.who?.user?.id : undefined,
          }}
        />
      </PageHead>
      <Views list="tasks" path="/tasks" all="Open tasks" share="tasks:write" without={['task']} />
      <div className={c.columns} data-open={at !== ''}>
        <div className={look.card}>
          {query.error && <ProblemView error={query.error} retry={() => void query.refetch()} />}
          {query.isPending && <Shades lines={6} />}
          {query.data && tasks.length === 0 && (
            <Empty
              title={state === 'open' ? 'Nothing waits for anybody' : 'Nothing was resolved yet'}
            >
              <p>What no rule can put right shows up here, what is due first on top.</p>
            </Empty>
          )}
          <ul className={c.list} aria-label="Tasks">
            {tasks.map((task) => (
              <Row
                key={task.id}
                task={task}
                isAt={task.id === at}
                show={() => set({ task: task.id })}
              />
            ))}
          </ul>
          {query.hasNextPage && (
            <div className={c.more}>
              <Button
                size="xs"
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            </div>
          )}
        </div>
        {at && (
          <div className={look.card}>
            <button type="button" className={c.close} onClick={() => set({ task: '' })}>
              All tasks
            </button>
            <One key={at} id={at} />
          </div>
        )}
      </div>
    </>
  );
}
