/** Events of a `text/event-stream`, as `{event, data}`: however its bytes are cut, and with any kind of line end. */
export async function* events(body) {
  const decoder = new TextDecoder();
  let rest = "";
  let event = "";
  let data = [];
  function* taken(lines) {
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event: event || "message", data: data.join("\n") };
        event = "";
        data = [];
      } else if (!line.startsWith(":")) {
        const colon = line.indexOf(":");
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (name === "event") event = value;
        if (name === "data") data.push(value);
      }
    }
  }
  for await (const bytes of chunks(body)) {
    rest += decoder.decode(bytes, { stream: true });
    // A carriage return at the end may be half of a line end.
    const whole = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = lines.pop() + rest.slice(whole.length);
    yield* taken(lines);
  }
}

/** Not every browser can iterate a body. */
async function* chunks(body) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
