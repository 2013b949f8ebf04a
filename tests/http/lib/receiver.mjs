// receiver.mjs - a real HTTP server that takes webhooks and misbehaves on
// demand.
import http from 'node:http';
import net from 'node:net';
import { closeAtEnd } from './open.mjs';

export class Receiver {
  // `answer(request, n)` gives {status, headers, body, hangMs, act}; act takes
  // the raw socket instead. Port 0 is any free one.
  static async start(answer = () => ({ status: 204 }), port = 0) {
    const receiver = new Receiver();
    receiver.answer = answer;
    receiver.got = []; // {headers, text, at, json}
    receiver.open = 0;
    receiver.mostOpen = 0;
    receiver.server = http.createServer((req, res) => receiver.take(req, res));
    await new Promise((resolve) =>
      receiver.server.listen(port, '127.0.0.1', resolve));
    receiver.port = receiver.server.address().port;
    receiver.url = `http://127.0.0.1:${receiver.port}/hook`;
    const ended = closeAtEnd(() => receiver.stop());
    receiver.server.on('close', ended);
    return receiver;
  }

  take(req, res) {
    const parts = [];
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    res.on('close', () => { this.open--; });
    req.on('data', (part) => parts.push(part));
    req.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const one = { method: req.method, path: req.url, headers: req.headers,
        text, at: Date.now() };
      try { one.json = JSON.parse(text); } catch { /* Told by the test. */ }
      this.got.push(one);
      const how = this.answer(one, this.got.length);
      if (how.act) { how.act(req.socket); return; }
      setTimeout(() => {
        res.writeHead(how.status, how.headers ?? {});
        res.end(how.body ?? '');
      }, how.hangMs ?? 0);
    });
    req.on('error', () => {});
  }

  types() { return this.got.map((one) => one.json?.type); }

  async until(ready, ms = 20000) {
    const end = Date.now() + ms;
    while (!ready(this.got)) {
      if (Date.now() > end)
        throw new Error(`not after ${ms} ms; got ${this.types()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  stop() {
    this.server.closeAllConnections?.();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// A port where nobody listens.
export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
