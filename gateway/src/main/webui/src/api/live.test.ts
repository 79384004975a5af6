import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { atMostEvery, connect } from "./live";

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

/** A socket that a test opens and breaks. */
class FakeSocket {
  static all: FakeSocket[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  close(): void {
    this.onclose?.();
  }
}

describe("connect", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.all = [];
    vi.stubGlobal("WebSocket", FakeSocket);
    vi.stubGlobal("location", { origin: "https://parley.example" });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("comes back ever later, at most after half a minute, and soon again once it was there", () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const heard: string[] = [];
    connect((type) => heard.push(type));
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = FakeSocket.all.length;
      FakeSocket.all.at(-1)?.onclose?.();
      vi.advanceTimersByTime(wait - 1);
      expect(FakeSocket.all).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(FakeSocket.all).toHaveLength(before + 1);
    }
    FakeSocket.all.at(-1)?.onopen?.();
    FakeSocket.all.at(-1)?.onmessage?.({ data: '{"type":"credits.changed"}' });
    FakeSocket.all.at(-1)?.onmessage?.({ data: "no event" });
    expect(heard).toEqual(["again", "credits.changed"]);
    FakeSocket.all.at(-1)?.onclose?.();
    vi.advanceTimersByTime(1_000);
    expect(FakeSocket.all).toHaveLength(9);
  });

  it("shortens its waits at random, to a half at most, and comes back no more once it was ended", () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const end = connect(() => undefined);
    FakeSocket.all[0]?.onclose?.();
    vi.advanceTimersByTime(499);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(2);
    end();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(2);
  });
});
