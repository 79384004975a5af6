import { describe, expect, it } from "vitest";
import { complete, typed } from "./channels";

describe("credentials", () => {
  it("are what was typed, and nothing empty", () => {
    expect(typed({ bot_token: " 1:a ", secret_token: " " })).toEqual({ bot_token: "1:a" });
  });

  it("are complete when the messenger has what it needs", () => {
    expect(complete("telegram", { bot_token: "" })).toBe(false);
    expect(complete("telegram", { bot_token: "1:a" })).toBe(true);
    expect(complete("twilio", { account_sid: "AC", auth_token: "t" })).toBe(false);
    expect(complete("twilio", { account_sid: "AC", auth_token: "t", messaging_service_sid: "MG" })).toBe(true);
    expect(complete("whatsapp", { phone_number_id: "1", access_token: "t" })).toBe(false);
  });
});
