import { describe, expect, it } from "vitest";
import { changes } from "./changes";

describe("changes", () => {
  it("names only what differs", () => {
    expect(changes({ name: "Demo", region: "in", role: "member" }, { name: "Demo", region: "eu", role: "member" })).toEqual([
      { path: "region", before: "in", after: "eu" },
    ]);
  });

  it("shows what came and what went as such", () => {
    expect(changes(null, { role: "admin" })).toEqual([{ path: "role", before: undefined, after: "admin" }]);
    expect(changes({ role: "admin" }, null)).toEqual([{ path: "role", before: "admin", after: undefined }]);
  });

  it("looks into things within things and keeps short lists together", () => {
    expect(
      changes(
        { settings: { colour: "red", hours: { open: 9 } }, scopes: ["chat"] },
        { settings: { colour: "red", hours: { open: 10 } }, scopes: ["chat", "read"] },
      ),
    ).toEqual([
      { path: "scopes", before: "chat", after: "chat, read" },
      { path: "settings.hours.open", before: "9", after: "10" },
    ]);
  });

  it("tells false, zero and the empty text from nothing", () => {
    expect(changes({ on: true, limit: 5, note: "x" }, { on: false, limit: 0, note: "" })).toEqual([
      { path: "limit", before: "5", after: "0" },
      { path: "note", before: "x", after: "" },
      { path: "on", before: "true", after: "false" },
    ]);
  });

  it("compares lists of things by place, the tenth after the ninth", () => {
    const many = Array.from({ length: 11 }, (_, place) => ({ n: place }));
    expect(changes({ items: many }, { items: many.map(({ n }) => ({ n: n === 2 || n === 10 ? -n : n })) })).toEqual([
      { path: "items.2.n", before: "2", after: "-2" },
      { path: "items.10.n", before: "10", after: "-10" },
    ]);
  });

  it("finds nothing between equal states and between nothings", () => {
    expect(changes({ a: { b: [1, 2] } }, { a: { b: [1, 2] } })).toEqual([]);
    expect(changes(undefined, null)).toEqual([]);
  });

  it("takes a bare value as a state", () => {
    expect(changes("off", "on")).toEqual([{ path: "", before: "off", after: "on" }]);
  });
});
