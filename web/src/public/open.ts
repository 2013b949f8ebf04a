// open.ts - what a link opens: one call, and why it may open nothing.
import type { components } from 'contract';

export type Tracked = components['schemas']['TrackedOrder'];
export type Shop = components['schemas']['ShopSeen'];
export type Quote = components['schemas']['Quote'];

// What went wrong, in words for a buyer; `again` where another try may help.
export class Trouble extends Error {
  readonly title: string;
  readonly again: boolean;
  readonly isChanged: boolean; // What was seen is not what it is now.
  constructor(title: string, text: string, again = false, isChanged = false) {
    super(text);
    this.title = title;
    this.again = again;
    this.isChanged = isChanged;
  }
}

const token = decodeURIComponent(location.pathname.split('/').pop() ?? '');

function troubleOf(status: number, code: string, detail: string): Trouble {
  if (code === 'token_expired')
    return new Trouble('This link has ended', 'Ask the shop for a new one; it takes a moment.');
  if (code === 'token_revoked')
    return new Trouble('This link was taken back', 'Ask the shop for a new one.');
  if (code === 'quote_withdrawn')
    return new Trouble(
      'This quote was taken back',
      'The shop changes it, or ended it. Open the link of its newest message, or ask the shop.',
    );
  if (code === 'quote_expired')
    return new Trouble('This quote has ended', 'Ask the shop for a new one.', false, true);
  if (code === 'credit_limit')
    return new Trouble(
      'This cannot be accepted here',
      'It is more than what may be owed to the shop at one time. Talk to the shop.',
    );
  // What got no answer was done all the same, as it was written then.
  if (code === 'idempotency_key_reused')
    return new Trouble(
      'The shop has your first answer already',
      'It counts as you wrote it then; this is how it stands now. Nothing was done twice.',
      false,
      true,
    );
  if (status === 409)
    return new Trouble(
      'This changed while you looked at it',
      'Nothing was done. Look at it as it is now, then answer.',
      false,
      true,
    );
  if (status === 404)
    return new Trouble(
      'This link opens nothing',
      'Part of it may be missing. Open it again from the message of the shop.',
    );
  if (status === 429) return new Trouble('Too many tries', 'Wait a minute, then try again.', true);
  if (status >= 500)
    return new Trouble('This does not work just now', 'Try again in a moment.', true);
  return new Trouble('This cannot be done', detail);
}

async function call(address: string, init: RequestInit): Promise<unknown> {
  let reply: Response;
  try {
    reply = await fetch(address, init);
  } catch {
    throw new Trouble('You seem to be offline', 'Try again once you are connected.', true);
  }
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw troubleOf(reply.status, body.code ?? '', body.detail ?? '');
  return body;
}

export const read = <T>(below: string): Promise<T> =>
  call(`/v1/${below}/${encodeURIComponent(token)}`, {}) as Promise<T>;

export const write = <T>(below: string, key: string, body: unknown, act = ''): Promise<T> =>
  call(`/v1/${below}/${encodeURIComponent(token)}${act && `/${act}`}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(body),
  }) as Promise<T>;

// One for each thing somebody asks for, so that asking again asks once.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
