// Pack.tsx - the bench: scan what goes into the box, close it, label it, let it
// go. One parcel at a time; those that are done stand below.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { api, onceOnly, ProblemError, take } from '../../api/client';
import { useSession } from '../../session';
import { Icon } from '../../ui/icons';
import { useLocations } from '../../ui/refs';
import { Scan, type Scanned } from '../../ui/Scan';
import { useScanIds } from '../../ui/scanId';
import { refused, told } from '../../ui/toast';
import { Badge, Card, Empty, look, ProblemView, Shades } from '../../ui/ui';
import { many } from '../../ui/words';
import { Parcel } from '../order/Fulfillment';
import c from './Fulfillment.module.css';
import { type Fo, type Package, sum, useFo, useFoPackages } from './useFulfillment';

const BOXES = 250;

function useBoxes(location: string) {
  const { data } = useQuery({
    queryKey: ['boxes'],
    staleTime: 60_000,
    queryFn: () => take(api.GET('/v1/boxes', { params: { query: { limit: BOXES } } })),
  });
  return (data?.items ?? []).filter(
    (box) => box.is_active && (box.location_id === null || box.location_id === location),
  );
}

function useBench(fo: string) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const look = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['fulfillment'] }),
      queries.invalidateQueries({ queryKey: ['packages', 'fo', fo] }),
    ]);
  async function act<T>(call: () => Promise<T>, text?: string) {
    setBusy(true);
    try {
      const got = await call();
      if (text) told(text);
      return got;
    } catch (failure) {
      refused(failure);
      return undefined;
    } finally {
      setBusy(false);
      void look();
    }
  }
  return { act, look, isBusy };
}

const draftOf = (fo: Fo['id']) =>
  take(
    api.POST('/v1/packages', {
      params: { header: onceOnly() },
      body: { fulfillment_order_id: fo },
    }),
  );

// The first scan makes the parcel.
function useScan(fo: Fo, draft: Package | undefined, look: () => Promise<unknown>) {
  const [asked, show] = useState<string | null>(null);
  // What the next scan goes into and answers; a gun is faster than the screen.
  const made = useRef<Package | undefined>(undefined);
  const wanted = useRef<string | null>(null);
  if (draft && draft.version >= (made.current?.version ?? 0)) made.current = draft;
  const setAsked = (to: string | null) => {
    wanted.current = to;
    show(to);
  };
  const ids = useScanIds();
  async function send(code: string): Promise<Scanned> {
    try {
      const first = wanted.current;
      const at = made.current ?? (await draftOf(fo.id)).items[0];
      if (!at) return { isGood: false, text: 'No parcel was made; scan it again' };
      made.current = at;
      const after = await take(
        api.POST('/v1/packages/{id}/scan', {
          params: { path: { id: at.id }, header: onceOnly() },
          body: {
            barcode: first ?? code,
            scan_id: ids.of(code),
            ...(first ? { serials: [code] } : {}),
          },
        }),
      );
      ids.answered();
      setAsked(null);
      const was = new Map(at.items.map((item) => [item.sku, item.quantity]));
      const item = after.items.find((one) => one.quantity > (was.get(one.sku) ?? 0));
      made.current = after;
      await look();
      return {
        isGood: true,
        text: item ? `${item.sku}: ${item.quantity} in the box` : 'In the box',
      };
    } catch (failure) {
      if (!(failure instanceof ProblemError))
        return { isGood: false, text: 'No connection: scan it again. It counts once.' };
      ids.answered();
      if (!wanted.current && failure.problem.code === 'serials_required') {
        setAsked(code);
        return { isGood: true, text: 'Now the number of the unit' };
      }
      setAsked(null);
      return { isGood: false, text: failure.message };
    }
  }
  return { asked, send };
}

