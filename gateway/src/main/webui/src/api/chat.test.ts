import { describe, expect, it } from "vitest";
import { type Line, withPeople } from "./chat";
import type { Message } from "./types";

const mine: Line = { key: "c1", who: "you", text: "hello" };

function message(id: string, role: string, text: string): Message {
  return { id, role, text, at: "2026-11-22T07:00:00Z" } as Message;
}

describe("what people say in a chat", () => {
  it("comes after what was said, in its order, marked as theirs", () => {
    const said = [message("m4", "assistant", "Anything else?"), message("m3", "staff", "Sorry"), message("m2", "user", "hello")];
    expect(withPeople([mine], said)).toEqual([
      mine,
      { key: "m3", who: "agent", text: "Sorry", note: "a person" },
      { key: "m4", who: "agent", text: "Anything else?" },
    ]);
  });

  it("is shown once", () => {
    const shown = withPeople([mine], [message("m3", "staff", "Sorry")]);
    expect(withPeople(shown, [message("m3", "staff", "Sorry")])).toBe(shown);
  });
});
