// callError.ts - why a call to somebody's address failed, in words.
const WHY: Record<string, string> = {
  url_not_allowed: 'Such an address is never called',
  address_not_allowed: 'Leads to a private address',
  name_not_found: 'Nobody has that name',
  not_connected: 'Nobody answers there',
  tls_failed: 'No safe connection',
  timeout: 'No answer in time',
  broken_answer: 'An answer nobody understands',
  secret_key_missing: 'The key file lacks its key',
};

export const callError = (word: string | null | undefined): string | null =>
  word ? (WHY[word] ?? word) : null;
