// Anthropic's own client against the simulated model that our adapter is tried with: whole, streamed, functions, errors.
// Prints one line of JSON, which the story compares with exact values.
import Anthropic, { APIError } from "@anthropic-ai/sdk";

const { SIMULATORS } = process.env;
const anthropic = (apiKey) => new Anthropic({ baseURL: `${SIMULATORS}/anthropic`, apiKey, maxRetries: 0 });
const client = anthropic("sk-ant-judge");
const ask = (extra) => ({
  model: "claude-demo",
  max_tokens: 500,
  system: "Be kind.",
  messages: [{ role: "user", content: "It is blue" }],
  ...extra,
});
const control = async (method, path, body) => {
  const answer = await fetch(`${SIMULATORS}/_control${path}`, { method, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
};
const errorOf = async (call) => {
  try {
    await call();
    return "none";
  } catch (error) {
    if (!(error instanceof APIError)) return `${error}`;
    return [error.constructor.name, error.status, error.error?.error?.type].filter(Boolean).join(" ");
  }
};
const result = { errors: {} };

const whole = await client.messages.create(ask());
result.whole = [whole.role, whole.content[0].text.slice(0, 22), whole.stop_reason, whole.usage.input_tokens];

const stream = client.messages.stream(ask());
let streamed = "";
stream.on("text", (piece) => void (streamed += piece));
const final = await stream.finalMessage();
result.streamed = [streamed === whole.content[0].text, final.stop_reason, final.usage.output_tokens === whole.usage.output_tokens];

const short = await client.messages.create(ask({ max_tokens: 2 }));
const stopped = await client.messages.create(ask({ stop_sequences: ["blue"] }));
result.ends = [short.stop_reason, stopped.stop_reason, stopped.stop_sequence];
result.picture = (
  await client.messages.create(
    ask({
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
            { type: "text", text: "It is blue" },
          ],
        },
      ],
    }),
  )
).usage.input_tokens;

const mark = `weather-${process.pid}`;
await control("PUT", "/llm/replies", [
  { match: "31 degrees", text: "It is warm." },
  { match: mark, text: "Let me see.", tool_calls: [{ name: "weather", arguments: { city: "Pune" } }, { name: "weather", arguments: { city: "Goa" } }] },
]);
const tools = [{ name: "weather", description: "Tells the weather", input_schema: { type: "object", properties: { city: { type: "string" } } } }];
const question = [{ role: "user", content: mark }];
const calling = await client.messages.create(ask({ messages: question, tools }));
const calls = (message) => message.content.filter((block) => block.type === "tool_use");
const called = await client.messages.stream(ask({ messages: question, tools })).finalMessage();
const answered = await client.messages.create(
  ask({
    tools,
    messages: [
      ...question,
      { role: "assistant", content: calling.content },
      { role: "user", content: calls(calling).map((call) => ({ type: "tool_result", tool_use_id: call.id, content: "31 degrees" })) },
    ],
  }),
);
result.functions = [
  calling.stop_reason,
  calls(calling).map((call) => call.input.city),
  calls(called).map((call) => call.input.city),
  called.content[0].text,
  answered.content[0].text,
];
await control("DELETE", "/llm/replies");

result.errors.key = await errorOf(() => anthropic("sk-invalid").messages.create(ask()));
result.errors.request = await errorOf(() => client.messages.create(ask({ max_tokens: 0 })));
for (const [name, fault] of Object.entries({
  busy: { status: 429, retry_after: 1 },
  overloaded: { status: 529 },
  broken: { status: 500 },
})) {
  await control("PUT", "/faults/llm", { ...fault, match: `${name}-${mark}`, times: 1 });
  result.errors[name] = await errorOf(() => client.messages.create(ask({ messages: [{ role: "user", content: `${name}-${mark}` }] })));
}
await control("PUT", "/faults/llm", { cut_after_tokens: 2, cut: "error", match: `cut-${mark}` });
result.errors.cut = await errorOf(() => client.messages.stream(ask({ messages: [{ role: "user", content: `cut-${mark}` }] })).finalMessage());
await control("DELETE", "/faults/llm");
console.log(JSON.stringify(result));
