import { describe, expect, it } from "vitest";
import { outcome, standing, type WebhookEndpoint } from "./webhooks";

const ENDPOINT: WebhookEndpoint = {
  id: "e",
  url: "https://hooks.example.com/",
  description: "",
  events: ["*"],
  fifo: false,
  concurrency: 8,
  status: "active",
  created_at: "2026-11-21T10:00:00Z",
  updated_at: "2026-11-21T10:00:00Z",
};

describe("standing", () => {
  it("tells what works, what fails and what is disabled apart", () => {
    expect(standing(ENDPOINT)).toBe("active");
    expect(standing({ ...ENDPOINT, failing_since: "2026-11-21T10:00:00Z" })).toBe("failing");
    expect(standing({ ...ENDPOINT, failing_since: "2026-11-21T10:00:00Z", status: "disabled" })).toBe("disabled");
  });
});

describe("outcome", () => {
  it("is the status, else the error, else that nothing was tried", () => {
    expect(outcome({ last_status: 410, last_error: "answered 410" })).toBe("410");
    expect(outcome({ last_error: "no connection" })).toBe("no connection");
    expect(outcome({})).toBe("not tried yet");
  });
});
