import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError, ParleyClient, ProblemError } from "../src/index.js";
import { fake, problem } from "./fake.js";

const client = (url, options) => new ParleyClient({ baseUrl: `${url}/`, apiKey: "pk_test", ...options });
const all = async (items) => {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
};

test("a conversation is started with the key, and a message said once", async (t) => {
  const server = await fake(t, { status: 201, body: { id: "c1" } }, { status: 201, body: { reply: { text: "Hello" } } });
  const parley = client(server.url);

  const { id } = await parley.conversations.start("concierge");
  const answer = await parley.conversations.say(id, "Hi");

  assert.equal(answer.reply.text, "Hello");
  const [start, say] = server.asked;
  assert.deepEqual([start.method, start.url, start.body], ["POST", "/api/v1/conversations", '{"agent":"concierge"}']);
  assert.equal(start.headers.authorization, "Bearer pk_test");
  assert.equal(start.headers["x-parley-csrf"], undefined);
  assert.match(start.headers["idempotency-key"], /^[0-9a-f-]{36}$/);
  assert.equal(say.url, "/api/v1/conversations/c1/messages");
  assert.match(JSON.parse(say.body).client_message_id, /^[0-9a-f-]{36}$/);
  assert.equal(JSON.parse(say.body).text, "Hi");
});

test("a problem is an error with its code, its operation and what the server said", async (t) => {
  const server = await fake(t, problem(402, "CREDITS_EXHAUSTED"));

  const error = await client(server.url).conversations.say("c1", "Hi").catch((thrown) => thrown);

  assert.ok(error instanceof ProblemError);
  assert.deepEqual(
    [error.name, error.status, error.code, error.operationId, error.message, error.problem.title],
    ["ProblemError", 402, "CREDITS_EXHAUSTED", "op-1", "no: CREDITS_EXHAUSTED", "No"],
  );
});

test("an answer that is no problem document is an error too", async (t) => {
  const server = await fake(t, { status: 502, headers: { "content-type": "text/html", "x-operation-id": "op-2" }, body: "<html>" });

  const error = await client(server.url).credits.get().catch((thrown) => thrown);

  assert.deepEqual([error.status, error.code, error.operationId], [502, undefined, "op-2"]);
});

test("429 and 503 are sent again after Retry-After, with the same key and the same body", async (t) => {
  const server = await fake(t, problem(429, "RATE_LIMITED", { "retry-after": "0" }), problem(503, "UNAVAILABLE", { "retry-after": "1" }), {
    status: 201,
    body: { id: "c1" },
  });
  const began = Date.now();

  assert.equal((await client(server.url).conversations.say("c1", "Hi")).id, "c1");

  assert.ok(Date.now() - began >= 990);
  assert.equal(server.asked.length, 3);
  assert.equal(new Set(server.asked.map((one) => one.headers["idempotency-key"])).size, 1);
  assert.equal(new Set(server.asked.map((one) => one.body)).size, 1);
});

test("a key of the caller's is the one that is sent", async (t) => {
  const server = await fake(t, { status: 201, body: {} });

  await client(server.url).contacts.create({ display_name: "Ana" }, { idempotencyKey: "mine" });

  assert.equal(server.asked[0].headers["idempotency-key"], "mine");
});

test("a request that still runs under its key is asked for again", async (t) => {
  const server = await fake(t, problem(409, "IDEMPOTENCY_KEY_IN_USE", { "retry-after": "0" }), { status: 201, body: { id: "k1" } });

  assert.equal((await client(server.url).contacts.create({})).id, "k1");
});

test("it is sent again twice at most", async (t) => {
  const busy = problem(503, "UNAVAILABLE", { "retry-after": "0" });
  const server = await fake(t, busy, busy, busy, busy);

  await assert.rejects(client(server.url).credits.get(), { status: 503, retryAfter: 0 });

  assert.equal(server.asked.length, 3);
});

test("nobody waits longer than the longest pause", async (t) => {
  const server = await fake(t, problem(429, "RATE_LIMITED", { "retry-after": "31" }));

  await assert.rejects(client(server.url).credits.get(), { status: 429, retryAfter: 31 });

  assert.equal(server.asked.length, 1);
});

test("PATCH and other refusals are not sent again", async (t) => {
  const server = await fake(t, problem(503, "UNAVAILABLE", { "retry-after": "0" }), problem(409, "CONFLICT"), problem(500, "INTERNAL_ERROR"));
  const parley = client(server.url);

  await assert.rejects(parley.contacts.update("k1", { language: "de" }), { status: 503 });
  await assert.rejects(parley.contacts.create({}), { status: 409 });
  await assert.rejects(parley.credits.get(), { status: 500 });

  assert.equal(server.asked.length, 3);
});

test("a connection that is cut is tried again, but not for PATCH", async (t) => {
  const cut = (request) => request.socket.destroy();
  const server = await fake(t, cut, { body: { remaining: 7 } }, cut);
  const parley = client(server.url);

  assert.equal((await parley.credits.get()).remaining, 7);
  await assert.rejects(parley.contacts.update("k1", {}), ConnectionError);
});

test("an answer that does not come is an error in time", async (t) => {
  const server = await fake(t, () => {});

  await assert.rejects(client(server.url, { timeout: 50, maxRetries: 0 }).credits.get(), {
    name: "ConnectionError",
    message: "GET /api/v1/credits: no answer within 50 ms",
  });
});

