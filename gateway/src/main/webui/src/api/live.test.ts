import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { atMostEvery } from "./live";

describe("atMostEvery", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("runs at once, and what comes meanwhile once afterwards", () => {
    const run = vi.fn();
    const { call } = atMostEvery(1_000, run);
    call();
    expect(run).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 50; i++) call();
    vi.advanceTimersByTime(999);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(2);
    call();
    expect(run).toHaveBeenCalledTimes(3);
  });

  it("runs no more once it was stopped", () => {
    const run = vi.fn();
    const { call, stop } = atMostEvery(1_000, run);
    call();
    call();
    stop();
    vi.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
