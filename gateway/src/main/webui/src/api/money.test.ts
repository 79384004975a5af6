import { describe, expect, it } from "vitest";
import { minorUnits, typed } from "./money";

describe("minorUnits", () => {
  it.each([
    ["4999", "INR", 499_900],
    ["4999.5", "INR", 499_950],
    [" 0.07 ", "EUR", 7],
    ["1.10", "EUR", 110],
    ["4999", "JPY", 4_999],
    ["1.234", "KWD", 1_234],
  ])("reads %s %s as %i", (text, currency, amount) => {
    expect(minorUnits(text, currency)).toBe(amount);
  });

  it.each([
    ["", "INR"],
    ["-1", "INR"],
    ["1e3", "INR"],
    ["4,999", "INR"],
    ["1.234", "INR"],
    ["1.5", "JPY"],
  ])("does not guess at “%s” %s", (text, currency) => {
    expect(minorUnits(text, currency)).toBeNaN();
  });

  it.each([
    { amount: 499_900, currency: "INR" },
    { amount: 110, currency: "EUR" },
    { amount: 4_999, currency: "JPY" },
    { amount: 7, currency: "USD" },
  ])("reads what is shown for $amount $currency", (money) => {
    expect(minorUnits(typed(money), money.currency)).toBe(money.amount);
  });
});
