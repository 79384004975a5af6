import { describe, expect, it } from "vitest";
import { usedShare, warnings } from "./standing";
import type { Credits, Subscription, SubscriptionStatus } from "./types";

const NOW = Date.parse("2026-11-21T10:00:00Z");

function on(status: SubscriptionStatus, more: Partial<Subscription> = {}): Subscription {
  return { plan: "starter", plan_version: 1, status, ...more };
}

function credits(used: number, granted = 1_000): Credits {
  return { granted, used, held: 0, remaining: Math.max(0, granted - used), overage: 0, period_end: "2026-12-01T00:00:00Z", lots: [] };
}

describe("warnings", () => {
  it("says nothing while all is well", () => {
    expect(warnings(on("active"), credits(799), NOW)).toEqual([]);
    expect(warnings(undefined, undefined, NOW)).toEqual([]);
  });

  it.each([
    ["past_due", "warning", "Pay now"],
    ["suspended", "stop", "Pay now"],
    ["ended", "stop", "Choose a plan"],
  ] as const)("%s says what to do", (status, level, label) => {
    expect(warnings(on(status), credits(0), NOW)).toMatchObject([{ level, action: { label, to: "/plan" } }]);
  });

  it("warns at 80 % and stops at nothing left", () => {
    expect(warnings(on("active"), credits(800), NOW)).toMatchObject([{ level: "warning", title: "80 % of your credits are used" }]);
    expect(warnings(on("active"), credits(999), NOW)).toMatchObject([{ level: "warning", title: "99 % of your credits are used" }]);
    expect(warnings(on("active"), credits(1_000), NOW)).toMatchObject([{ level: "stop", title: "Your credits are used up" }]);
  });

  it("leaves credits alone while only paying helps", () => {
    expect(warnings(on("suspended"), credits(1_000), NOW)).toHaveLength(1);
  });

  it("tells of a trial's end three days before", () => {
    expect(warnings(on("trial", { trial_end: "2026-11-24T10:00:00Z" }), credits(0), NOW)).toEqual([]);
    expect(warnings(on("trial", { trial_end: "2026-11-24T09:59:59Z" }), credits(0), NOW)).toMatchObject([{ level: "info" }]);
  });
});

describe("usedShare", () => {
  it("is 0 of nothing and never beyond 100", () => {
    expect(usedShare({ granted: 0, used: 0 })).toBe(0);
    expect(usedShare({ granted: 10, used: 12 })).toBe(100);
  });
});
