/** @jsxImportSource preact */
// frame.tsx - the shop's own frame around what a link opens. In a small bundle
// of its own: a buyer's phone loads none of the dashboard.
import './public.css';
import { type ComponentChildren, render } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { read, type Shop, Trouble } from './open';
import { zone } from './words';

// White or black, whichever reads better on the colour (WCAG's luminance).
function inkOn(color: string): string {
  const part = (at: number) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

function Brand({ shop }: { shop: Shop }) {
  useEffect(() => {
    if (!shop.color) return;
    const { style } = document.documentElement;
    style.setProperty('--shop', shop.color);
    style.setProperty('--on-shop', inkOn(shop.color));
  }, [shop.color]);
  const name = (
    <>
      <span class="mark" aria-hidden="true">
        {[...shop.name][0]}
      </span>
      {shop.name}
    </>
  );
  return (
    <header class="brand">
      {shop.link ? (
        <a href={shop.link} rel="noreferrer">
          {name}
        </a>
      ) : (
        <span>{name}</span>
      )}
    </header>
  );
}

export function Frame({
  shop,
  ends,
  children,
}: {
  shop: Shop;
  ends: string;
  children: ComponentChildren;
}) {
  return (
    <>
      <Brand shop={shop} />
      <main>{children}</main>
      <footer>
        {shop.contact && (
          <p>
            Questions? <a href={`mailto:${shop.contact}`}>{shop.contact}</a>
          </p>
        )}
        <p>
          Times are those of {zone}. {ends}
        </p>
      </footer>
    </>
  );
}

export function TroubleView({ trouble, retry }: { trouble: Trouble; retry: () => void }) {
  return (
    <main class="trouble">
      <h1>{trouble.title}</h1>
      <p>{trouble.message}</p>
      {trouble.again && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </main>
  );
}

const AGAIN_MS = 60_000;

// What the link opens, asked again while somebody looks at it. Once it stood
// there, a call that got no answer leaves it standing.
export function useOpened<T>(below: string) {
  const [seen, setSeen] = useState<T | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [asked, setAsked] = useState(0);
  const ask = useCallback(() => setAsked((n) => n + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each asking is a call
  useEffect(() => {
    read<T>(below).then(
      (got) => {
        setSeen(got);
        setTrouble(null);
      },
      (error) => setTrouble(error instanceof Trouble ? error : new Trouble('', String(error))),
    );
  }, [below, asked]);
  useEffect(() => {
    const look = () => document.hidden || ask();
    const timer = setInterval(look, AGAIN_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [ask]);
  return { seen: trouble && !trouble.again ? null : seen, trouble, ask };
}

export function show(page: ComponentChildren) {
  const root = document.getElementById('root');
  if (root) render(page, root);
}
