// days.ts - days of the reader's own zone as moments.
import { useState } from 'react';

// What a field of a day ("2026-11-22", at `time`) or of a moment ("2026-11-22T09:30")
// says; null of what is none yet, as a year that is being typed or has a digit too
// many.
const SAID = /^(?:19|2\d)\d{2}-\d{2}-\d{2}(T\d{2}:\d{2}(?::\d{2})?)?$/;
export function momentOf(text: string, time = '12:00'): string | null {
  const found = SAID.exec(text);
  const at = new Date(!found || found[1] ? text : `${text}T${time}`);
  return found && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}
export const isMoment = (text: string) => momentOf(text) !== null;

// A day from its beginning, or so many days later.
export function dayStart(day: string | null, plus = 0): string | undefined {
  const start = momentOf(day ?? '', '00:00');
  if (!start || day?.includes('T')) return undefined;
  const at = new Date(start);
  at.setDate(at.getDate() + plus);
  return at.toISOString();
}

const days = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
});
export const sayDay = (time: string): string => days.format(new Date(time));

// A moment's day as a field takes it.
export function dayOf(time: string | null | undefined): string {
  if (!time) return '';
  const at = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

// The text of a day that a list is filtered by: one that is still being typed
// filters nothing yet.
export function useDay(value: string, set: (to: string) => void) {
  const [text, setText] = useState(value);
  const [from, setFrom] = useState(value);
  if (from !== value) {
    setFrom(value);
    setText(value);
  }
  return {
    text,
    change: (to: string) => {
      setText(to);
      if (to === '' || isMoment(to)) set(to);
    },
  };
}
