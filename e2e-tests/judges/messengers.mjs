// grammY and Twilio's own client against the simulators: what they send, and what they think of what comes.
// Prints one line of JSON, which the story compares with exact values.
import { createServer } from "node:http";
import { once } from "node:events";
import { Bot, InlineKeyboard, webhookCallback } from "grammy";
import twilio from "twilio";

const { SIMULATORS, ACCOUNT, NUMBER, BOT_TOKEN } = process.env;
const result = {};

const control = async (method, path, body) => {
  const answer = await fetch(`${SIMULATORS}/_control${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
};

// One server for both: grammY checks Telegram's secret itself, the others are checked by Twilio's validator.
const calls = [];
let waiting = () => {};
const bot = new Bot(BOT_TOKEN, { client: { apiRoot: `${SIMULATORS}/telegram` } });
await bot.init();
const updates = [];
bot.on("message:text", (context) => void updates.push(["text", context.message.text]));
bot.on("message:photo", (context) => void updates.push(["photo", context.message.caption]));
bot.on("edited_message:text", (context) => void updates.push(["edited", context.editedMessage.text]));
bot.on("callback_query:data", async (context) => {
  updates.push(["pressed", context.callbackQuery.data]);
  await context.answerCallbackQuery();
});
const telegram = webhookCallback(bot, "http", { secretToken: "right-secret" });
const server = createServer(async (request, response) => {
  if (request.url === "/telegram") {
    await telegram(request, response);
  } else {
    let body = "";
    for await (const chunk of request) body += chunk;
    calls.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.end();
  }
  waiting();
}).listen(0, "127.0.0.1");
await once(server, "listening");
const here = `http://127.0.0.1:${server.address().port}`;

const until = async (reached) => {
  const end = Date.now() + 10_000;
  while (!reached()) {
    if (Date.now() > end) throw new Error("did not happen within 10 s");
    await Promise.race([new Promise((next) => (waiting = next)), new Promise((next) => setTimeout(next, 100))]);
  }
};

await bot.api.setWebhook(`${here}/telegram`, { secret_token: "right-secret" });
await control("POST", `/telegram/bots/${BOT_TOKEN}/messages`, { chat_id: 77, text: "Hello" });
await control("POST", `/telegram/bots/${BOT_TOKEN}/messages`, { chat_id: 77, file: "photo", caption: "my cat" });
await control("POST", `/telegram/bots/${BOT_TOKEN}/messages`, { chat_id: 77, text: "Hello!", message_id: 1, edited: true });
const asked = await bot.api.sendMessage(77, "Which?", { reply_markup: new InlineKeyboard().text("One", "a:1") });
await control("POST", `/telegram/bots/${BOT_TOKEN}/presses`, { message_id: asked.message_id, data: "a:1" });
await until(() => updates.length === 4);
result.updates = updates;
result.tooLong = await bot.api.sendMessage(77, "x".repeat(4097)).then(
  () => "sent",
  (error) => error.error_code,
);

await control("PUT", `/twilio/accounts/${ACCOUNT}`, { auth_token: "right-token", numbers: [NUMBER] });
const valid = (call, token) => {
  const form = call.method === "POST" ? Object.fromEntries(new URLSearchParams(call.body)) : {};
  const signature = call.headers["x-twilio-signature"];
  return call.headers["content-type"] === "application/json"
    ? twilio.validateRequestWithBody(token, signature, here + call.url, call.body)
    : twilio.validateRequest(token, signature, here + call.url, form);
};
const numbers = `${SIMULATORS}/twilio/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers`;
const authorization = `Basic ${Buffer.from(`${ACCOUNT}:right-token`).toString("base64")}`;
const listed = await (await fetch(`${numbers}.json`, { headers: { authorization } })).json();
await fetch(`${numbers}/${listed.incoming_phone_numbers[0].sid}.json`, {
  method: "POST",
  headers: { authorization },
  body: new URLSearchParams({ SmsUrl: `${here}/sms?a=1&b=%20` }),
});
for (const form of [{}, { method: "GET" }, { json: true }, { auth_token: "forged" }]) {
  await control("POST", `/twilio/accounts/${ACCOUNT}/messages`, {
    from: "+16505551234",
    to: NUMBER,
    body: "naïve ✓ 😀",
    ...form,
  });
}
await until(() => calls.length === 4);
result.signed = calls.map((call) => valid(call, "right-token"));
result.forged = valid(calls[3], "forged");
console.log(JSON.stringify(result));
server.close();
process.exit(0);
