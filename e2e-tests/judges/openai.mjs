// The official OpenAI client against Parley's /v1, unchanged: plain, streaming, functions, files, models and error classes.
// Prints one line of JSON, which the story compares with exact values.
import OpenAI, { APIError } from "openai";

const { BASE_URL, API_KEY, BROKE_KEY, SIMULATORS, READER } = process.env;
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

// Functions: the model calls, the client carries out, the model answers; whole and streamed.
await fetch(`${SIMULATORS}/_control/llm/replies`, {
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify([
    { match: "31 degrees", text: "It is warm in Pune." },
    { match: "weather of the judge", tool_calls: [{ name: "weather", arguments: { city: "Pune" } }, { name: "weather", arguments: { city: "Goa" } }] },
    { match: "does not have the form", text: '{"age": 7}' },
    { match: "person of the judge", text: "It is seven." },
  ]),
});
const tools = [
  {
    type: "function",
    function: {
      name: "weather",
      description: "Tells the weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
    },
  },
];
const question = [{ role: "user", content: "weather of the judge" }];
const calling = await client.chat.completions.create(ask({ messages: question, tools, tool_choice: "auto" }));
const called = calling.choices[0].message;
const streamed = await client.chat.completions.stream(ask({ messages: question, tools })).finalChatCompletion();
const functions = (message) => message.tool_calls.map((call) => [call.function.name, call.function.arguments].join(" "));
const answered = await client.chat.completions.create(
  ask({
    tools,
    messages: [...question, called, ...called.tool_calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: "31 degrees" }))],
  }),
);
const schema = { type: "object", properties: { age: { type: "integer" } }, required: ["age"], additionalProperties: false };
const formed = await client.chat.completions.create(
  ask({
    messages: [{ role: "user", content: "person of the judge" }],
    response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema } },
  }),
);
result.functions = {
  finish_reason: calling.choices[0].finish_reason,
  content: called.content,
  whole: functions(called),
  streamed: functions(streamed.choices[0].message),
  streamed_finish_reason: streamed.choices[0].finish_reason,
  answer: answered.choices[0].message.content,
  formed: JSON.parse(formed.choices[0].message.content).age,
};
result.errors.unknown_call = await errorOf(() =>
  client.chat.completions.create(ask({ messages: [...question, { role: "tool", tool_call_id: "call_of_nobody", content: "x" }] })),
);
await fetch(`${SIMULATORS}/_control/llm/replies`, { method: "DELETE" });

// A picture, a PDF and a recording: the model gets all three as they were sent.
const given = [
  { type: "text", text: `files of the judge ${READER}` },
  { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
  { type: "file", file: { filename: "order.pdf", file_data: "data:application/pdf;base64,JVBERi0xLjc=" } },
  { type: "input_audio", input_audio: { data: "UklGRgAAAABXQVZF", format: "wav" } },
];
const withFiles = (content) => client.chat.completions.create({ model: READER, messages: [{ role: "user", content }] });
const read = await withFiles(given);
const log = await (await fetch(`${SIMULATORS}/_control/log?provider=llm&limit=1000&match=${READER}`)).json();
result.files = {
  finish_reason: read.choices[0].finish_reason,
  received: JSON.stringify(JSON.parse(log.items.at(-1).body).messages.at(-1).content) === JSON.stringify(given),
};
result.errors.archive = await errorOf(() => withFiles([{ type: "file", file: { file_data: "data:application/zip;base64,UEsDBA==" } }]));
result.errors.file_id = await errorOf(() => withFiles([{ type: "file", file: { file_id: "file-1" } }]));
result.errors.audio_format = await errorOf(() => withFiles([{ type: "input_audio", input_audio: { data: "AAAA", format: "flac" } }]));

console.log(JSON.stringify(result));