function Wanted({ fo, draft }: { fo: Fo; draft?: Package }) {
  return (
    <ul className={c.wanted}>
      {fo.lines.map((line) => {
        const here = (draft?.items ?? [])
          .filter((item) => item.line === line.n)
          .reduce((n, item) => n + item.quantity, 0);
        const left = line.picked - line.packed;
        return (
          <li key={line.n} data-done={left <= 0}>
            <span className={c.restWhat}>
              {line.title || line.sku} {line.is_kit && <Badge word="kit" />}
              <small>
                {line.sku}
                {line.picked < line.quantity &&
                  ` · ${many(line.quantity - line.picked, 'unit')} not picked yet`}
              </small>
            </span>
            {here > 0 && <Badge word="in" tone="good" label={`${here.toLocaleString()} in`} />}
            <span className={c.restUnits}>
              {left > 0 ? `${left.toLocaleString()} to pack` : <Icon name="check" />}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Grams({
  grams,
  set,
  placeholder,
}: {
  grams: string;
  set: (to: string) => void;
  placeholder: string;
}) {
  return (
    <TextInput
      label="Weighed, g"
      placeholder={placeholder}
      type="number"
      inputMode="numeric"
      min={1}
      max={1_000_000}
      value={grams}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

function Closing({ fo, draft }: { fo: Fo; draft: Package }) {
  const boxes = useBoxes(fo.location_id);
  const { act, isBusy } = useBench(fo.id);
  const [box, setBox] = useState(draft.box ?? '');
  const [grams, setGrams] = useState('');
  const close = () =>
    act(() =>
      take(
        api.POST('/v1/packages/{id}/close', {
          params: { path: { id: draft.id }, header: onceOnly() },
          body: {
            version: draft.version,
            ...(box ? { box } : {}),
            ...(grams ? { weight_g: Math.trunc(Number(grams)) } : {}),
          },
        }),
      ),
    );
  return (
    <div className={c.closing}>
      <NativeSelect
        label="Box"
        value={box}
        onChange={(event) => setBox(event.currentTarget.value)}
        data={[
          { value: '', label: 'None, as it is' },
          ...boxes.map((one) => ({
            value: one.code,
            label: `${one.name || one.code}, ${[one.length_mm, one.width_mm, one.height_mm].map((mm) => mm / 10).join(' × ')} cm`,
          })),
        ]}
      />
      <Grams grams={grams} set={setGrams} placeholder="added up" />
      <Button
        size="md"
        loading={isBusy}
        disabled={draft.items.length === 0}
        onClick={() => void close()}
      >
        Close the box
      </Button>
    </div>
  );
}

// No carrier is asked before somebody knows what it weighs.
function Weighing({ fo, of }: { fo: Fo; of: Package }) {
  const { act, isBusy } = useBench(fo.id);
  const [grams, setGrams] = useState('');
  const weigh = () =>
    act(() =>
      take(
        api.PATCH('/v1/packages/{id}', {
          params: { path: { id: of.id }, header: onceOnly() },
          body: { version: of.version, weight_g: Math.trunc(Number(grams)) },
        }),
      ),
    );
  return (
    <form
      className={look.bar}
      onSubmit={(event) => {
        event.preventDefault();
        void weigh();
      }}
    >
      <Grams grams={grams} set={setGrams} placeholder="" />
      <Button type="submit" loading={isBusy} disabled={!grams}>
        That is its weight
      </Button>
    </form>
  );
}

// A parcel that is closed: the next thing to do with it.
function Leaving({ fo, of }: { fo: Fo; of: Package }) {
  const { act, isBusy } = useBench(fo.id);
  const at = { params: { path: { id: of.id }, header: onceOnly() }, body: { version: of.version } };
  const label = () => act(() => take(api.POST('/v1/packages/{id}/label', at)));
  const ship = () =>
    act(() => take(api.POST('/v1/packages/{id}/ship', at)), 'Handed over: its units have left');
  const anew = () => act(() => take(api.POST('/v1/packages/{id}/void', at)), 'Unpacked again');
  return (
    <div className={c.leaving}>
      {of.state === 'draft' && (
        <>
          {of.weight_g === 0 ? (
            <Weighing fo={fo} of={of} />
          ) : (
            <Button loading={isBusy} onClick={() => void label()}>
              Buy the label
            </Button>
          )}
          <Button variant="default" loading={isBusy} onClick={() => void anew()}>
            Unpack
          </Button>
        </>
      )}
      {of.state === 'label_pending' && (
        <span className={look.soft}>The carrier is asked; its answer shows up here.</span>
      )}
      {of.state === 'labelled' && (
        <>
          <Button component="a" href={`/v1/packages/${of.id}/label`} target="_blank">
            Print the label
          </Button>
          <Button variant="default" loading={isBusy} onClick={() => void ship()}>
            Ship it
          </Button>
        </>
      )}
    </div>
  );
}

function Bench({ fo, packages }: { fo: Fo; packages: Package[] }) {
  const { look: again, act, isBusy } = useBench(fo.id);
  const draft = packages.find((one) => one.state === 'draft' && !one.is_closed);
  const { asked, send } = useScan(fo, draft, again);
  const left = sum(fo, 'picked') - sum(fo, 'packed');
  const suggest = () =>
    act(
      () =>
        take(
          api.POST('/v1/packages', {
            params: { header: onceOnly() },
            body: { fulfillment_order_id: fo.id, suggest: true, close: true },
          }),
        ),
      'Packed as the boxes take it',
    );
  return (
    <Card
      title={draft ? 'The open box' : 'To be packed'}
      aside={<span className={look.faint}>{many(left, 'unit')} left</span>}
    >
      <div className={c.bench}>
        {left > 0 && (
          <Scan
            label={asked ? `Scan the number of ${asked}` : 'Scan what goes into the box'}
            take={send}
          />
        )}
        <Wanted fo={fo} draft={draft} />
        {draft && <Closing key={draft.id} fo={fo} draft={draft} />}
        {!draft && left > 0 && (
          <Button variant="default" loading={isBusy} onClick={() => void suggest()}>
            Pack all without scanning
          </Button>
        )}
      </div>
    </Card>
  );
}

export default function PackPage({ id }: { id: string }) {
  const { can } = useSession();
  const locations = useLocations();
  const { data: fo, error, refetch } = useFo(id);
  const packages = useFoPackages(id);
  if (error && !fo) return <ProblemView error={error} retry={() => void refetch()} />;
  if (packages.error) return <ProblemView error={packages.error} />;
  if (!fo || !packages.data) return <Shades lines={8} />;
  const all = packages.data.items.filter((one) => one.kind === 'outbound');
  const done = all.filter(
    (one) => one.state !== 'voided' && (one.is_closed || one.state !== 'draft'),
  );
  const hasWork =
    sum(fo, 'picked') > sum(fo, 'packed') ||
    all.some((one) => !one.is_closed && one.state === 'draft');
  return (
    <div className={c.phone}>
      <Link href={`/fulfillment/${fo.id}`} className={c.back}>
        <Icon name="back" size={14} /> {fo.order_number}
      </Link>
      <div className={c.walkHead}>
        <h1>Pack {fo.order_number}</h1>
        <Badge word={fo.status} />
        <span className={`${c.end} ${look.soft}`}>{locations.nameOf(fo.location_id)}</span>
      </div>
      {can('shipping:write') && hasWork && <Bench key={done.length} fo={fo} packages={all} />}
      {!hasWork && done.length === 0 && (
        <Empty title="Nothing is there to be packed">
          <p>Units are packed once they are picked.</p>
        </Empty>
      )}
      {done.length > 0 && (
        <Card title="Parcels" isFlush>
          <div className={c.parcels}>
            {done.map((one) => (
              <div key={one.id}>
                <Parcel of={one} />
                {can('shipping:write') && <Leaving fo={fo} of={one} />}
              </div>
            ))}
          </div>
        </Card>
      )}
      {fo.status === 'closed' && (
        <p className={look.soft}>
          All of it has left. <Link href="/picking">To the walks</Link>
        </p>
      )}
    </div>
  );
}
