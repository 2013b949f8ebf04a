// client.ts - the calls of the contract, typed by it.
import type { components, paths } from 'contract';
import createClient from 'openapi-fetch';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];
export type Scope = Schemas['Scope'];

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

let csrfToken = '';
export function setCsrfToken(token: string | null) {
  csrfToken = token ?? '';
}

let onUnauthenticated = () => {};
export function whenUnauthenticated(then: () => void) {
  onUnauthenticated = then;
}

// One for each thing somebody does, so that sending it again does it once.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
export const onceOnly = () => ({ 'Idempotency-Key': newKey() });

const TRIES = 3;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// A change that got no answer is sent again under its key: whatever had
// happened, it happens once.
async function send(request: Request): Promise<Response> {
  if (request.method === 'GET') return fetch(request);
  for (let left = TRIES; ; left--) {
    try {
      return await fetch(request.clone());
    } catch (error) {
      if (left <= 1) throw error;
      await wait(400 * (TRIES - left + 1));
    }
  }
}

export const api = createClient<paths, 'application/json'>({ baseUrl: '', fetch: send });
api.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({ request, response }) {
    const isSignIn = request.method === 'POST' && request.url.endsWith('/v1/session');
    if (response.status === 401 && !isSignIn) onUnauthenticated();
    return response;
  },
});

function problemOf(error: unknown, response: Response): Problem {
  if (error && typeof error === 'object' && 'code' in error) return error as Problem;
  return {
    type: 'about:blank',
    title: 'The server gave no readable answer',
    status: response.status,
    code: 'unreadable',
    detail: `The server answered ${response.status} without saying why.`,
    request_id: response.headers.get('X-Request-Id') ?? '',
  };
}

// The answer, or the problem thrown.
export async function take<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ProblemError(problemOf(error, response));
  return data as T;
}
