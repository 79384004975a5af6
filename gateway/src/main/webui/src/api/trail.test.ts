import { describe, expect, it } from "vitest";
import { trailQuery } from "./trail";

function query(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(trailQuery(new URLSearchParams(search))));
}

describe("trailQuery", () => {
  it("passes on what the server filters by and nothing else", () => {
    expect(query("q=role&actor=u1&action=member.changed&resource_type=member&resource_id=u2&tab=x&limit=9")).toEqual({
      q: "role",
      actor: "u1",
      action: "member.changed",
      resource_type: "member",
      resource_id: "u2",
    });
  });

  it("turns the reader's own time into one that the server knows", () => {
    const { from } = query("from=2026-11-21T10:00");
    expect(from).toBe(new Date("2026-11-21T10:00").toISOString());
    expect(from).toMatch(/Z$/);
  });

  it("leaves out what is empty or no time", () => {
    expect(trailQuery(new URLSearchParams("q=%20%20&from=yesterday&actor="))).toBe("");
  });

  it("keeps signs that mean something in an address", () => {
    expect(query(`q=${encodeURIComponent("a&limit=1#x")}`)).toEqual({ q: "a&limit=1#x" });
  });
});
