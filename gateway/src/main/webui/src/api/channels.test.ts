import { describe, expect, it } from "vitest";
import { channelChoices, type ChannelType, complete, typed } from "./channels";

const twilio: ChannelType = {
  type: "twilio",
  channel: "sms",
  label: "SMS by Twilio",
  credentials: [
    { name: "account_sid", label: "Account SID", secret: false, required: true },
    { name: "auth_token", label: "Auth token", secret: true, required: true },
    { name: "phone_number", label: "Phone number", secret: false, required: false },
  ],
};

describe("credentials", () => {
  it("are what was typed, and nothing empty", () => {
    expect(typed({ bot_token: " 1:a ", secret_token: " " })).toEqual({ bot_token: "1:a" });
  });

  it("are complete when the messenger has what it cannot be without", () => {
    expect(complete(undefined, {})).toBe(false);
    expect(complete(twilio, { account_sid: "AC", auth_token: " " })).toBe(false);
    expect(complete(twilio, { account_sid: "AC", auth_token: "t" })).toBe(true);
  });
});

describe("channels", () => {
  it("are each a choice once", () => {
    expect(channelChoices([twilio, { ...twilio, type: "other", label: "SMS by another" }])).toEqual([{ value: "sms", label: "SMS by Twilio" }]);
  });
});
