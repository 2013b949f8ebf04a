// ui.tsx - the small parts that all pages are made of.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemError, type Schemas } from '../api/client';
import c from './ui.module.css';
import { say, sayMoney, sayTime, sayWholeTime, type Tone, toneOf } from './words';

export function Badge({ word, tone, label }: { word: string; tone?: Tone; label?: string }) {
  return <span className={`${c.badge} ${c[tone ?? toneOf(word)]}`}>{label ?? say(word)}</span>;
}

export function Money({ of }: { of: Schemas['Money'] }) {
  return <span className={c.number}>{sayMoney(of)}</span>;
}

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={sayWholeTime(at)}>
      {sayTime(at)}
    </time>
  );
}

export function PageHead({
  title,
  badges,
  children,
}: {
  title: string;
  badges?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className={c.head}>
      <h1>{title}</h1>
      {badges}
      <span className={c.grow} />
      {children}
    </header>
  );
}

export function Card({
  title,
  aside,
  children,
  isFlush = false,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  isFlush?: boolean;
}) {
  return (
    <section className={c.card} aria-label={title}>
      <div className={c.cardHead}>
        <h2>{title}</h2>
        {aside}
      </div>
      {isFlush ? children : <div className={c.cardBody}>{children}</div>}
    </section>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={c.empty}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export function ProblemView({ error, retry }: { error: Error; retry?: () => void }) {
  const problem = error instanceof ProblemError ? error.problem : null;
  return (
    <div className={c.problem} role="alert">
      <div>
        {problem ? problem.detail || problem.title : 'The server cannot be reached.'}
        {problem && (
          <small>
            {problem.code}
            {problem.field ? `, ${problem.field}` : ''} · request {problem.request_id}
          </small>
        )}
      </div>
      {retry && (
        <Button size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Shades({ lines = 4 }: { lines?: number }) {
  return (
    <div className={c.cardBody} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike, and none moves
        <p className={c.shade} key={i} />
      ))}
    </div>
  );
}

export function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className={c.facts}>
      {rows
        .filter(([, value]) => value || value === 0)
        .map(([name, value]) => (
          <div key={name} className={c.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
export { c as look };
