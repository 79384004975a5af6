import assert from "node:assert/strict";
import { test } from "node:test";
import { ParleyClient } from "../src/index.js";
import { fake, frame, sockets, told } from "./fake.js";

const QUICK = { firstPause: 10, longestPause: 40 };

async function listen(t, options, ...handlers) {
  const { server, url } = await fake(t);
  const urls = sockets(server, ...handlers);
  return { urls, events: new ParleyClient({ baseUrl: url, apiKey: "pk_test" }).live({ ...QUICK, ...options }) };
}

async function types(events, count) {
  const heard = [];
  for await (const event of events) {
    heard.push(event.type);
    if (heard.length === count) break;
  }
  return heard;
}

test("events come as they are told, also in pieces", async (t) => {
  const long = told("channel.message-sent.v1", "1.1", { text: "x".repeat(70_000) });
  const { urls, events } = await listen(t, { after: "1.0" }, (socket) => {
    socket.write(told("stream.opened", "1.0"));
    for (let at = 0; at < long.length; at += 30_000) socket.write(long.subarray(at, at + 30_000));
    const text = told("policy.usage-settled.v1", "1.2").subarray(2);
    socket.write(Buffer.concat([frame(1, text.subarray(0, 10), false), frame(9, "still there?"), frame(0, text.subarray(10))]));
  });

  assert.deepEqual(await types(events, 3), ["stream.opened", "channel.message-sent.v1", "policy.usage-settled.v1"]);
  assert.equal(urls[0].url, "/api/v1/stream?after=1.0");
  assert.equal(urls[0].headers.authorization, "Bearer pk_test");
});

test("a socket that ends is opened again behind the last event", async (t) => {
  const { urls, events } = await listen(
    t,
    {},
    (socket) => {
      socket.write(Buffer.concat([told("stream.opened", "7.0"), told("channel.message-sent.v1", "7.1"), told("credits.changed")]));
      setTimeout(() => socket.destroy(), 20);
    },
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
    (socket) => socket.write(Buffer.concat([told("stream.opened", "7.1"), frame(8, Buffer.from([0x03, 0xf5]))])),
    (socket) => socket.write(told("stream.reset", "9.0")),
  );

  assert.deepEqual(await types(events, 5), [
    "stream.opened",
    "channel.message-sent.v1",
    "credits.changed",
    "stream.opened",
    "stream.reset",
  ]);
  assert.deepEqual(
    urls.map((one) => one.url),
    ["/api/v1/stream", "/api/v1/stream?after=7.1", "/api/v1/stream?after=7.1", "/api/v1/stream?after=7.1"],
  );
});

test("pauses double up to the longest, and half of each is chance", async (t) => {
  const refused = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
  const times = [];
  const { server, url } = await fake(t);
  sockets(server, refused, refused, refused, refused, (socket) => socket.write(told("stream.opened", "1.0")));
  server.prependListener("upgrade", () => times.push(performance.now()));

  await types(new ParleyClient({ baseUrl: url }).live({ firstPause: 100, longestPause: 200 }), 1);

  const pauses = times.slice(1).map((time, i) => time - times[i]);
  for (const [i, longest] of [100, 200, 200, 200].entries()) {
    assert.ok(pauses[i] >= longest / 2 - 5 && pauses[i] < longest + 150, `${i}: ${pauses[i]}`);
  }
});

test("who may not listen is told so, and does not try again", async (t) => {
  const body = '{"code":"FORBIDDEN","status":403,"operation_id":"op-1"}';
  const refusal = await listen(t, {}, `HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await assert.rejects(types(refusal.events, 1), { name: "ProblemError", status: 403, code: "FORBIDDEN", operationId: "op-1" });

  const revoked = await listen(t, {}, (socket) =>
    socket.write(Buffer.concat([told("stream.opened", "1.0"), frame(8, Buffer.concat([Buffer.from([0x03, 0xf0]), Buffer.from("revoked")]))])),
  );
  await assert.rejects(types(revoked.events, 2), { name: "ConnectionError", message: "the caller may no longer listen: revoked" });
  assert.equal(revoked.urls.length, 1);
});

test("a socket without a sign of life is given up", async (t) => {
  const { urls, events } = await listen(t, { silence: 60 }, () => {}, (socket) => socket.write(told("stream.opened", "1.0")));

  assert.deepEqual(await types(events, 1), ["stream.opened"]);
  assert.equal(urls.length, 2);
});

test("pings are answered, masked", async (t) => {
  let heard;
  const pong = new Promise((done) => (heard = done));
  const enough = new AbortController();
  const { events } = await listen(t, { signal: enough.signal }, (socket) => {
    socket.on("data", heard);
    socket.write(frame(9, "ping"));
  });
  const listening = assert.rejects(types(events, 1), { name: "AbortError" });

  const bytes = await pong;
  enough.abort();

  assert.deepEqual([bytes[0], bytes[1]], [0x8a, 0x84]);
  assert.equal(Buffer.from(bytes.subarray(6, 10).map((byte, i) => byte ^ bytes[2 + (i % 4)])).toString(), "ping");
  await listening;
});

test("who reads more slowly than things happen goes on by the cursor", async (t) => {
  const many = (from, to) => Buffer.concat(Array.from({ length: to - from }, (_, i) => told("channel.message-sent.v1", `1.${from + i}`)));
  const { urls, events } = await listen(
    t,
    {},
    (socket) => socket.write(many(0, 1_500)),
    (socket, { url }) => socket.write(many(Number(url.split("after=1.")[1]) + 1, 1_500)),
  );

  const cursors = [];
  for await (const event of events) {
    if (cursors.length === 0) await new Promise((done) => setTimeout(done, 50));
    cursors.push(event.cursor);
    if (cursors.length === 1_500) break;
  }

  assert.deepEqual(cursors, Array.from({ length: 1_500 }, (_, i) => `1.${i}`));
  assert.equal(urls.length, 2);
});

test("an abort ends it, while it listens and while it waits", async (t) => {
  const listening = await listen(t, { signal: AbortSignal.timeout(50) }, () => {});
  await assert.rejects(types(listening.events, 1), { name: "TimeoutError" });

  const waiting = await listen(t, { signal: AbortSignal.timeout(50), firstPause: 60_000, longestPause: 60_000 }, (socket) => socket.destroy());
  await assert.rejects(types(waiting.events, 1), { name: "TimeoutError" });
});

test("a browser's own socket is used there", async (t) => {
  const opened = [];
  globalThis.WebSocket = class {
    constructor(url) {
      opened.push([url.href, this]);
    }
    close() {
      this.closed = true;
    }
  };
  t.after(() => delete globalThis.WebSocket);
  const { openSocket } = await import("../src/socket-browser.js");
  const heard = [];

  const socket = openSocket({
    url: new URL("https://parley.example.com/api/v1/stream?after=1.0"),
    onMessage: (text) => heard.push(text),
    onEnd: (end) => heard.push(end),
  });
  opened[0][1].onmessage({ data: "{}" });
  opened[0][1].onclose({ code: 1013, reason: "slow" });
  socket.close();

  assert.equal(opened[0][0], "wss://parley.example.com/api/v1/stream?after=1.0");
  assert.deepEqual(heard, ["{}", { code: 1013, reason: "slow" }]);
  assert.ok(opened[0][1].closed);
});
