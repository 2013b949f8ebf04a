// client.mjs - an HTTP client that lets no response pass unchecked.
import http from 'node:http';
import { randomUUID } from 'node:crypto';
import { checkProblem, checkRequest, checkResponse, findOperation }
  from './contract.mjs';

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

// Ids that two writers make in one millisecond have no order among them, so
// what a test does one after the other is a millisecond apart.
let lastChange = 0;
async function nextMillisecond() {
  while (Date.now() <= lastChange)
    await new Promise((resolve) => setTimeout(resolve, 1));
}

export class Client {
  constructor(port, key, { sockets = 64 } = {}) {
    this.port = port;
    this.key = key;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
  }

  // Another key on the same connections.
  as(key) {
    const other = Object.create(this);
    other.key = key;
    return other;
  }

  close() {
    this.agent.destroy();
  }

  // Sends and checks the response against the contract. Options:
  //   body     an object, or a string / Buffer sent as it is
  //   key      the Idempotency-Key; made up for changing methods; null: none
  //   headers  more headers; null removes one
  //   isBad    the request is not meant to be valid: do not check it
  async send(method, url, options = {}) {
    const { body, isBad = false } = options;
    const headers = {};
    if (this.key) headers.authorization = `Bearer ${this.key}`;
    if (CHANGING.has(method) && options.key !== null)
      headers['idempotency-key'] = options.key ?? randomUUID();
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    const payload = body === undefined ? undefined
      : isRaw ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
    if (payload) headers['content-type'] = 'application/json';
    if (payload || CHANGING.has(method))
      headers['content-length'] = String(payload?.length ?? 0);
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (value === null) delete headers[name];
      else headers[name] = value;
    }
    const op = findOperation(method, url);
    if (op && !isBad && !isRaw)
      checkRequest(op, { url, headers: { ...headers,
        'Idempotency-Key': headers['idempotency-key'] }, body });
    if (CHANGING.has(method)) await nextMillisecond();
    const reply = await this.exchange(method, url, headers, payload);
    if (CHANGING.has(method)) lastChange = Date.now();
    if (op) checkResponse(op, reply);
    else if (reply.status >= 400) checkProblem(reply.json);
    else throw new Error(`${method} ${url} is not in the contract`);
    if (reply.status >= 400 && reply.json.status !== reply.status)
      throw new Error(`problem says ${reply.json.status}, not ${reply.status}`);
    return reply;
  }

  exchange(method, url, headers, payload) {
    return new Promise((resolve, reject) => {
      const req = http.request({ host: '127.0.0.1', port: this.port, method,
        path: url, headers, agent: this.agent }, (res) => {
        const parts = [];
        res.on('data', (part) => parts.push(part));
        res.on('error', reject);
        res.on('end', () => {
          const bytes = Buffer.concat(parts);
          const text = bytes.toString('utf8');
          const contentType = res.headers['content-type'];
          let json;
          if (/json/.test(contentType ?? '')) json = JSON.parse(text);
          resolve({ status: res.statusCode, headers: res.headers, contentType,
            bytes, text, json });
        });
      });
      req.on('error', reject);
      req.end(payload);
    });
  }

  get(url, options) { return this.send('GET', url, options); }
  post(url, body, options) { return this.send('POST', url, { ...options, body }); }
  put(url, body, options) { return this.send('PUT', url, { ...options, body }); }
  patch(url, body, options) {
    return this.send('PATCH', url, { ...options, body });
  }
  delete(url, options) { return this.send('DELETE', url, options); }

  // The body of a reply that must have that status.
  async ok(method, url, body, options = {}) {
    const reply = await this.send(method, url, { ...options, body });
    const expected = options.status ?? [200, 201];
    if (![expected].flat().includes(reply.status))
      throw new Error(`${method} ${url}: ${reply.status} ${reply.text}`);
    return reply.json;
  }

  // All items of a list, page by page.
  async all(url, limit = 250) {
    const items = [];
    let after = null;
    for (let page = 0; page < 10000; page++) {
      const sep = url.includes('?') ? '&' : '?';
      const more = after ? `&after=${encodeURIComponent(after)}` : '';
      const json = await this.ok('GET', `${url}${sep}limit=${limit}${more}`);
      items.push(...json.items);
      after = json.next;
      if (after === null) return items;
      if (json.items.length === 0) throw new Error(`${url}: an empty page`);
    }
    throw new Error(`${url}: the list does not end`);
  }
}
