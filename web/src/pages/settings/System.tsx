// System.tsx - how the store does: what it takes in, how long a commit takes,
// who reads behind, what waits. Figures of /metrics, asked for again and again.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Ask } from '../../ui/Ask';
import { useOnce } from '../../ui/once';
import { Badge, Card, Facts, look, PageHead, ProblemView, Shades, Time } from '../../ui/ui';
import { many, say } from '../../ui/words';
import c from './System.module.css';

const EVERY_MS = 3000;
const KEPT = 60;
type Figures = Map<string, number>;
interface Look {
  at: number;
  figures: Figures;
}

// "wharf_consumer_lag_events{consumer="tasks"} 0"
function read(text: string): Figures {
  const figures: Figures = new Map();
  for (const line of text.split('\n')) {
    const space = line.lastIndexOf(' ');
    if (line.startsWith('#') || space < 0) continue;
    figures.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return figures;
}
const of = (figures: Figures, name: string) => figures.get(name) ?? 0;
function sum(figures: Figures, name: string) {
  let total = 0;
  for (const [key, value] of figures)
    if (key === name || key.startsWith(`${name}{`)) total += value;
  return total;
}
function byLabel(figures: Figures, name: string): [string, number][] {
  return [...figures].flatMap(([key, value]): [string, number][] => {
    const found = key.startsWith(`${name}{`) ? /="([^"]*)"/.exec(key) : null;
    return found?.[1] ? [[found[1], value]] : [];
  });
}

let history: Look[] = [];
function useLooks() {
  return useQuery({
    queryKey: ['metrics'],
    refetchInterval: EVERY_MS,
    queryFn: async (): Promise<Look[]> => {
      const reply = await fetch('/metrics');
      if (!reply.ok) throw new Error(`metrics: ${reply.status}`);
      const next = { at: performance.now(), figures: read(await reply.text()) };
      const last = history.at(-1);
      // After a restart everything counts from nought.
      if (last && of(last.figures, 'wharf_commits_total') > of(next.figures, 'wharf_commits_total'))
        history = [];
      history = [...history, next].slice(-KEPT);
      return history;
    },
  });
}

// A second, between looks that follow each other.
function rates(looks: Look[], value: (figures: Figures) => number): number[] {
  return looks.slice(1).map((now, i) => {
    const was = looks[i] as Look;
    return ((value(now.figures) - value(was.figures)) * 1000) / (now.at - was.at || 1);
  });
}

function Line({ values, name }: { values: number[]; name: string }) {
  const most = Math.max(...values, 1);
  const points = values
    .map((value, i) => `${(i * 240) / (KEPT - 2)},${38 - (value / most) * 34}`)
    .join(' ');
  return (
    <svg viewBox="0 0 240 40" className={c.line} role="img" aria-label={name}>
      <polyline points={points} />
    </svg>
  );
}

function Figure({ name, value, line }: { name: string; value: string; line?: number[] }) {
  return (
    <div className={c.figure}>
      <span className={look.faint}>{name}</span>
      <b>{value}</b>
      {line && <Line values={line} name={`${name}, the last minutes`} />}
    </div>
  );
}

const round = (n: number) => (n >= 10 ? Math.round(n) : Math.round(n * 10) / 10).toLocaleString();

function Now({ looks }: { looks: Look[] }) {
  const now = looks.at(-1)?.figures ?? new Map();
  const first = looks[0]?.figures ?? now;
  const commands = rates(looks, (f) => sum(f, 'wharf_commands_total'));
  const requests = rates(looks, (f) => sum(f, 'wharf_http_requests_total'));
  const more = (name: string) => of(now, name) - (looks.length > 1 ? of(first, name) : 0);
  const took = (name: string) => {
    const count = more(`${name}_count`);
    return count > 0 ? `${round((more(`${name}_sum`) / count) * 1000)} ms` : 'None yet';
  };
  return (
    <div className={c.figures}>
      <Figure name="Requests a second" value={round(requests.at(-1) ?? 0)} line={requests} />
      <Figure name="Commands a second" value={round(commands.at(-1) ?? 0)} line={commands} />
      <Figure name="A commit takes" value={took('wharf_commit_seconds')} />
      <Figure name="A command waits" value={took('wharf_command_wait_seconds')} />
      <Figure
        name="Commands that wait now"
        value={(of(now, 'wharf_queue_depth') + of(now, 'wharf_queue_low_depth')).toLocaleString()}
      />
      <Figure name="Webhooks that wait" value={of(now, 'wharf_webhook_waiting').toLocaleString()} />
      <Figure name="Connections" value={of(now, 'wharf_http_connections').toLocaleString()} />
      <Figure name="Live pages" value={sum(now, 'wharf_feed_clients').toLocaleString()} />
    </div>
  );
}

