// Parley's own client for JavaScript against the whole stack. Prints one line of JSON, which the story compares with exact
// values; clients.py prints the same of the client for Python.
import { createServer } from "node:http";
import { ParleyClient, ProblemError, verifyWebhook } from "../../clients/js/src/index.js";

const { BASE_URL, API_KEY, BROKE_KEY } = process.env;
const parley = new ParleyClient({ baseUrl: BASE_URL, apiKey: API_KEY });
const result = {};

async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

async function errorOf(call) {
  try {
    await call();
    return "none";
  } catch (error) {
    return error instanceof ProblemError ? `${error.status} ${error.code} ${error.operationId?.length}` : `${error}`;
  }
}

// Whole, streamed, and said twice.
const { id } = await parley.conversations.start("concierge");
const said = await parley.conversations.say(id, { text: "What can you do for me?", client_message_id: "once" });
const again = await parley.conversations.say(id, { text: "What can you do for me?", client_message_id: "once" });
result.answer = [said.reply.finish_reason, said.reply.text.length > 0, said.usage.credits, again.reply.id === said.reply.id];
const stream = parley.conversations.stream(id, "And what else?");
const pieces = [];
for await (const piece of stream) pieces.push(piece);
const streamed = await stream.final();
result.stream = [pieces.length > 2, pieces.join("") === streamed.reply.text, streamed.usage.credits];
result.roles = (await all(parley.conversations.messages(id, { limit: 1 }))).map((message) => message.role);

// Lists, files, contacts, money.
await parley.conversations.start("concierge");
result.conversations = (await all(parley.conversations.list({ limit: 1 }))).length;
const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const media = await parley.media.upload(pixel, { contentType: "image/png" });
const looked = await parley.conversations.say(id, { text: "What is this?", attachments: [{ type: "image", media_id: media.id }] });
result.media = [media.media_type, media.bytes, Buffer.from(await parley.media.get(media.id)).equals(pixel), looked.message.attachments.length];
const ana = await parley.contacts.create({ display_name: "Ana", phone: "+4915112345678" });
await parley.contacts.update(ana.id, { language: "de" });
result.contacts = (await all(parley.contacts.list({ phone: "+4915112345678" }))).map((one) => [one.display_name, one.language]);
result.credits = (await parley.credits.get()).remaining;
const used = async () => (await all(parley.usage.list({ agent: "concierge" }))).filter((line) => line.operation_id === said.operation_id);
for (let i = 0; i < 100 && (await used()).length === 0; i++) await new Promise((done) => setTimeout(done, 100));
result.usage = (await used()).map((line) => [line.meter, line.credits]).filter(([, credits]) => credits > 0);
result.agents = (await all(parley.agents.list())).some((agent) => agent.slug === "concierge" && agent.allowed);

// Refusals.
const broke = new ParleyClient({ baseUrl: BASE_URL, apiKey: BROKE_KEY });
const poor = await broke.conversations.start("concierge");
const stranger = new ParleyClient({ baseUrl: BASE_URL, apiKey: "pk_live_not_a_key" });
result.errors = [
  await errorOf(() => broke.conversations.say(poor.id, "hello")),
  await errorOf(() => broke.conversations.stream(poor.id, "hello").final()),
  await errorOf(() => parley.conversations.get("00000000-0000-7000-8000-000000000000")),
  (await errorOf(() => stranger.credits.get())).split(" ")[0],
];

// Webhooks: real ones, by the current and the previous secret, and the known answer of Standard Webhooks.
const hooks = [];
const system = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  hooks.push({ body: Buffer.concat(chunks), headers: request.headers });
  response.writeHead(204).end();
});
await new Promise((listening) => system.listen(0, "127.0.0.1", listening));
async function told(count) {
  for (let i = 0; i < 150 && hooks.length < count; i++) await new Promise((done) => setTimeout(done, 100));
  return hooks[count - 1];
}
const endpoint = await parley.webhookEndpoints.create({ url: `http://127.0.0.1:${system.address().port}/`, events: ["message.read"] });
await parley.webhookEndpoints.test(endpoint.id);
const first = await told(1);
const fresh = await parley.webhookEndpoints.rotateSecret(endpoint.id);
await parley.webhookEndpoints.test(endpoint.id);
const second = await told(2);
const type = async (hook, secrets) => verifyWebhook(hook.body, hook.headers, secrets).then((event) => event.type, (error) => error.name);
result.webhooks = [
  await type(first, endpoint.secret),
  await type(second, endpoint.secret),
  await type(second, fresh.secret),
  await type(first, [fresh.secret, endpoint.secret]),
  await type(first, fresh.secret),
  (await all(parley.webhookEndpoints.deliveries(endpoint.id, { limit: 1 }))).length,
];
await parley.webhookEndpoints.delete(endpoint.id);
system.close();
system.closeAllConnections();
const known = {
  "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
  "webhook-timestamp": "1614265330",
  "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
result.known = await verifyWebhook('{"test": 2432232314}', known, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", { now: () => 1614265330000 });

// The live stream, left and taken up again by its cursor.
const enough = AbortSignal.timeout(20_000);
let cursor;
const heard = [];
for await (const event of parley.live({ signal: enough })) {
  cursor = event.cursor ?? cursor;
  heard.push(event.type);
  if (event.type === "stream.opened") break;
}
await parley.conversations.say(id, "Did you hear that?");
for await (const event of parley.live({ after: cursor, signal: enough })) {
  if (event.type === "channel.message-sent.v1" && event.data.conversation_id === id) {
    heard.push(event.type);
    break;
  }
}
result.live = heard;

console.log(JSON.stringify(result));
