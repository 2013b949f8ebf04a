// server.mjs - the real binary on a store of its own.
//
// WHARF_BIN names the binary (default build/dev/wharf). With
// WHARF_PG_CONNINFO set, every store is a new database on that server.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';
import { closeAtEnd } from './open.mjs';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const bin = process.env.WHARF_BIN ?? path.join(root, 'build/dev/wharf');
// Without sanitizers, where it is built: for what handles much data.
export const releaseBin = [path.join(root, 'build/release/wharf'), bin]
  .find((at) => existsSync(at));
export const conninfo = process.env.WHARF_PG_CONNINFO ?? '';
export const engine = conninfo ? 'postgres' : 'sqlite';
export const isLong = process.env.WHARF_TESTS === 'long';

if (!existsSync(bin)) throw new Error(`${bin} is missing: make dev first`);

let stores = 0;

export class Store {
  constructor() {
    this.dir = mkdtempSync(path.join(tmpdir(), 'wharf-http-'));
    this.env = { ...process.env };
    this.binary = bin; // For commands; servers are always `bin`.
    if (!conninfo) {
      this.args = ['--store', `sqlite:${path.join(this.dir, 'wharf.db')}`];
      return;
    }
    this.env.WHARF_KEY_FILE = path.join(this.dir, 'wharf.key');
    this.database = `wharf_http_${process.pid}_${++stores}`;
    psql(`CREATE DATABASE ${this.database}`);
    this.env.WHARF_PG_CONNINFO = `${conninfo} dbname=${this.database}`;
    this.args = ['--store', 'postgres'];
  }

  // Runs `wharf WORDS…` on this store; resolves whatever the exit code.
  run(words, { timeoutMs = 120000 } = {}) {
    return new Promise((resolve) => {
      execFile(this.binary, [words[0], ...this.args, ...words.slice(1)],
        { env: this.env, timeout: timeoutMs, maxBuffer: 64 << 20 },
        (error, stdout, stderr) => resolve({
          code: error ? error.code ?? error.signal : 0, stdout, stderr }));
    });
  }

  // Like run, but the command must succeed.
  async must(words, options) {
    const done = await this.run(words, options);
    if (done.code !== 0)
      throw new Error(`wharf ${words.join(' ')}: ${done.code} ${done.stderr}`);
    return done;
  }

  // The text of a new API key with those scopes.
  async key(scopes = 'all', name = 'test') {
    const done = await this.must(['key', 'create', '--name', name,
      '--scopes', scopes, '--json']);
    return JSON.parse(done.stdout).key;
  }

  async verify() {
    return this.run(['verify']);
  }

  // Behind the house's back.
  sql(text) {
    if (this.database) psql(text, this.env.WHARF_PG_CONNINFO);
    else execFileSync('sqlite3', ['-cmd', '.timeout 10000',
      path.join(this.dir, 'wharf.db'), text]);
  }

  drop() {
    rmSync(this.dir, { recursive: true, force: true });
    if (this.database) psql(`DROP DATABASE ${this.database} WITH (FORCE)`);
  }
}

function psql(sql, to = conninfo) {
  execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', to,
    '-c', sql], { stdio: ['ignore', 'ignore', 'inherit'] });
}

export class Server {
  // Starts `wharf serve` on any free port and waits until it serves; `files` is
  // how many descriptors it may have.
  static async start(store, extra = [], { files } = {}) {
    const server = new Server();
    server.store = store;
    server.log = '';
    const words = ['serve', ...store.args, '--listen', '127.0.0.1:0', ...extra];
    const [file, args] = files === undefined ? [bin, words]
      : ['sh', ['-c', `ulimit -n ${files}; exec "$0" "$@"`, bin, ...words]];
    server.child = spawn(file, args,
      { env: store.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = closeAtEnd(() => server.stop());
    const kill = () => server.child.kill('SIGKILL');
    process.once('exit', kill);
    server.exited = new Promise((resolve) =>
      server.child.on('exit', (code, signal) => {
        ended();
        process.off('exit', kill);
        resolve({ code, signal });
      }));
    server.child.stderr.on('data', (part) => {
      server.log = (server.log + part).slice(-65536);
    });
    let out = '';
    server.port = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(
        new Error(`not serving after 60 s: ${server.log}`)), 60000);
      const settle = (fn, value) => { clearTimeout(timer); fn(value); };
      server.child.stdout.on('data', (part) => {
        out += part;
        const found = out.match(/serves http:\/\/[^\s]*:(\d+)/);
        if (found) settle(resolve, Number(found[1]));
      });
      server.exited.then(({ code, signal }) => settle(reject,
        new Error(`exit ${code ?? signal}: ${server.log}`)));
    });
    return server;
  }

  // SIGTERM and wait; the exit code must be 0 (a sanitizer's is not).
  async stop() {
    this.child.kill('SIGTERM');
    const { code, signal } = await this.exited;
    if (code !== 0)
      throw new Error(`exit ${code ?? signal}: ${this.log.slice(-8000)}`);
  }
}

// Store, key with all scopes, server and client; stop() ends with `verify`.
export async function openHouse({ extra = [], store = new Store() } = {}) {
  const house = { store, root: await store.key('all', 'root') };
  house.server = await Server.start(store, extra);
  house.port = house.server.port;
  house.client = new Client(house.port, house.root);
  house.restart = async (words = extra) => {
    house.client.close();
    await house.server.stop();
    house.server = await Server.start(store, words);
    house.port = house.server.port;
    house.client = new Client(house.port, house.root);
  };
  house.stop = async () => {
    house.client.close();
    await house.server.stop();
    const verified = await store.verify();
    if (verified.code !== 0)
      throw new Error(`verify: ${verified.stdout}${verified.stderr}`);
    store.drop();
  };
  return house;
}
