import { describe, expect, it } from "vitest";
import { agentRates, pairs, rate, typedAgentRates, typedPairs, typedRates, whole } from "./pairs";

describe("pairs", () => {
  it("reads a line each, whatever is around it", () => {
    expect(pairs(" tasks = 50 \n\nposts=0", whole)).toEqual({ tasks: 50, posts: 0 });
  });

  it.each(["tasks", "= 5", "tasks = many", "tasks = -1", "tasks = 1.5", "tasks = 1\ntasks = 2"])("refuses “%s”", (text) => {
    expect(() => pairs(text, whole)).toThrow("cannot be read");
  });

  it("reads prices, each or by the thousand", () => {
    expect(pairs("message = 1\nllm.input_tokens = 3 per 1000", rate)).toEqual({
      message: { credits: 1, per: 1 },
      "llm.input_tokens": { credits: 3, per: 1000 },
    });
  });

  it("reads what it writes", () => {
    const quotas = { tasks: 50, seats: 3 };
    const rates = { message: { credits: 2, per: 1 }, "llm.output_tokens": { credits: 3, per: 1000 } };
    const own = { sales: rates, support: { message: { credits: 0, per: 1 } } };
    expect(pairs(typedPairs(quotas), whole)).toEqual(quotas);
    expect(pairs(typedRates(rates), rate)).toEqual(rates);
    expect(agentRates(typedAgentRates(own))).toEqual(own);
  });

  it("asks for the agent of a price of its own", () => {
    expect(() => agentRates("message = 2")).toThrow("an agent and a meter");
  });
});
