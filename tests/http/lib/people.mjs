// people.mjs - people of the house, and browsers that hold their cookies.
import { randomUUID } from 'node:crypto';

export const PASSWORD = 'correct horse battery';
let people = 0;

// A person with that role and the password above.
export async function addPerson(client, roles = ['admin'], email) {
  const user = await client.ok('POST', '/v1/users', {
    email: email ?? `p${++people}-${randomUUID().slice(0, 8)}@shop.example`,
    name: `Person ${people}`, roles: [roles].flat() });
  return client.ok('POST', `/v1/users/${user.id}/password`,
    { password: PASSWORD });
}

// Keeps cookies as a browser does, and sends the CSRF token.
export class Browser {
  constructor(client) {
    this.client = client.as(null);
    this.cookies = new Map();
    this.csrf = null;
  }

  headers(more = {}) {
    const headers = {};
    if (this.cookies.size > 0)
      headers.cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`)
        .join('; ');
    if (this.csrf) headers['x-csrf-token'] = this.csrf;
    return { ...headers, ...more };
  }

  async send(method, url, options = {}) {
    const reply = await this.client.send(method, url,
      { ...options, headers: this.headers(options.headers) });
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const [pair, ...attributes] = line.split('; ');
      const at = pair.indexOf('=');
      if (attributes.includes('Max-Age=0')) this.cookies.delete(
        pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    if (reply.json?.csrf_token) this.csrf = reply.json.csrf_token;
    return reply;
  }

  get(url, options) { return this.send('GET', url, options); }
  post(url, body, options) {
    return this.send('POST', url, { ...options, body });
  }

  signIn(email, password = PASSWORD, options = {}) {
    return this.post('/v1/session', { email, password }, options);
  }
}

export async function signedIn(client, email, password = PASSWORD) {
  const browser = new Browser(client);
  const reply = await browser.signIn(email, password);
  if (reply.status !== 201) throw new Error(`sign-in: ${reply.text}`);
  return browser;
}
