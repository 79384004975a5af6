import { describe, expect, it } from "vitest";
import { EventParser } from "./sse";

describe("EventParser", () => {
  it("puts an event together from pieces cut anywhere", () => {
    const parser = new EventParser();

    expect(parser.push("event: del")).toEqual([]);
    expect(parser.push('ta\ndata: {"text":"Hel')).toEqual([]);
    expect(parser.push('lo"}\n\nevent: message\ndata: {}\n\n')).toEqual([
      { name: "delta", data: '{"text":"Hello"}' },
      { name: "message", data: "{}" },
    ]);
  });

  it("joins data lines and passes over comments", () => {
    expect(new EventParser().push(": keepalive\n\ndata: a\r\ndata: b\r\n\r\n")).toEqual([{ name: "message", data: "a\nb" }]);
  });
});
