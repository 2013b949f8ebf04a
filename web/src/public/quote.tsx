/** @jsxImportSource preact */
// quote.tsx - a buyer reads a quote with a link alone and answers it. What it
// comes to, and whether it may be answered, is the answer of the API.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sayMoney } from '../ui/money';
import { Frame, show, TroubleView, useOpened } from './frame';
import { newKey, type Quote, Trouble, write } from './open';
import { many, sayDate, sayMoment } from './words';

const HEADLINE: Record<Quote['state'], string> = {
  sent: 'A quote for you',
  accepted: 'You accepted this quote',
  declined: 'You declined this quote',
  expired: 'This quote has ended',
  converted: 'This quote became an order',
};
const NEXT: Record<Quote['state'], string> = {
  sent: '',
  accepted: 'The shop has your answer and places the order.',
  declined: 'The shop has your answer.',
  expired: 'Ask the shop for a new one.',
  converted: 'The shop told you its number.',
};

function Lines({ of }: { of: Quote }) {
  return (
    <ul class="items">
      {of.lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a quote have no other name
        <li key={i}>
          <div>
            <b>{line.title || line.sku}</b>
            <small>
              {line.quantity.toLocaleString()} × {sayMoney(line.unit_price)}
              {line.title && ` · ${line.sku}`}
              {line.discount.amount !== 0 && ` · less ${sayMoney(line.discount)}`}
            </small>
          </div>
          <span>{sayMoney(line.total)}</span>
        </li>
      ))}
    </ul>
  );
}

function Sums({ of }: { of: Quote }) {
  const rows = [
    ['Shipping', of.shipping],
    ['Fees', of.fees],
    [of.tax_mode === 'inclusive' ? 'Tax, contained' : 'Tax', of.tax],
  ] as const;
  return (
    <dl class="sums">
      {rows.map(
        ([name, value]) =>
          value.amount !== 0 && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{sayMoney(value)}</dd>
            </div>
          ),
      )}
      <div class="sum">
        <dt>Total</dt>
        <dd>{sayMoney(of.total)}</dd>
      </div>
    </dl>
  );
}

type Act = 'accept' | 'decline';

function useAnswer(of: Quote, onAnswered: (quote: Quote) => void, onChanged: () => void) {
  const keys = useRef<Record<Act, string>>({ accept: newKey(), decline: newKey() });
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState<Act | null>(null);
  async function answer(act: Act, more: { po_number?: string; reason?: string }) {
    setBusy(act);
    setTrouble(null);
    try {
      const body = { version: of.version, ...more };
      onAnswered(await write<Quote>('quotes', keys.current[act], body, act));
    } catch (error) {
      const told = error instanceof Trouble ? error : new Trouble('', String(error));
      // What got no answer is said again under its key: it happens once.
      if (!told.again) keys.current[act] = newKey();
      setTrouble(told);
      if (told.isChanged) onChanged();
    }
    setBusy(null);
  }
  return { answer, trouble, busy };
}

function Answer({
  of,
  onAnswered,
  onChanged,
}: {
  of: Quote;
  onAnswered: (quote: Quote) => void;
  onChanged: () => void;
}) {
  const [po, setPo] = useState(of.po_number ?? '');
  const [reason, setReason] = useState('');
  const { answer, trouble, busy } = useAnswer(of, onAnswered, onChanged);
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void answer('accept', po.trim() ? { po_number: po.trim() } : {});
        }}
      >
        <section aria-label="Your answer">
          <label>
            Your order number (if you like)
            <input
              value={po}
              maxLength={64}
              autocomplete="off"
              onInput={(event) => setPo(event.currentTarget.value)}
            />
          </label>
        </section>
        {trouble && (
          <p class="note bad" role="alert">
            <b>{trouble.title}. </b>
            {trouble.message}
          </p>
        )}
        <button type="submit" class="act" disabled={busy !== null}>
          Accept for {sayMoney(of.total)}
        </button>
      </form>
      <details class="no">
        <summary>Decline it</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void answer('decline', { reason: reason.trim() });
          }}
        >
          <label>
            Why? The shop reads this.
            <textarea
              rows={3}
              required
              maxLength={500}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
          <button type="submit" disabled={busy !== null || reason.trim() === ''}>
            Decline the quote
          </button>
        </form>
      </details>
    </>
  );
}

function QuotePage({ of: read, ask }: { of: Quote; ask: () => void }) {
  const [answered, setAnswered] = useState<Quote | null>(null);
  const of = answered && answered.version > read.version ? answered : read;
  useEffect(() => {
    document.title = `Quote ${of.number} · ${of.shop.name}`;
  }, [of.number, of.shop.name]);
  const facts = [
    of.terms_days !== null && `To be paid within ${many(of.terms_days, 'day')} of the invoice.`,
    !of.is_open && of.po_number && `Your order number: ${of.po_number}.`,
  ].filter(Boolean);
  return (
    <Frame
      shop={of.shop}
      ends={of.valid_until ? `This quote holds until ${sayMoment(of.valid_until)}.` : ''}
    >
      <p class="soft">Quote {of.number}</p>
      <h1>{HEADLINE[of.state]}</h1>
      {of.is_open && of.valid_until && (
        <p class="promise">It holds until {sayDate(of.valid_until)}</p>
      )}
      {NEXT[of.state] && (
        <p class="note" role="status">
          {NEXT[of.state]}
        </p>
      )}
      <section aria-label="What it is for">
        <Lines of={of} />
        <Sums of={of} />
        {facts.map((fact) => (
          <p key={String(fact)} class="soft">
            {fact}
          </p>
        ))}
      </section>
      {of.is_open && (
        <Answer
          of={of}
          onChanged={ask}
          onAnswered={(quote) => {
            setAnswered(quote);
            scrollTo(0, 0);
          }}
        />
      )}
    </Frame>
  );
}

function Page() {
  const { seen, trouble, ask } = useOpened<Quote>('quotes');
  if (seen) return <QuotePage of={seen} ask={ask} />;
  if (trouble) return <TroubleView trouble={trouble} retry={ask} />;
  return <main class="wait" role="status" aria-label="Loading" />;
}

show(<Page />);
