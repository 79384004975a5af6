/** One server-sent event. */
export interface ServerEvent {
  name: string;
  data: string;
}

/** Splits a stream of text into server-sent events; keep one parser per stream. */
export class EventParser {
  private buffer = "";

  /** Takes the next piece of text and returns the events that are complete now. */
  push(text: string): ServerEvent[] {
    this.buffer += text.replaceAll("\r\n", "\n");
    const events: ServerEvent[] = [];
    for (let end = this.buffer.indexOf("\n\n"); end >= 0; end = this.buffer.indexOf("\n\n")) {
      const event = parse(this.buffer.slice(0, end));
      this.buffer = this.buffer.slice(end + 2);
      if (event) events.push(event);
    }
    return events;
  }
}

function parse(block: string): ServerEvent | undefined {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length === 0 ? undefined : { name, data: data.join("\n") };
}

/** Reads the events of an answer as they arrive. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield* parser.push(value);
  }
}
