// sse.mjs - a reader of server-sent events, as the standard parses them.
import http from 'node:http';
import { closeAtEnd } from './open.mjs';

export class Sse {
  // Connects and resolves when the head is there; status and problem tell.
  static open(port, key, path, { lastId, headers = {} } = {}) {
    const sse = new Sse();
    sse.events = []; // {id, event, data}: data parsed as JSON.
    sse.lastId = lastId ?? null;
    sse.comments = 0;
    sse.waiting = [];
    sse.closed = new Promise((resolve) => { sse.onClosed = resolve; });
    return new Promise((resolve, reject) => {
      sse.req = http.get({ host: '127.0.0.1', port, path, agent: false,
        headers: { accept: 'text/event-stream', authorization: `Bearer ${key}`,
          ...(lastId ? { 'last-event-id': lastId } : {}), ...headers } },
      (res) => {
        sse.res = res;
        sse.status = res.statusCode;
        sse.type = res.headers['content-type'];
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (part) => {
          text += part;
          if (sse.status !== 200) { sse.text = text; return; }
          let cut;
          while ((cut = text.indexOf('\n\n')) >= 0) {
            sse.block(text.slice(0, cut));
            text = text.slice(cut + 2);
          }
        });
        res.on('error', () => {});
        res.on('close', () => {
          sse.isClosed = true;
          if (sse.status !== 200) sse.problem = JSON.parse(sse.text || '{}');
          sse.onClosed();
          sse.wake();
          if (sse.status !== 200) resolve(sse);
        });
        if (sse.status === 200) resolve(sse);
      });
      const ended = closeAtEnd(() => sse.req.destroy());
      sse.req.on('close', ended);
      sse.req.on('error', (error) => sse.res ? null : reject(error));
    });
  }

  block(text) {
    let id = null, event = 'message', data = null;
    for (const line of text.split('\n')) {
      if (line.startsWith(':')) this.comments++;
      else if (line.startsWith('id: ')) id = line.slice(4);
      else if (line.startsWith('event: ')) event = line.slice(7);
      else if (line.startsWith('data: '))
        data = (data === null ? '' : data + '\n') + line.slice(6);
    }
    if (id !== null) this.lastId = id;
    if (data === null) return;
    this.events.push({ id, event, data: JSON.parse(data), at: Date.now() });
    this.wake();
  }

  wake() {
    for (const check of this.waiting.splice(0)) check();
  }

  // Until `ready(events)` is true; what it returned.
  async until(ready, ms = 20000) {
    const end = Date.now() + ms;
    for (;;) {
      const got = ready(this.events);
      if (got) return got;
      if (this.isClosed) throw new Error(`the stream ended: ${
        JSON.stringify(this.events.at(-1))}`);
      if (Date.now() > end) throw new Error(`nothing after ${ms} ms: ${
        JSON.stringify(this.events.slice(-3))}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, end - Date.now()));
        this.waiting.push(() => { clearTimeout(timer); resolve(); });
      });
    }
  }

  close() {
    this.req.destroy();
    return this.closed;
  }
}
