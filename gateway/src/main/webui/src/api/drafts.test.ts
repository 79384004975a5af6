import { describe, expect, it } from "vitest";
import { commandOf, moved, progress, type ReviewRule } from "./drafts";

const plain = { ctrlKey: false, metaKey: false, altKey: false };

describe("keys of the inbox", () => {
  it("approve, reject and move", () => {
    expect(commandOf({ ...plain, key: "a" })).toBe("approve");
    expect(commandOf({ ...plain, key: "r" })).toBe("reject");
    expect(commandOf({ ...plain, key: "ArrowDown" })).toBe("next");
    expect(commandOf({ ...plain, key: "q" })).toBeUndefined();
  });

  it("leave the browser its own", () => {
    expect(commandOf({ ...plain, key: "r", ctrlKey: true })).toBeUndefined();
    expect(commandOf({ ...plain, key: "a", metaKey: true })).toBeUndefined();
  });
});

describe("the draft in view", () => {
  it("moves within the list", () => {
    expect(moved(["a", "b", "c"], [], "a", 1)).toBe("b");
    expect(moved(["a", "b", "c"], [], "c", 1)).toBe("c");
    expect(moved(["a", "b", "c"], [], "a", -1)).toBe("a");
    expect(moved(["a", "b"], [], null, 0)).toBe("a");
    expect(moved([], ["a"], "a", 1)).toBeNull();
  });

  it("is the one behind a draft that was decided", () => {
    expect(moved(["a", "c"], ["a", "b", "c"], "b", 0)).toBe("c");
    expect(moved(["a", "b"], ["a", "b", "c"], "c", 0)).toBe("b");
  });
});

describe("how far an agent is", () => {
  const rule: ReviewRule = {
    agent: "concierge",
    channel: "telegram",
    mode: "review",
    threshold: 0.95,
    sample_size: 200,
    sample_one_in: 10,
    reviewed: 72,
    unchanged: 72,
    rate: 1,
    certain_rate: 0.9493,
    earned: false,
    waiting: 0,
  };

  it("never says more than it is", () => {
    expect(progress(rule)).toBe("72 of 72 approved unchanged: all but surely 94.9 % or more; 95 % is needed.");
    expect(progress({ ...rule, reviewed: 0, unchanged: 0 })).toBe("No draft was reviewed yet.");
  });
});