test("an abort is the caller's, not a failure to try again", async (t) => {
  const server = await fake(t, () => {});
  const signal = AbortSignal.timeout(50);

  await assert.rejects(client(server.url).credits.get({ signal }), { name: "TimeoutError" });

  assert.equal(server.asked.length, 1);
});

test("the credential does not follow a redirection", async (t) => {
  const other = await fake(t, { body: {} });
  const server = await fake(t, { status: 307, headers: { location: other.url } });

  await assert.rejects(client(server.url, { maxRetries: 0 }).credits.get(), ConnectionError);

  assert.equal(other.asked.length, 0);
});

test("lists go on page after page, by the cursor", async (t) => {
  const server = await fake(t, { body: { items: [1, 2], next_cursor: "a+b" } }, { body: { items: [3], next_cursor: null } });

  assert.deepEqual(await all(client(server.url).conversations.list({ channel: "web", limit: 2, status: undefined })), [1, 2, 3]);

  assert.deepEqual(
    server.asked.map((one) => one.url),
    ["/api/v1/conversations?channel=web&limit=2", "/api/v1/conversations?channel=web&limit=2&cursor=a%2Bb"],
  );
});

test("without a key it is a page of Parley's own", async (t) => {
  const server = await fake(t, { body: {} }, { status: 204 });
  const parley = client(server.url, { apiKey: undefined });

  await parley.credits.get();
  await parley.webhookEndpoints.delete("w1");

  assert.deepEqual(
    server.asked.map((one) => [one.headers.authorization, one.headers["x-parley-csrf"]]),
    [
      [undefined, undefined],
      [undefined, "1"],
    ],
  );
});

test("files go up and down as bytes", async (t) => {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
  const server = await fake(t, { status: 201, body: { id: "m1" } }, { headers: { "content-type": "image/png" }, body: bytes });
  const parley = client(server.url);

  assert.equal((await parley.media.upload(bytes, { contentType: "image/png" })).id, "m1");
  assert.deepEqual(Buffer.from(await parley.media.get("m1")), bytes);

  assert.equal(server.asked[0].headers["content-type"], "image/png");
});

test("every part of the API has its own address", async (t) => {
  const parley = (await import("../src/index.js")).ParleyClient;
  const asked = [];
  const send = async (url, { method, body }) => {
    asked.push(`${method} ${url.pathname}${url.search} ${body ?? ""}`.trim());
    return new Response('{"items":[]}');
  };
  const { agents, contacts, conversations, messages, operations, usage, webhookEndpoints, ...more } = new parley({
    baseUrl: "https://parley.example.com/edge",
    apiKey: "pk_test",
    fetch: send,
  });

  await all(agents.list());
  await conversations.get("a/b");
  await all(conversations.messages("c"));
  await conversations.takeover("c");
  await conversations.handback("c");
  await all(messages.search("late order"));
  await all(contacts.list({ phone: "+911" }));
  await contacts.get("k");
  await contacts.merge("k", "l");
  await all(webhookEndpoints.list());
  await webhookEndpoints.create({ url: "https://x", events: ["*"] });
  await webhookEndpoints.get("w");
  await webhookEndpoints.update("w", { status: "active" });
  await webhookEndpoints.rotateSecret("w", { previous: "revoke" });
  await webhookEndpoints.test("w");
  await all(webhookEndpoints.deliveries("w", { state: "failed" }));
  await webhookEndpoints.delivery("w", "d");
  await webhookEndpoints.replayDelivery("w", "d");
  await webhookEndpoints.replay("w", { from: "2026-11-21T00:00:00Z" });
  await more.credits.get();
  await all(usage.list({ from: new Date(0) }));
  await usage.summary({ group_by: "day" });
  await operations.get("o");

  assert.deepEqual(asked, [
    "GET /edge/api/v1/agents",
    "GET /edge/api/v1/conversations/a%2Fb",
    "GET /edge/api/v1/conversations/c/messages",
    "POST /edge/api/v1/conversations/c/takeover",
    "POST /edge/api/v1/conversations/c/handback",
    "GET /edge/api/v1/messages?query=late+order",
    "GET /edge/api/v1/contacts?phone=%2B911",
    "GET /edge/api/v1/contacts/k",
    'POST /edge/api/v1/contacts/k/merge {"into":"l"}',
    "GET /edge/api/v1/webhook-endpoints",
    'POST /edge/api/v1/webhook-endpoints {"url":"https://x","events":["*"]}',
    "GET /edge/api/v1/webhook-endpoints/w",
    'PATCH /edge/api/v1/webhook-endpoints/w {"status":"active"}',
    "POST /edge/api/v1/webhook-endpoints/w/secret-rotation?previous=revoke",
    "POST /edge/api/v1/webhook-endpoints/w/test",
    "GET /edge/api/v1/webhook-endpoints/w/deliveries?state=failed",
    "GET /edge/api/v1/webhook-endpoints/w/deliveries/d",
    "POST /edge/api/v1/webhook-endpoints/w/deliveries/d/replay",
    'POST /edge/api/v1/webhook-endpoints/w/replay {"from":"2026-11-21T00:00:00Z"}',
    "GET /edge/api/v1/credits",
    "GET /edge/api/v1/usage?from=1970-01-01T00%3A00%3A00.000Z",
    "GET /edge/api/v1/usage/summary?group_by=day",
    "GET /edge/api/v1/operations/o",
  ]);
});
