import { describe, expect, it } from "vitest";
import { after, facts, named, type Step } from "./operation";

const step = (at: string, name: string, detail: Record<string, unknown> | null = null): Step => ({ at, service: "channel-service", step: name, detail });

describe("a trace", () => {
  it("is told in words, also of steps that are new", () => {
    expect(named(step("", "send-delivered"))).toBe("Delivered");
    expect(named(step("", "tool_called-twice"))).toBe("Tool called twice");
  });

  it("shows what is known and nothing else", () => {
    expect(facts(step("", "x", { prompt_version: 7, run_id: null, code: "", lines: [{ credits: 3 }] }))).toEqual([
      ["prompt version", "7"],
      ["lines", '[{"credits":3}]'],
    ]);
    expect(facts(step("", "x"))).toEqual([]);
  });

  it("counts time from the first step", () => {
    const steps = [step("2026-11-21T10:00:00.000Z", "a"), step("2026-11-21T10:00:00.250Z", "b"), step("2026-11-21T10:00:12.340Z", "c"), step("2026-11-21T12:00:00Z", "d")];
    expect(steps.map((one) => after(steps, one))).toEqual(["0 ms", "250 ms", "12.3 s", "120 min"]);
  });
});
