import { meterName, words } from "./meters";
import { money } from "./money";
import type { Overage, Plan, Rate } from "./types";

/** A line of the comparison: what it is about, and each plan's word on it; true and false are yes and no. */
export interface ComparedLine {
  group: string;
  label: string;
  values: (string | boolean)[];
}

/** Everything in which plans can differ, line by line, with a value for each plan in their order. */
export function compare(plans: Plan[]): ComparedLine[] {
  const lines: ComparedLine[] = [];
  const add = (group: string, label: string, value: (plan: Plan) => string | boolean) =>
    lines.push({ group, label, values: plans.map(value) });

  add("Price", "Price", price);
  add("Price", "Credits", (plan) => `${plan.credits.toLocaleString()} a ${plan.interval}`);
  add("Price", "Trial", (plan) => (plan.trial_days > 0 ? `${plan.trial_days} days` : false));
  add("Price", "When credits are used up", overage);
  for (const agent of all(plans, (plan) => plan.agents)) add("Agents", words(agent), (plan) => plan.agents.includes(agent));
  for (const channel of all(plans, (plan) => plan.channels)) add("Channels", CHANNELS[channel] ?? words(channel), (plan) => plan.channels.includes(channel));
  for (const feature of all(plans, (plan) => plan.features ?? [])) add("Features", words(feature), (plan) => (plan.features ?? []).includes(feature));
  for (const meter of all(plans, (plan) => Object.keys(plan.quotas))) {
    add("Limits", meterName(meter) + (STOCKS.has(meter) ? "" : " a month"), (plan) => plan.quotas[meter]?.toLocaleString() ?? "no limit");
  }
  for (const meter of all(plans, (plan) => Object.keys(plan.rates))) {
    add("What costs credits", meterName(meter), (plan) => rateText(plan.rates[meter]));
  }
  for (const agent of all(plans, (plan) => Object.keys(plan.agent_rates ?? {}))) {
    for (const meter of all(plans, (plan) => Object.keys(plan.agent_rates?.[agent] ?? {}))) {
      add("What costs credits", `${meterName(meter)}, ${words(agent)}`, (plan) => rateText(plan.agent_rates?.[agent]?.[meter] ?? plan.rates[meter]));
    }
  }
  return lines;
}

/** What a plan costs, in words. */
export function price(plan: Plan): string {
  return plan.price.amount === 0 ? "Free" : `${money(plan.price)} a ${plan.interval}`;
}

const CHANNELS: Record<string, string> = { api: "API", sms: "SMS", whatsapp: "WhatsApp" };

// Counted as they are now, not by month.
const STOCKS = new Set(["seats", "keys"]);

function rateText(rate: Rate | undefined): string {
  if (!rate || rate.credits === 0) return "free";
  return `${rate.credits.toLocaleString()} ${rate.credits === 1 ? "credit" : "credits"}${rate.per === 1 ? "" : ` per ${rate.per.toLocaleString()}`}`;
}

function overage({ overage, price }: Plan): string {
  const cap = overage.cap === undefined ? "" : `, up to ${overage.cap.toLocaleString()} credits`;
  if (overage.mode === "charge_up_to_cap") return `goes on and is charged${overagePrice(overage, price.currency)}${cap}`;
  if (overage.mode === "carry_debt_to_next_cycle") return `goes on and is taken from the next ones${cap}`;
  return "stops until the next ones";
}

/** The price of a thousand, where the plan has one: else a credit costs what it costs in the plan. */
function overagePrice(overage: Overage, currency: string): string {
  if (overage.price_per_1000 === undefined) return "";
  return ` at ${money({ amount: overage.price_per_1000, currency })} per ${(1_000).toLocaleString()}`;
}

function all(plans: Plan[], names: (plan: Plan) => string[]): string[] {
  return [...new Set(plans.flatMap(names))];
}
