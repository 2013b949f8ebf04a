/** @jsxImportSource preact */
// return.tsx - a buyer asks goods back with a link alone. What may come back
// and why is the answer of the API; so is whether it may.
import type { paths } from 'contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Frame, show, TroubleView, useOpened } from './frame';
import { newKey, Trouble, write } from './open';
import { many, say, sayDate, sayDay } from './words';

type Seen =
  paths['/v1/return-requests/{token}']['get']['responses'][200]['content']['application/json'];
type Made =
  paths['/v1/return-requests/{token}']['post']['responses'][201]['content']['application/json'];
type Line = Seen['lines'][number];
interface Wish {
  quantity: number;
  reason: string;
  note: string;
  photo: string;
}
const NONE: Wish = { quantity: 0, reason: '', note: '', photo: '' };

function Quantity({ of, wish, set }: { of: Line; wish: Wish; set: (wish: Wish) => void }) {
  const to = (quantity: number) => set({ ...wish, quantity });
  return (
    <div class="quantity" role="group" aria-label={`Units of ${of.title} to send back`}>
      <button
        type="button"
        aria-label={`One less of ${of.title}`}
        disabled={wish.quantity === 0}
        onClick={() => to(wish.quantity - 1)}
      >
        −
      </button>
      <output aria-live="polite">
        {wish.quantity} of {of.quantity}
      </output>
      <button
        type="button"
        aria-label={`One more of ${of.title}`}
        disabled={wish.quantity >= of.quantity}
        onClick={() => to(wish.quantity + 1)}
      >
        +
      </button>
    </div>
  );
}

function Why({
  of,
  wish,
  reasons,
  set,
}: {
  of: Line;
  wish: Wish;
  reasons: Seen['reasons'];
  set: (wish: Wish) => void;
}) {
  const reason = reasons.find((one) => one.code === wish.reason);
  return (
    <div class="fields">
      <label>
        Why does it come back?
        <select
          required
          value={wish.reason}
          onChange={(event) => set({ ...wish, reason: event.currentTarget.value })}
        >
          <option value="">Choose…</option>
          {reasons.map((one) => (
            <option key={one.code} value={one.code}>
              {one.title ?? say(one.code)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {reason?.needs_note ? 'What is wrong with it?' : 'Anything else? (if you like)'}
        <input
          value={wish.note}
          maxLength={500}
          required={reason?.needs_note ?? false}
          onInput={(event) => set({ ...wish, note: event.currentTarget.value })}
        />
      </label>
      {reason?.needs_photo && (
        <label>
          Address of a photo of {of.title}
          <input
            type="url"
            required
            maxLength={2048}
            value={wish.photo}
            placeholder="https://"
            onInput={(event) => set({ ...wish, photo: event.currentTarget.value })}
          />
        </label>
      )}
    </div>
  );
}

function LineCard(props: {
  of: Line;
  wish: Wish;
  reasons: Seen['reasons'];
  set: (wish: Wish) => void;
}) {
  const { of, wish } = props;
  return (
    <section aria-label={of.title}>
      <div class="head">
        <div>
          <h2>{of.title}</h2>
          <p class="soft">
            {of.verdict === 'allowed'
              ? `${many(of.quantity, 'unit')} may come back${of.until ? ` until ${sayDay(of.until)}` : ''}`
              : say(of.verdict)}
          </p>
        </div>
        {of.verdict === 'allowed' && <Quantity of={of} wish={wish} set={props.set} />}
      </div>
      {wish.quantity > 0 && <Why {...props} />}
    </section>
  );
}

function Known({ of }: { of: Seen['returns'] }) {
  if (of.length === 0) return null;
  return (
    <section aria-label="What you asked for">
      <h2>What you asked for</h2>
      <ul class="events">
        {of.map((one) => (
          <li key={one.number}>
            <b>
              {one.number}: {say(one.state)}
            </b>
            <span>
              {many(
                one.lines.reduce((n, line) => n + line.quantity, 0),
                'unit',
              )}
              {one.state === 'open' && one.expires_at && `, by ${sayDay(one.expires_at)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function useRequest(onMade: (made: Made) => void, onChanged: () => void) {
  const key = useRef(newKey());
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function send(wishes: [number, Wish][]) {
    setBusy(true);
    setTrouble(null);
    try {
      const items = wishes.map(([line, { quantity, reason, note, photo }]) => ({
        line,
        quantity,
        reason,
        ...(note.trim() && { note: note.trim() }),
        ...(photo.trim() && { photo: photo.trim() }),
      }));
      onMade(await write<Made>('return-requests', key.current, { items }));
      key.current = newKey();
    } catch (error) {
      const told = error instanceof Trouble ? error : new Trouble('', String(error));
      // What got no answer is asked again under its key: it happens once.
      if (!told.again) key.current = newKey();
      setTrouble(told);
      if (told.isChanged) onChanged();
    }
    setBusy(false);
  }
  return { send, trouble, isBusy };
}

function Request({ of, ask }: { of: Seen; ask: () => void }) {
  const [wishes, setWishes] = useState<Record<number, Wish>>({});
  const [made, setMade] = useState<Made | null>(null);
  const again = () => {
    setWishes({});
    ask();
  };
  const { send, trouble, isBusy } = useRequest((one) => {
    setMade(one);
    scrollTo(0, 0);
    again();
  }, again);
  useEffect(() => {
    document.title = `Send back of ${of.order_number} · ${of.shop.name}`;
  }, [of.order_number, of.shop.name]);
  const chosen = of.lines
    .map((line): [number, Wish] => [line.line, wishes[line.line] ?? NONE])
    .filter(([, wish]) => wish.quantity > 0);
  const units = chosen.reduce((n, [, wish]) => n + wish.quantity, 0);
  const mayAny = of.lines.some((line) => line.verdict === 'allowed');
  return (
    <Frame shop={of.shop} ends={`This link is good until ${sayDate(of.link_ends_at)}.`}>
      <p class="soft">Order {of.order_number}</p>
      <h1>Send something back</h1>
      {made && (
        <p class="note" role="status">
          <b>{made.number}: </b>
          {made.state === 'requested'
            ? 'the shop has your wish and will answer.'
            : 'agreed. The shop tells you how to send it.'}
        </p>
      )}
      <Known of={of.returns} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send(chosen);
        }}
      >
        {of.lines.map((line) => (
          <LineCard
            key={line.line}
            of={line}
            reasons={of.reasons}
            wish={wishes[line.line] ?? NONE}
            set={(wish) => setWishes((all) => ({ ...all, [line.line]: wish }))}
          />
        ))}
        {trouble && (
          <p class="note bad" role="alert">
            <b>{trouble.title}. </b>
            {trouble.message}
          </p>
        )}
        {mayAny && (
          <button type="submit" class="act" disabled={units === 0 || isBusy}>
            {units === 0 ? 'Choose what comes back' : `Ask to send back ${many(units, 'unit')}`}
          </button>
        )}
      </form>
    </Frame>
  );
}

function Page() {
  const { seen, trouble, ask } = useOpened<Seen>('return-requests');
  if (seen) return <Request of={seen} ask={ask} />;
  if (trouble) return <TroubleView trouble={trouble} retry={ask} />;
  return <main class="wait" role="status" aria-label="Loading" />;
}

show(<Page />);
