// The official OpenAI client against Parley's /v1, unchanged: plain, streaming, models and error classes.
// Prints one line of JSON, which the story compares with exact values.
import OpenAI, { APIError } from "openai";

const { BASE_URL, API_KEY, BROKE_KEY, SIMULATORS } = process.env;
const client = new OpenAI({ baseURL: BASE_URL, apiKey: API_KEY, maxRetries: 0 });
const ask = (extra) => ({
  model: "concierge",
  messages: [{ role: "user", content: "What can you do for me?" }],
  ...extra,
});
const result = { errors: {} };

const plain = await client.chat.completions.create(ask({ user: "judge-1" }));
result.plain = {
  text: plain.choices[0].message.content,
  role: plain.choices[0].message.role,
  finish_reason: plain.choices[0].finish_reason,
  total_tokens: plain.usage.total_tokens,
};

const stream = await client.chat.completions.create(ask({ stream: true, stream_options: { include_usage: true } }));
result.stream = { chunks: 0, text: "" };
for await (const chunk of stream) {
  result.stream.chunks++;
  result.stream.text += chunk.choices[0]?.delta?.content ?? "";
  result.stream.finish_reason = chunk.choices[0]?.finish_reason ?? result.stream.finish_reason;
  result.stream.total_tokens = chunk.usage?.total_tokens ?? result.stream.total_tokens;
}

result.models = [];
for await (const model of client.models.list()) result.models.push(model);

async function errorOf(call) {
  try {
    await call();
    return "none";
  } catch (error) {
    if (!(error instanceof APIError)) return `${error}`;
    return [error.constructor.name, error.status, error.code].filter((part) => part !== undefined && part !== null).join(" ");
  }
}

const stranger = new OpenAI({ baseURL: BASE_URL, apiKey: "pk_live_not_a_key", maxRetries: 0 });
result.errors.bad_key = (await errorOf(() => stranger.chat.completions.create(ask()))).split(" ").slice(0, 2).join(" ");
result.errors.unknown_model = await errorOf(() => client.chat.completions.create(ask({ model: "nobody" })));
const broke = new OpenAI({ baseURL: BASE_URL, apiKey: BROKE_KEY, maxRetries: 0 });
result.errors.no_credits = await errorOf(() => broke.chat.completions.create(ask()));
result.errors.bad_request = await errorOf(() => client.chat.completions.create({ model: "concierge", messages: "hello" }));

await fetch(`${SIMULATORS}/_control/faults/llm`, {
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ cut_after_tokens: 3, match: "cut me short" }),
});
result.errors.cut_stream = await errorOf(async () => {
  const cut = await client.chat.completions.create(
    ask({ stream: true, messages: [{ role: "user", content: "cut me short" }] }),
  );
  for await (const chunk of cut) void chunk;
});
await fetch(`${SIMULATORS}/_control/faults/llm`, { method: "DELETE" });

console.log(JSON.stringify(result));
