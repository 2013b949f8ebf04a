// gateway.mjs - a scripted payment gateway with books of its own, and orders
// that are paid through it.
import { Receiver } from './receiver.mjs';

// It speaks as docs/gateways.md has it. `faults(ask, n)` may name what goes
// wrong with a request: 'drop' (done, no answer), 'lose' (neither), 'garbage'
// (done, an answer that says nothing), 'error' (neither, 500), 'hang' (done, and
// held until the test answers), 'refuse', 'pending', 'busy'; or be an amount
// that it moves instead of what was asked.
export class Gateway {
  static async start(faults = () => null, port = 0) {
    const it = new Gateway();
    it.faults = faults;
    it.books = []; // What it did: one entry a reference.
    it.held = [];
    it.serial = 0;
    it.receiver = await Receiver.start(({ json }, n) => it.answer(json, n),
      port);
    return it;
  }

  get url() { return this.receiver.url; }
  asked(operation) {
    return this.receiver.got.map((one) => one.json)
      .filter((json) => !operation || json.operation === operation);
  }

  sum(payment, type) {
    return this.books.filter((b) => b.payment === payment && b.type === type &&
      b.status === 'done').reduce((sum, b) => sum + b.amount.amount, 0);
  }

  // Each reference once, however often it is asked.
  do(ask, status = 'done', amount = null) {
    let entry = this.books.find((b) => b.reference === ask.reference);
    if (!entry) {
      entry = { reference: ask.reference, payment: ask.payment,
        id: `tx${++this.serial}`, type: ask.operation, status,
        amount: amount ?? ask.amount, gateway_ref: `gw-${ask.payment}`,
        occurred_at: new Date().toISOString(),
        ...ask.operation === 'authorize' && this.expires &&
          { expires_at: this.expires() } };
      this.books.push(entry);
    }
    return entry;
  }

  // What was done in its own panel.
  outside(payment, type, amount, more = {}) {
    const entry = { payment, id: `tx${++this.serial}`, type, status: 'done',
      amount, gateway_ref: `gw-${payment}`,
      occurred_at: new Date().toISOString(), ...more };
    this.books.push(entry);
    return entry;
  }

  answer(ask, n) {
    const ok = (body) => ({ status: 200, body: JSON.stringify(body) });
    const how = this.faults(ask, n);
    const cut = { act: (socket) => socket.destroy() };
    if (how === 'lose') return cut;
    if (how === 'error') return { status: 500, body: '{}' };
    if (how === 'busy') return { status: 429, headers: { 'Retry-After': '1' } };
    if (how === 'refuse')
      return { status: 422, body: JSON.stringify({ detail: 'card declined' }) };
    if (ask.operation === 'lookup' && how !== 'garbage' && how !== 'drop')
      return ok({ transactions: this.books.filter((b) =>
        b.payment === ask.payment) });
    const entry = ask.operation === 'lookup' ? {}
      : this.do(ask, how === 'pending' ? 'pending' : 'done', how?.currency && how);
    if (how === 'drop') return cut;
    if (how === 'garbage') return { status: 200, body: '<html>oops' };
    if (how !== 'hang') return ok(entry);
    return { act: (socket) => this.held.push(() => socket.end(
      'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n' +
      JSON.stringify(entry))) };
  }

  stop() { return this.receiver.stop(); }
}
