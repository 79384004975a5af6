import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError, ParleyClient, ProblemError } from "../src/index.js";
import { fake, problem } from "./fake.js";

const FINAL = { reply: { text: "Grüß dich" }, operation_id: "op-1" };
const MESSAGE = `event: message\ndata: ${JSON.stringify(FINAL)}\n\n`;
const delta = (text, end = "\n") => `event: delta${end}data: ${JSON.stringify({ text })}${end}${end}`;

/** Writes these bytes one by one, then ends or cuts. */
const streaming = (text, cut = false) => async (request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const byte of Buffer.from(text)) {
    response.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  if (cut) response.destroy();
  else response.end();
};

async function stream(t, ...answers) {
  const server = await fake(t, ...answers);
  const parley = new ParleyClient({ baseUrl: server.url, apiKey: "pk_test" });
  return { server, reply: parley.conversations.stream("c1", { text: "Hi", client_message_id: "m1" }) };
}

test("a reply is told piece by piece, and as a whole in the end", async (t) => {
  const { server, reply } = await stream(t, streaming(": hello\n\n" + delta("Grüß") + delta(" dich", "\r\n") + MESSAGE));

  const pieces = [];
  for await (const piece of reply) pieces.push(piece);

  assert.deepEqual(pieces, ["Grüß", " dich"]);
  assert.deepEqual(await reply.final(), FINAL);
  assert.equal(server.asked[0].headers.accept, "text/event-stream");
  assert.deepEqual(JSON.parse(server.asked[0].body), { client_message_id: "m1", text: "Hi" });
});

test("who wants only the whole reads nothing", async (t) => {
  const { reply } = await stream(t, streaming(delta("Grüß") + MESSAGE));

  assert.deepEqual(await reply.final(), FINAL);
});

test("while a person has the conversation there is a state and no reply", async (t) => {
  const held = { message: { status: "held_by_staff" }, state: "held_by_staff", operation_id: "op-1" };
  const { reply } = await stream(t, streaming(delta("Gr") + `event: held\ndata: ${JSON.stringify(held)}\n\n`));

  assert.deepEqual(await reply.final(), held);
});

test("a problem within a stream is an error with its code", async (t) => {
  const told = { status: 502, code: "PROVIDER_FAILED", operation_id: "op-9" };
  const { reply } = await stream(t, streaming(delta("Gr") + `event: problem\ndata: ${JSON.stringify(told)}\n\n`));

  await assert.rejects(reply.final(), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.status, error.code, error.operationId], [502, "PROVIDER_FAILED", "op-9"]);
    return true;
  });
});

test("a stream that breaks off, or ends too early, is no reply", async (t) => {
  for (const cut of [true, false]) {
    const { reply } = await stream(t, streaming(delta("Gr"), cut));
    const pieces = [];
    await assert.rejects(async () => {
      for await (const piece of reply) pieces.push(piece);
    }, ConnectionError);
    assert.deepEqual(pieces, ["Gr"]);
    assert.equal(reply.clientMessageId, "m1");
  }
});

test("who is busy before the first piece is asked again", async (t) => {
  const { server, reply } = await stream(t, problem(503, "UNAVAILABLE", { "retry-after": "0" }), streaming(MESSAGE));

  assert.deepEqual(await reply.final(), FINAL);
  assert.deepEqual(
    server.asked.map((one) => JSON.parse(one.body).client_message_id),
    ["m1", "m1"],
  );
});

test("a stream that is left is closed", async (t) => {
  let closed;
  const left = new Promise((done) => (closed = done));
  const { reply } = await stream(t, (request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(delta("Gr"));
    response.on("close", closed);
  });

  for await (const piece of reply) {
    assert.equal(piece, "Gr");
    break;
  }

  await left;
  await assert.rejects(reply.final(), { message: "the stream was left before its end" });
});

test("what a person says to a customer has no reply to stream", async (t) => {
  const { reply } = await stream(t, { status: 201, body: { message: { id: "m1" } } });

  assert.deepEqual(await reply.final(), { message: { id: "m1" } });
});
