import { describe, expect, it } from "vitest";
import { usageQuery } from "./period";

const midnight = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString();

describe("usageQuery", () => {
  it("includes the last day", () => {
    const query = usageQuery({ from: "2026-11-01", to: "2026-11-30" });
    expect(query.get("from")).toBe(midnight(2026, 11, 1));
    expect(query.get("to")).toBe(midnight(2026, 12, 1));
  });

  it("leaves out what is not said or no day", () => {
    expect(usageQuery({ from: "yesterday", to: "", agent: "sales" }).toString()).toBe("agent=sales");
  });
});
