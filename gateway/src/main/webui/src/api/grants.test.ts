import { describe, expect, it } from "vitest";
import { minutesLeft } from "./grants";

const GRANT = { opened_at: "2026-11-21T10:00:00Z", expires_at: "2026-11-21T10:30:00Z", ended_at: null };

describe("minutesLeft", () => {
  it.each([
    ["09:59:58", 30],
    ["10:00:00", 30],
    ["10:00:01", 30],
    ["10:29:00", 1],
    ["10:29:59", 1],
    ["10:30:00", 0],
    ["11:00:00", 0],
  ])("at %s are %i minutes left", (time, minutes) => {
    expect(minutesLeft(GRANT, Date.parse(`2026-11-21T${time}Z`))).toBe(minutes);
  });

  it("is 0 once it was ended", () => {
    expect(minutesLeft({ ...GRANT, ended_at: "2026-11-21T10:01:00Z" }, Date.parse("2026-11-21T10:02:00Z"))).toBe(0);
  });
});
