/** @jsxImportSource preact */
// track.tsx - what a buyer sees of an order with a link alone.
import { useEffect } from 'preact/hooks';
import { Frame, show, TroubleView, useOpened } from './frame';
import type { Tracked } from './open';
import { many, say, sayDate, sayDay, sayMoment, sayPlace } from './words';

type Parcel = Tracked['packages'][number];
type Pickup = Tracked['pickups'][number];

const STEPS = ['Packed', 'On its way', 'Out for delivery', 'Delivered'];
const REACHED: Record<string, number> = {
  labelled: 0,
  manifested: 0,
  in_transit: 1,
  exception: 1,
  return_to_sender: 1,
  lost: 1,
  out_for_delivery: 2,
  delivered: 3,
};
const IS_TROUBLE = new Set(['exception', 'return_to_sender', 'lost']);
const EVENTS_SHOWN = 4;

function Progress({ of }: { of: Parcel }) {
  const at = REACHED[of.status] ?? -1;
  return (
    <ol class="steps" data-trouble={IS_TROUBLE.has(of.status)}>
      {STEPS.map((step, i) => (
        <li
          key={step}
          data-is={i <= at ? 'done' : 'open'}
          aria-current={i === at ? 'step' : undefined}
        >
          {step}
        </li>
      ))}
    </ol>
  );
}

function Events({ of }: { of: Parcel }) {
  const told = [...of.events].reverse();
  const row = (one: Parcel['events'][number]) => (
    <li key={`${one.occurred_at} ${one.code}`}>
      <b>{say(one.code)}</b>
      <span>{[one.place, sayMoment(one.occurred_at)].filter(Boolean).join(' · ')}</span>
    </li>
  );
  if (told.length === 0) return null;
  return (
    <>
      <ul class="events">{told.slice(0, EVENTS_SHOWN).map(row)}</ul>
      {told.length > EVENTS_SHOWN && (
        <details>
          <summary>{many(told.length - EVENTS_SHOWN, 'earlier word')} of the carrier</summary>
          <ul class="events">{told.slice(EVENTS_SHOWN).map(row)}</ul>
        </details>
      )}
    </>
  );
}

function ParcelCard({ of, n, count }: { of: Parcel; n: number; count: number }) {
  const name = count > 1 ? `Parcel ${n} of ${count}` : 'Your parcel';
  const when = of.delivered_at
    ? `Delivered ${sayDay(of.delivered_at)}`
    : of.promise_at && !IS_TROUBLE.has(of.status)
      ? `Expected ${sayDay(of.promise_at)}`
      : '';
  return (
    <section aria-label={name}>
      <div class="head">
        <h2>{name}</h2>
        <span class="state" data-trouble={IS_TROUBLE.has(of.status)}>
          {say(of.status)}
        </span>
      </div>
      {when && (of.delivered_at || count > 1) && <p>{when}</p>}
      <Progress of={of} />
      <p class="soft">
        {of.carrier && `${say(of.carrier)}, `}number{' '}
        <span class="number">{of.tracking_number}</span>
      </p>
      <Events of={of} />
    </section>
  );
}

const PICKUP: Record<string, string> = {
  pending: 'Being prepared',
  ready: 'Ready to collect',
  collected: 'Collected',
  expired: 'Not collected in time',
  cancelled: 'Cancelled',
};

function PickupCard({ of }: { of: Pickup }) {
  return (
    <section aria-label={`At ${of.location}`}>
      <div class="head">
        <h2>{of.location}</h2>
        <span class="state">{PICKUP[of.status] ?? say(of.status)}</span>
      </div>
      {of.status === 'ready' && (
        <p>
          Bring the code of the message that told you.
          {of.expires_at && ` It waits there until ${sayDay(of.expires_at)}.`}
        </p>
      )}
    </section>
  );
}

// What all of it comes to, in one sentence.
function headline(of: Tracked): string {
  const isReady = of.pickups.some((one) => one.status === 'ready');
  if (of.status === 'cancelled') return 'This order was cancelled';
  if (of.delivery_status === 'delivered') return 'Delivered';
  if (isReady) return 'Ready to collect';
  if (of.packages.some((one) => one.status === 'out_for_delivery')) return 'Out for delivery';
  if (of.delivery_status === 'exception') return 'There is trouble on its way';
  if (of.delivery_status.endsWith('in_transit')) return 'On its way';
  if (of.delivery_status === 'partially_delivered') return 'Part of it is delivered';
  if (of.fulfillment_status === 'fulfilled') return 'All of it has left';
  if (of.is_waiting) return 'Waiting for goods';
  if (of.fulfillment_status === 'in_progress') return 'Being packed';
  return of.status === 'pending' ? 'Ordered' : 'Getting ready';
}

function promise(of: Tracked): string {
  if (!of.promise_at || of.status === 'cancelled' || of.delivery_status === 'delivered') return '';
  return Date.parse(of.promise_at) > Date.now()
    ? `Expected ${sayDay(of.promise_at)}`
    : `Was expected ${sayDay(of.promise_at)}; it is late, and we are sorry`;
}

const RETURNS: Record<string, string> = {
  requested: 'You asked to send something back. The shop awaits it or will answer.',
  in_progress: 'What you sent back is on its way to the shop, or being looked at.',
  partially_returned: 'Part of this order came back.',
  returned: 'This order came back.',
};

function Order({ of }: { of: Tracked }) {
  useEffect(() => {
    document.title = `Order ${of.number} · ${of.shop.name}`;
  }, [of.number, of.shop.name]);
  const left = of.deliveries.filter((one) => !['closed', 'incomplete'].includes(one.status));
  return (
    <Frame shop={of.shop} ends={`This link is good until ${sayDate(of.link_ends_at)}.`}>
      <p class="soft">
        Order {of.number}, placed {sayDate(of.placed_at)}
      </p>
      <h1>{headline(of)}</h1>
      {promise(of) && <p class="promise">{promise(of)}</p>}
      {sayPlace(of.destination) && <p class="soft">To {sayPlace(of.destination)}</p>}
      {of.return_status in RETURNS && <p class="note">{RETURNS[of.return_status]}</p>}
      {of.packages.map((one, i) => (
        <ParcelCard key={one.tracking_number} of={one} n={i + 1} count={of.packages.length} />
      ))}
      {of.pickups.map((one) => (
        <PickupCard key={`${one.location} ${one.ready_at}`} of={one} />
      ))}
      {of.packages.length + of.pickups.length === 0 && of.status !== 'cancelled' && (
        <section aria-label="What comes next">
          <h2>What comes next</h2>
          <p>
            {of.is_waiting
              ? 'Goods of this order are on their way to the shop. They leave as soon as they are there.'
              : left.length > 1
                ? `It comes in ${many(left.length, 'part')}. Each stands here once it is packed.`
                : 'As soon as it is packed, its parcel stands here.'}
          </p>
        </section>
      )}
    </Frame>
  );
}

function Page() {
  const { seen, trouble, ask } = useOpened<Tracked>('track');
  if (seen) return <Order of={seen} />;
  if (trouble) return <TroubleView trouble={trouble} retry={ask} />;
  return <main class="wait" role="status" aria-label="Loading" />;
}

show(<Page />);
