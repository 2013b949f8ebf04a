// Walk.tsx - a pick task in a hand: the next bin, a scan, the next bin.
import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { Link } from 'wouter';
import { api, onceOnly, ProblemError, type Schemas, take } from '../../api/client';
import { useSession } from '../../session';
import { Icon } from '../../ui/icons';
import { Scan, type Scanned } from '../../ui/Scan';
import { useScanIds } from '../../ui/scanId';
import { refused, told } from '../../ui/toast';
import { Badge, Card, look, ProblemView, Shades } from '../../ui/ui';
import { many, say } from '../../ui/words';
import c from './Fulfillment.module.css';
import type { PickTask } from './useFulfillment';

type Line = Schemas['PickLine'];

// What a scan lacks yet: the lot's code, or the unit's own number.
interface Asked {
  code: string;
  wants: 'lot' | 'serial';
}

function useTask(id: string) {
  return useQuery({
    queryKey: ['picks', 'one', id],
    queryFn: () => take(api.GET('/v1/pick-tasks/{id}', { params: { path: { id } } })),
  });
}

function useAct(task: PickTask) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const keep = (now: PickTask) => {
    queries.setQueryData(['picks', 'one', task.id], now);
    void queries.invalidateQueries({ queryKey: ['picks', 'list'] });
  };
  async function act(call: () => Promise<PickTask>): Promise<boolean> {
    setBusy(true);
    try {
      keep(await call());
      return true;
    } catch (failure) {
      refused(failure);
      void queries.invalidateQueries({ queryKey: ['picks', 'one', task.id] });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { act, keep, isBusy };
}

function Place({ line }: { line: Line }) {
  return (
    <div className={c.place}>
      <span className={look.faint}>{line.zone ? `Zone ${line.zone}, bin` : 'Bin'}</span>
      <strong>{line.bin || 'none'}</strong>
    </div>
  );
}

function Now({ line, task }: { line: Line; task: PickTask }) {
  const facts = Object.entries(line.attrs).filter(([, value]) => typeof value !== 'object');
  return (
    <section className={c.now} aria-label="Next">
      <Place line={line} />
      <div className={c.want}>
        <strong>{line.left.toLocaleString()}</strong>
        <span className={look.faint}>
          {line.left === line.quantity ? 'to take' : `of ${line.quantity.toLocaleString()} left`}
        </span>
      </div>
      <div className={c.what}>
        <b>{line.title || line.sku}</b>
        <span className={c.code}>{line.sku}</span>
        {line.barcode && <span className={c.code}>{line.barcode}</span>}
        {line.lot && (
          <span>
            Lot <b>{line.lot}</b>
            {line.expires_on && `, until ${line.expires_on}`}
          </span>
        )}
        {facts.map(([name, value]) => (
          <span key={name}>
            {say(name)}: {String(value)}
          </span>
        ))}
        {line.production_status && line.production_status !== 'made' && (
          <Badge word={line.production_status} label="Not made yet" tone="warn" />
        )}
        <span className={look.faint}>
          For <Link href={`/fulfillment/${line.fulfillment_order}`}>{line.order_number}</Link>
          {task.mode !== 'single' && line.tote && ` · tote ${line.tote}`}
        </span>
      </div>
    </section>
  );
}

function ShortDialog({ task, line, onClose }: { task: PickTask; line: Line; onClose: () => void }) {
  const { act, isBusy } = useAct(task);
  const [quantity, setQuantity] = useState(line.left);
  const [reason, setReason] = useState('The bin is empty');
  async function submit(event: FormEvent) {
    event.preventDefault();
    const isDone = await act(() =>
      take(
        api.POST('/v1/pick-tasks/{id}/short', {
          params: { path: { id: task.id }, header: onceOnly() },
          body: { version: task.version, line: line.line, quantity, reason: reason.trim() },
        }),
      ),
    );
    if (isDone) onClose();
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${line.title || line.sku} is not there`}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={c.dialog} onSubmit={submit}>
        <p>
          The units are held until somebody counts them; their order is sent from elsewhere where it
          can be.
        </p>
        <TextInput
          label="Units missing"
          type="number"
          inputMode="numeric"
          min={1}
          max={line.left}
          value={quantity || ''}
          onChange={(event) => setQuantity(Math.trunc(Number(event.currentTarget.value)))}
        />
        <TextInput
          label="Why"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={c.buttons}>
          <Button variant="default" onClick={onClose}>
            Look again
          </Button>
          <Button
            type="submit"
            color="red.8"
            loading={isBusy}
            disabled={!reason.trim() || quantity < 1 || quantity > line.left}
          >
            {many(quantity, 'unit')} missing
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Rest({ task, at }: { task: PickTask; at?: Line }) {
  return (
    <Card
      title="The walk"
      aside={<span className={look.faint}>{many(task.line_count, 'line')}</span>}
      isFlush
    >
      <ol className={c.rest}>
        {task.lines.map((line) => (
          <li key={line.line} data-done={line.left === 0} aria-current={line === at || undefined}>
            <span className={c.restBin}>
              {line.bin || 'no bin'}
              {line.zone && <small>{line.zone}</small>}
            </span>
            <span className={c.restWhat}>
              {line.title || line.sku}
              <small>
                {line.sku} · {line.order_number}
                {line.missing > 0 && ` · ${line.missing.toLocaleString()} missing: ${line.reason}`}
              </small>
            </span>
            <span className={c.restUnits}>
              {line.picked.toLocaleString()} / {line.quantity.toLocaleString()}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

// Who has a task scans for it; whoever starts one nobody has, has it.
function Begin({ task }: { task: PickTask }) {
  const { act, isBusy } = useAct(task);
  const { state } = useSession();
  const isOthers = task.assignee !== null && task.assignee !== state.who?.user?.id;
  const mine = () =>
    take(
      api.POST('/v1/pick-tasks/{id}/assign', {
        params: { path: { id: task.id }, header: onceOnly() },
        body: { version: task.version },
      }),
    );
  const start = async (now: PickTask) =>
    now.state === 'picking'
      ? now
      : take(
          api.POST('/v1/pick-tasks/{id}/start', {
            params: { path: { id: task.id }, header: onceOnly() },
            body: { version: now.version },
          }),
        );
  return (
    <div className={c.begin}>
      <p>
        {isOthers
          ? 'Somebody else has this walk. Taken over, what is in their hands stays counted.'
          : 'Begin, and it is yours.'}
      </p>
      <Button
        size="lg"
        fullWidth
        loading={isBusy}
        onClick={() => void act(async () => start(isOthers ? await mine() : task))}
      >
        {isOthers ? 'Take it over' : 'Begin the walk'}
      </Button>
    </div>
  );
}

function useScan(task: PickTask, keep: (now: PickTask) => void) {
  const [asked, show] = useState<Asked | null>(null);
  // What the next scan answers; a gun is faster than the screen.
  const wanted = useRef<Asked | null>(null);
  const setAsked = (to: Asked | null) => {
    wanted.current = to;
    show(to);
  };
  const ids = useScanIds();
  async function send(code: string): Promise<Scanned> {
    const first = wanted.current;
    try {
      const { task: now } = await take(
        api.POST('/v1/pick-tasks/{id}/scan', {
          params: { path: { id: task.id }, header: onceOnly() },
          body: {
            barcode: first ? first.code : code,
            quantity: 1,
            any_lot: false,
            scan_id: ids.of(code),
            ...(first ? { [first.wants]: code } : {}),
          },
        }),
      );
      ids.answered();
      const was = new Map(task.lines.map((line) => [line.line, line.picked]));
      const line = now.lines.find((one) => one.picked > (was.get(one.line) ?? 0));
      keep(now);
      setAsked(null);
      const more = line && line.left > 0 ? `, ${line.left.toLocaleString()} more` : ', line done';
      return { isGood: true, text: `${line?.title || line?.sku || 'Taken'}${line ? more : ''}` };
    } catch (failure) {
      if (!(failure instanceof ProblemError))
        return { isGood: false, text: 'No connection: scan it again. It counts once.' };
      ids.answered();
      const { code: slug } = failure.problem;
      if (!first && (slug === 'lot_required' || slug === 'serials_required')) {
        const wants = slug === 'lot_required' ? 'lot' : 'serial';
        setAsked({ code, wants });
        return {
          isGood: true,
          text: wants === 'lot' ? `Now the lot: ${failure.message}` : 'Now the number of the unit',
        };
      }
      setAsked(null);
      return { isGood: false, text: failure.message };
    }
  }
  return { asked, send };
}

function Walking({ task }: { task: PickTask }) {
  const { act, keep, isBusy } = useAct(task);
  const [missing, setMissing] = useState<Line | null>(null);
  const { asked, send } = useScan(task, keep);
  const line = task.lines.find((one) => one.left > 0);
  const complete = () =>
    act(async () => {
      const now = await take(
        api.POST('/v1/pick-tasks/{id}/complete', {
          params: { path: { id: task.id }, header: onceOnly() },
          body: { version: task.version },
        }),
      );
      told('The walk is done');
      return now;
    });
  return (
    <>
      {line ? (
        <>
          <Now line={line} task={task} />
          <Scan
            label={asked ? `Scan the ${asked.wants} of ${asked.code}` : 'Scan the item'}
            take={send}
          />
          <Button variant="default" fullWidth onClick={() => setMissing(line)}>
            It is not there…
          </Button>
        </>
      ) : (
        <section className={c.begin} aria-label="Done">
          <p>
            <b>Every line is dealt with.</b> Bring it to the bench.
          </p>
          <Button size="lg" fullWidth loading={isBusy} onClick={() => void complete()}>
            Finish the walk
          </Button>
        </section>
      )}
      {missing && <ShortDialog task={task} line={missing} onClose={() => setMissing(null)} />}
      <Rest task={task} at={line} />
    </>
  );
}

// What was picked goes to the bench, order by order.
function After({ task }: { task: PickTask }) {
  const { can } = useSession();
  const fos = new Map<string, { id: string; number: string; units: number }>();
  for (const line of task.lines) {
    const one = fos.get(line.fulfillment_order) ?? {
      id: line.fulfillment_order,
      number: line.order_number,
      units: 0,
    };
    one.units += line.picked;
    fos.set(one.id, one);
  }
  return (
    <>
      <Card title={task.state === 'cancelled' ? 'Orders' : 'To be packed'} isFlush>
        <ul className={c.rows}>
          {[...fos.values()].map((one) => (
            <li key={one.id}>
              <Link href={`/fulfillment/${one.id}`}>{one.number}</Link>
              <span className={look.soft}>{many(one.units, 'unit')}</span>
              {can('shipping:write') && one.units > 0 && task.state !== 'cancelled' && (
                <Button
                  component={Link}
                  href={`/packing/${one.id}`}
                  size="xs"
                  className={c.end}
                  variant="default"
                >
                  Pack
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
      <Rest task={task} />
    </>
  );
}

export default function WalkPage({ id }: { id: string }) {
  const { can, state } = useSession();
  const { data: task, error, refetch } = useTask(id);
  if (error && !task) return <ProblemView error={error} retry={() => void refetch()} />;
  if (!task) return <Shades lines={8} />;
  const isMine = task.assignee === state.who?.user?.id;
  const isLive = ['created', 'assigned', 'picking'].includes(task.state);
  const done = task.picked + task.missing;
  return (
    <div className={c.phone}>
      <Link href="/picking" className={c.back}>
        <Icon name="back" size={14} /> Picking
      </Link>
      <div className={c.walkHead}>
        <h1>{task.zone ? `Zone ${task.zone}` : `${say(task.mode)} walk`}</h1>
        <Badge word={task.state} />
        <span className={c.end}>
          {done.toLocaleString()} of {task.units.toLocaleString()}
        </span>
        <progress max={task.units || 1} value={done} aria-label="Units dealt with" />
      </div>
      {!isLive && <After task={task} />}
      {isLive && can('fulfillment:write') && task.state === 'picking' && isMine && (
        <Walking task={task} />
      )}
      {isLive && !(task.state === 'picking' && isMine) && (
        <>
          {can('fulfillment:write') && <Begin task={task} />}
          <Rest task={task} />
        </>
      )}
      <a href={`/v1/pick-tasks/${task.id}/list`} target="_blank" className={c.back} rel="noopener">
        Print the list
      </a>
    </div>
  );
}
