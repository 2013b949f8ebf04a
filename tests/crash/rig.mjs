// rig.mjs - a store, the real binary on it, and load: for crash tests, benches.
//
// WHARF_BUILD is the folder of the programs (default build/release). With
// engine 'postgres' a store is a new database on the server that
// WHARF_PG_CONNINFO names (tools/pg-temp gives one).
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync,
  writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const build = path.resolve(root, process.env.WHARF_BUILD ?? 'build/release');
export const conninfo = process.env.WHARF_PG_CONNINFO ?? '';
export { sleep };

const program = (name) => path.join(build, name);
let made = 0;

// Runs to its end; stdout as text. Fails with what it said.
export function run(name, args, { env = process.env, codes = [0] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program(name), args,
      { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    child.stdout.on('data', (part) => { out += part; });
    child.stderr.on('data', (part) => { err = (err + part).slice(-8192); });
    child.on('error', reject);
    child.on('close', (code, signal) => codes.includes(code)
      ? resolve({ code, out, err })
      : reject(new Error(`${name} ${args.join(' ')}: ${code ?? signal}\n` +
        `${out.slice(-4096)}${err}`)));
  });
}

export class Store {
  constructor(engine = 'sqlite', dir = null) {
    this.engine = engine;
    this.dir = dir ?? mkdtempSync(path.join(process.env.WHARF_BENCH_DIR ?? tmpdir(),
      'wharf-rig-'));
    this.ownsDir = dir === null;
    this.env = { ...process.env };
    this.servers = new Set();
    // Not on a disk that is about to be full.
    this.logs = this.ownsDir ? this.dir
      : mkdtempSync(path.join(tmpdir(), 'wharf-log-'));
    this.keyFile = path.join(this.dir, 'key');
    this.path = path.join(this.dir, 'wharf.db');
    this.args = ['--store', `sqlite:${this.path}`];
    if (engine === 'postgres') {
      this.database = `wharf_rig_${process.pid}_${++made}`;
      psql(`CREATE DATABASE ${this.database}`);
      this.env.WHARF_PG_CONNINFO = `${conninfo} dbname=${this.database}`;
      this.args = ['--store', 'postgres'];
    }
  }

  wharf(words, options) {
    return run('wharf', [...words, ...this.args], { env: this.env, ...options });
  }

  // An API key of all scopes, made once, while no server runs.
  async key() {
    if (!existsSync(this.keyFile)) {
      const { out } = await this.wharf(
        ['key', 'create', '--name', 'rig', '--scopes', 'all']);
      writeFileSync(this.keyFile, out.trim() + '\n', { mode: 0o600 });
    }
    return readFileSync(this.keyFile, 'utf8').trim();
  }

  // Fails with what verify found wrong.
  async verify() {
    await this.wharf(['verify']);
    return 'ok';
  }

  drop() {
    for (const server of this.servers) server.child.kill('SIGKILL');
    rmSync(this.logs, { recursive: true, force: true });
    if (this.ownsDir) rmSync(this.dir, { recursive: true, force: true });
    if (this.database) psql(`DROP DATABASE ${this.database} WITH (FORCE)`);
  }
}

export function psql(sql, to = conninfo) {
  return execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1',
    '-d', to, '-c', sql], { encoding: 'utf8' }).trim();
}

export class Server {
  // Options: binary, env, args, readyMs. Resolves once /readyz says 200.
  static async start(store, options = {}) {
    const server = new Server();
    await store.key();
    server.store = store;
    server.logFile = path.join(store.logs, 'server.log');
    const log = openSync(server.logFile, 'a');
    const begun = performance.now();
    server.child = spawn(program(options.binary ?? 'wharf'),
      ['serve', ...store.args, '--listen', '127.0.0.1:0', ...options.args ?? []],
      { env: { ...store.env, ...options.env }, stdio: ['ignore', 'pipe', log] });
    closeSync(log);
    store.servers.add(server);
    server.exited = new Promise((resolve) => server.child.on('close',
      (code, signal) => {
        server.isGone = true;
        store.servers.delete(server);
        resolve({ code, signal });
      }));
    server.port = await server.#port(options.readyMs ?? 60000);
    server.key = await store.key();
    if (options.waits !== false) await server.ready(options.readyMs ?? 60000);
    server.startMs = performance.now() - begun;
    return server;
  }

