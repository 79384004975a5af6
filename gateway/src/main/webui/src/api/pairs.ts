import type { Rate } from "./types";

/** Lines of `name = value` as people type them, each read by `read`; throws with the line that cannot be read. */
export function pairs<T>(text: string, read: (value: string) => T | undefined): Record<string, T> {
  const found: Record<string, T> = {};
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") continue;
    const at = line.indexOf("=");
    const name = line.slice(0, at).trim();
    const value = at < 1 ? undefined : read(line.slice(at + 1).trim());
    if (value === undefined || name === "" || Object.hasOwn(found, name)) throw new Error(`“${line}” cannot be read.`);
    found[name] = value;
  }
  return found;
}

/** A whole number that is not negative. */
export function whole(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `3 per 1000`, or `3` for each. */
export function rate(text: string): Rate | undefined {
  const [, credits, per = "1"] = /^(\d{1,15})(?:\s+per\s+(\d{1,15}))?$/.exec(text) ?? [];
  return credits === undefined ? undefined : { credits: Number(credits), per: Number(per) };
}

/** A price for each meter, as they are typed. */
export function typedRates(rates: Record<string, Rate>): string {
  return typedPairs(rates, ({ credits, per }) => (per === 1 ? String(credits) : `${credits} per ${per}`));
}

/** Values by name, as they are typed. */
export function typedPairs<T>(values: Record<string, T>, write: (value: T) => string = String): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${write(value)}`)
    .join("\n");
}

/** Prices by agent, typed as `agent: meter = price`. */
export function agentRates(text: string): Record<string, Record<string, Rate>> {
  const found: Record<string, Record<string, Rate>> = {};
  for (const [name, price] of Object.entries(pairs(text, rate))) {
    const [agent, meter] = name.split(":").map((part) => part.trim());
    if (!agent || !meter) throw new Error(`“${name}” must be an agent and a meter, like sales: message.`);
    (found[agent] ??= {})[meter] = price;
  }
  return found;
}

/** Prices by agent, as they are typed. */
export function typedAgentRates(rates: Record<string, Record<string, Rate>>): string {
  return Object.entries(rates)
    .map(([agent, prices]) => typedRates(Object.fromEntries(Object.entries(prices).map(([meter, price]) => [`${agent}: ${meter}`, price]))))
    .join("\n");
}
