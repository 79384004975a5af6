import { describe, expect, it } from "vitest";
import { compare } from "./compare";
import { money } from "./money";
import type { Plan } from "./types";

const FREE: Plan = {
  code: "free",
  version: 1,
  name: "Free",
  price: { amount: 0, currency: "INR" },
  interval: "month",
  credits: 1_000,
  agents: ["concierge"],
  channels: ["web"],
  rates: { message: { credits: 1, per: 1 } },
  quotas: { tasks: 10 },
  overage: { mode: "block" },
  trial_days: 14,
};
const PRO: Plan = {
  ...FREE,
  code: "pro",
  credits: 50_000,
  agents: ["concierge", "sales"],
  channels: ["web", "api"],
  features: ["insight_engine"],
  rates: { message: { credits: 1, per: 1 }, "llm.output_tokens": { credits: 3, per: 1000 } },
  agent_rates: { sales: { message: { credits: 2, per: 1 } } },
  quotas: { tasks: 100, seats: 5 },
  overage: { mode: "charge_up_to_cap", cap: 5_000 },
  trial_days: 0,
};

describe("compare", () => {
  const lines = compare([FREE, PRO]);
  const line = (label: string) => lines.find((one) => one.label === label)?.values;

  it("ticks agents, channels and features", () => {
    expect(line("Sales")).toEqual([false, true]);
    expect(line("API")).toEqual([false, true]);
    expect(line("Insight engine")).toEqual([false, true]);
  });

  it("says that a limit which a plan does not name is none, and which are counted by month", () => {
    expect(line("Tasks a month")).toEqual(["10", "100"]);
    expect(line("Seats")).toEqual(["no limit", "5"]);
  });

  it("prices every meter, and the agents that have prices of their own", () => {
    expect(line("Tokens written")).toEqual(["free", `3 credits per ${(1_000).toLocaleString()}`]);
    expect(line("Message, Sales")).toEqual(["1 credit", "2 credits"]);
  });

  it("says what happens when credits are used up, and whether there is a trial", () => {
    expect(line("When credits are used up")).toEqual(["stops until the next ones", `goes on and is charged, up to ${(5_000).toLocaleString()} credits`]);
    expect(line("Trial")).toEqual(["14 days", false]);
  });

  it("says what overage costs, where the plan has a price of its own for it", () => {
    const priced = compare([{ ...PRO, overage: { mode: "charge_up_to_cap", cap: 5_000, price_per_1000: 12_500 } }]);
    const said = priced.find((one) => one.label === "When credits are used up")?.values;
    expect(said).toEqual([`goes on and is charged at ${money({ amount: 12_500, currency: "INR" })} per ${(1_000).toLocaleString()}, up to ${(5_000).toLocaleString()} credits`]);
  });
});
