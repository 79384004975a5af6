import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** A server that answers each request by the next of its answers, and keeps what it was asked. */
export async function fake(t, ...answers) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
    const answer = answers.shift();
    if (typeof answer === "function") return answer(request, response);
    const { status = 200, headers = {}, body } = answer;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body === undefined ? "" : typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, server, url: `http://127.0.0.1:${server.address().port}` };
}

/** A problem as Parley says it. */
export function problem(status, code, headers = {}) {
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: { type: `https://parley.dev/problems/${code}`, title: "No", status, detail: `no: ${code}`, code, operation_id: "op-1" },
  };
}

/** Makes the server take sockets: each is given to the next of the handlers, or refused by what that returns. */
export function sockets(server, ...handlers) {
  const urls = [];
  server.on("upgrade", (request, socket) => {
    urls.push({ url: request.url, headers: request.headers });
    socket.on("error", () => {});
    const handler = handlers.shift();
    if (typeof handler === "string") return socket.end(handler);
    const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    handler(socket, request);
  });
  return urls;
}

/** A frame as a server writes it. */
export function frame(opcode, data, final = true) {
  const bytes = Buffer.from(data);
  const head = [(final ? 0x80 : 0) | opcode];
  if (bytes.length < 126) head.push(bytes.length);
  else if (bytes.length < 65_536) head.push(126, bytes.length >> 8, bytes.length & 0xff);
  else head.push(127, 0, 0, 0, 0, bytes.length >>> 24, (bytes.length >> 16) & 0xff, (bytes.length >> 8) & 0xff, bytes.length & 0xff);
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** An event of the live stream in a frame. */
export function told(type, cursor, data = {}) {
  return frame(1, JSON.stringify({ type, at: "2026-11-21T10:00:00Z", cursor, data }));
}
