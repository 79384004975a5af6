import type { Money } from "./types";

/** An amount of money as people here write it. */
export function money({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(amount / 10 ** digitsOf(currency));
}

/** Several amounts, of a currency each. */
export function monies(amounts: Money[]): string {
  return amounts.map(money).join(", ") || "none";
}

/** What somebody typed as an amount, in minor units; NaN when it is none. */
export function minorUnits(typed: string, currency: string): number {
  const text = typed.trim();
  if (!/^\d+(\.\d+)?$/.test(text)) return Number.NaN;
  const [whole, part = ""] = text.split(".") as [string, string?];
  const digits = digitsOf(currency);
  return part.length > digits ? Number.NaN : Number(whole + part.padEnd(digits, "0"));
}

/** An amount as somebody would type it. */
export function typed({ amount, currency }: Money): string {
  const digits = digitsOf(currency);
  return (amount / 10 ** digits).toFixed(amount % 10 ** digits === 0 ? 0 : digits);
}

/** Basis points as a percentage. */
export function percent(basisPoints: number): string {
  return `${(basisPoints / 100).toLocaleString(undefined, { maximumFractionDigits: 1 })} %`;
}

function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // not the code of a currency; the server says so
  }
}