function Readers({ figures, system }: { figures: Figures; system?: Schemas['System'] }) {
  const failing = byLabel(figures, 'wharf_timer_failing').filter(([, n]) => n > 0);
  return (
    <Card title="Who follows the log" isFlush>
      <div className={look.scroll}>
        <table className={look.table}>
          <thead>
            <tr>
              <th>Reader</th>
              <th>State</th>
              <th className={look.right}>Events behind</th>
            </tr>
          </thead>
          <tbody>
            {byLabel(figures, 'wharf_consumer_lag_events').map(([name, lag]) => {
              const stopped = system?.stopped_consumers.find((one) => one.consumer === name);
              return (
                <tr key={name}>
                  <td>
                    {say(name)}
                    {stopped && <div className={look.faint}>{stopped.error}</div>}
                  </td>
                  <td>
                    {stopped ? (
                      <Badge word="stopped" tone="bad" />
                    ) : (
                      <Badge
                        word={lag > 0 ? 'reads' : 'up to date'}
                        tone={lag > 0 ? 'info' : 'good'}
                      />
                    )}
                  </td>
                  <td className={look.right}>{lag.toLocaleString()}</td>
                </tr>
              );
            })}
            {failing.map(([name]) => (
              <tr key={`timer ${name}`}>
                <td>{say(name)}, by the clock</td>
                <td>
                  <Badge word="failing" tone="bad" />
                </td>
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function OutboundDialog({
  of: { outbound },
  onClose,
}: {
  of: Schemas['System'];
  onClose: () => void;
}) {
  const isPaused = outbound.state === 'paused';
  const [reason, setReason] = useState('');
  const { run, isBusy, problem, isStale } = useOnce(outbound.version, [['system']], onClose);
  const act = () =>
    void run(
      (key, version) => {
        const params = { header: { 'Idempotency-Key': key } };
        return isPaused
          ? take(api.POST('/v1/system/outbound/resume', { params, body: { version } }))
          : take(
              api.POST('/v1/system/outbound/pause', {
                params,
                body: { version, reason: reason.trim() },
              }),
            );
      },
      isPaused ? 'It goes on' : 'Paused',
    );
  return (
    <Ask
      title={isPaused ? 'Let outbound work go on' : 'Pause all outbound work'}
      act={isPaused ? 'Go on' : 'Pause'}
      isBusy={isBusy}
      isReady={(isPaused || reason.trim() !== '') && !isStale}
      problem={problem}
      onClose={onClose}
      onAct={act}
    >
      <p>
        {isPaused
          ? 'Webhooks, carriers, gateways and mail are called again; what was due is done now.'
          : 'Webhooks, carriers, gateways and mail are not called until somebody resumes it. What is due waits.'}
      </p>
      {!isPaused && (
        <TextInput
          label="Reason"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      )}
    </Ask>
  );
}

function Store({ of: system }: { of: Schemas['System'] }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const { outbound } = system;
  const day = (at: string | null) => at && <Time at={at} />;
  return (
    <Card
      title="The store"
      aside={
        can('system:write') && (
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            {outbound.state === 'paused' ? 'Resume…' : 'Pause…'}
          </Button>
        )
      }
    >
      <Facts
        rows={[
          [
            'Outbound',
            <Badge
              key="o"
              word={outbound.state}
              tone={outbound.state === 'paused' ? 'warn' : 'good'}
            />,
          ],
          ['Because', outbound.reason],
          ['Version', system.version],
          ['Engine', system.engine === 'sqlite' ? 'SQLite, embedded' : 'PostgreSQL'],
          ['Made', day(system.made_at)],
          ['Backed up', day(system.backed_up_at) ?? 'Never'],
          ['Restored', day(system.restored_at)],
          ['Schema', `${many(system.schema.steps, 'step')}, the last ${system.schema.last}`],
        ]}
      />
      {isOpen && <OutboundDialog of={system} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function Jobs() {
  const { data } = useQuery({
    queryKey: ['order-jobs'],
    refetchInterval: EVERY_MS,
    queryFn: () => take(api.GET('/v1/order-jobs', { params: { query: { limit: 10 } } })),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Card title="Jobs" isFlush>
      <table className={look.table}>
        <tbody>
          {data.items.map((one) => (
            <tr key={one.id}>
              <td>{say(one.action)}</td>
              <td>
                <Badge word={one.state} />
              </td>
              <td className={look.right}>
                <Time at={one.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

export default function System() {
  const { can } = useSession();
  const looks = useLooks();
  const { data, error, refetch } = useQuery({
    queryKey: ['system'],
    refetchInterval: 5 * EVERY_MS,
    queryFn: () => take(api.GET('/v1/system')),
  });
  return (
    <>
      <PageHead title="System">
        <span className={look.faint}>Of this node, every three seconds</span>
      </PageHead>
      {looks.error && <ProblemView error={looks.error} retry={() => void looks.refetch()} />}
      {looks.isPending && <Shades lines={3} />}
      {looks.data && <Now looks={looks.data} />}
      <div className={look.columns}>
        <Readers figures={looks.data?.at(-1)?.figures ?? new Map()} system={data} />
        <div className={look.column}>
          {error && <ProblemView error={error} retry={() => void refetch()} />}
          {data && <Store of={data} />}
          {can('orders:read') && <Jobs />}
        </div>
      </div>
    </>
  );
}
