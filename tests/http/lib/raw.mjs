// raw.mjs - bytes on a socket, for requests that no client library would send.
import net from 'node:net';

// Sends the bytes and reads until the server closes or `idleMs` of silence.
export function rawExchange(port, bytes, { idleMs = 20000, end = false } = {}) {
  return new Promise((resolve, reject) => {
    const parts = [];
    const socket = net.connect(port, '127.0.0.1');
    const finish = (isClosed) => {
      socket.destroy();
      resolve({ text: Buffer.concat(parts).toString('utf8'), isClosed });
    };
    socket.setTimeout(idleMs, () => finish(false));
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => finish(true));
    socket.on('error', (error) =>
      parts.length > 0 || error.code === 'ECONNRESET' || error.code === 'EPIPE'
        ? finish(true) : reject(error));
    socket.on('connect', () => {
      socket.write(bytes);
      if (end) socket.end();
    });
  });
}

// The responses in a text, one after the other.
export function parseResponses(text) {
  const found = [];
  let rest = text;
  while (rest.startsWith('HTTP/')) {
    const cut = rest.indexOf('\r\n\r\n');
    if (cut < 0) break;
    const [first, ...lines] = rest.slice(0, cut).split('\r\n');
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const body = Buffer.from(rest.slice(cut + 4), 'utf8');
    const length = Number(headers['content-length'] ?? body.length);
    found.push({ status: Number(first.split(' ')[1]), headers,
      text: body.subarray(0, length).toString('utf8') });
    rest = body.subarray(length).toString('utf8');
  }
  for (const response of found)
    if (/json/.test(response.headers['content-type'] ?? ''))
      response.json = JSON.parse(response.text);
  return found;
}