  #port(timeoutMs) {
    return new Promise((resolve, reject) => {
      const gone = (why) => reject(new Error(`${why}: ${this.tail()}`));
      const timer = setTimeout(gone, timeoutMs, 'the server does not serve');
      let out = '';
      this.child.stdout.on('data', (part) => {
        out += part;
        const found = out.match(/serves http:\/\/[^\s]*:(\d+)/);
        if (found) { clearTimeout(timer); resolve(Number(found[1])); }
      });
      this.exited.then(({ code, signal }) => {
        clearTimeout(timer);
        gone(`the server ended with ${code ?? signal}`);
      });
    });
  }

  tail() { return existsSync(this.logFile) ?
    readFileSync(this.logFile, 'utf8').slice(-2000) : ''; }

  async ready(timeoutMs) {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const reply = await this.send('GET', '/readyz').catch(() => null);
      if (reply?.status === 200) return;
      if (performance.now() > end || this.isGone)
        throw new Error(`not ready: ${reply?.status} ${this.tail()}`);
      await sleep(2);
    }
  }

  // One request on a connection of its own; { status, text, json, headers }.
  send(method, url, body = null, { key = `rig-${++made}-${process.pid}-${Date.now()}`,
    timeoutMs = 20000, agent = false } = {}) {
    const payload = body === null ? null : Buffer.from(JSON.stringify(body));
    const headers = { authorization: `Bearer ${this.key}` };
    if (method !== 'GET') headers['idempotency-key'] = key;
    if (payload) headers['content-type'] = 'application/json';
    if (method !== 'GET') headers['content-length'] = payload?.length ?? 0;
    return new Promise((resolve, reject) => {
      const req = request({ host: '127.0.0.1', port: this.port, method,
        path: url, headers, agent, timeout: timeoutMs }, (res) => {
        const parts = [];
        res.on('data', (part) => parts.push(part));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const isJson = /json/.test(res.headers['content-type'] ?? '');
          resolve({ status: res.statusCode, headers: res.headers, text,
            json: isJson ? JSON.parse(text) : null });
        });
      });
      req.on('timeout', () => req.destroy(new Error(`no reply to ${url}`)));
      req.on('error', reject);
      req.end(payload);
    });
  }

  // The JSON of a reply that must be 2xx.
  async must(method, url, body, options) {
    const reply = await this.send(method, url, body, options);
    if (reply.status >= 300)
      throw new Error(`${method} ${url}: ${reply.status} ${reply.text}`);
    return reply.json;
  }

  // A figure of /metrics by its name with labels, or NaN.
  async metric(name) {
    const { text } = await this.send('GET', '/metrics');
    const line = text.split('\n').find((l) => l.startsWith(`${name} `));
    return line ? Number(line.slice(name.length + 1)) : NaN;
  }

  rssMib() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  }

  // SIGTERM; it must end by itself, well.
  async stop() {
    this.child.kill('SIGTERM');
    const { code, signal } = await this.exited;
    if (code !== 0)
      throw new Error(`the server ended with ${code ?? signal}: ${this.tail()}`);
  }

  async kill() {
    this.child.kill('SIGKILL');
    return this.exited;
  }
}

// Runs bench_load on the server; its figures as an object of numbers.
export function load(server, mode, options = {}) {
  const args = ['--port', String(server.port), '--mode', mode,
    '--key-file', server.store.keyFile];
  for (const [name, value] of Object.entries(options)) {
    if (value === true) args.push(`--${name}`);
    else if (value !== undefined && value !== false)
      args.push(`--${name}`, String(value));
  }
  return run('bench_load', args, { codes: [0, 1] }).then(({ code, out, err }) => {
    const figures = { code, err };
    for (const line of out.split('\n')) {
      const [name, value] = line.split('=');
      if (value !== undefined) figures[name] = Number(value);
    }
    return figures;
  });
}
