// shutdown.test.mjs - a server told to stop finishes what it accepted (A15.05).
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { parseResponses } from './lib/raw.mjs';
import { openHouse } from './lib/server.mjs';
import { eventually, Shop } from './lib/shop.mjs';

let house, shop;
before(async () => {
  house = await openHouse();
  shop = await Shop.open(house.client, { stock: { 'STOP-1': 100000 } });
});
after(() => house?.stop());

test('every order acknowledged around a stop is there once', async () => {
  const acknowledged = new Set();
  const client = new Client(house.port, house.root);
  let isStopping = false, refused = 0;
  const buyer = async () => {
    for (;;) {
      const sent = shop.order([['STOP-1', 1, 100]]);
      try {
        const reply = await client.post('/v1/orders', sent);
        if (reply.status === 201) acknowledged.add(reply.json.id);
        else if (reply.status === 503) { refused++; return; }
        else throw new Error(reply.text);
      } catch (error) {
        if (isStopping && error.code) return; // The connection is gone.
        throw error;
      }
    }
  };
  const buyers = Array.from({ length: 20 }, buyer);
  await eventually(() => acknowledged.size > 20);
  isStopping = true;
  await house.restart();
  await Promise.all(buyers);
  client.close();
  shop.client = house.client;
  for (const id of acknowledged) {
    const reply = await house.client.get(`/v1/orders/${id}`);
    assert.equal(reply.status, 200, `${id}: ${reply.text}`);
  }
  const level = await shop.level('STOP-1');
  assert.ok(level.committed >= acknowledged.size);
  assert.ok(level.committed <= acknowledged.size + 20 + refused);
});

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

// True where nobody listens any more.
function isRefused(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

test('a request half sent when the stop comes is still answered', async () => {
  const text = JSON.stringify(shop.order([['STOP-1', 1, 100]]));
  const head = [`POST /v1/orders HTTP/1.1`, 'Host: x',
    `Authorization: Bearer ${house.root}`, 'Idempotency-Key: half',
    'Content-Type: application/json', 'Expect: 100-continue',
    `Content-Length: ${Buffer.byteLength(text)}`, '', ''].join('\r\n');
  const socket = net.connect(house.port, '127.0.0.1');
  let got = '';
  socket.on('data', (part) => { got += part; });
  const closed = new Promise((resolve) => {
    socket.on('close', resolve);
    socket.on('error', resolve);
  });
  socket.write(head);
  await eventually(() => got === CONTINUE); // It knows of the request.
  socket.write(text.slice(0, 10));
  const { port } = house, restarted = house.restart();
  await eventually(() => isRefused(port)); // The stop has come.
  socket.write(text.slice(10));
  await closed;
  await restarted;
  shop.client = house.client;
  const [reply] = parseResponses(got.slice(CONTINUE.length));
  assert.ok(reply, 'an answer came');
  assert.ok([201, 503].includes(reply.status), got);
});
