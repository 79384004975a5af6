import { describe, expect, it } from "vitest";
import { became, decider, ended, exact, written } from "./approvals";
import type { Member } from "./types";

const shown = (json: string) => written(exact(json));

describe("the arguments of a call", () => {
  it("are shown as they will be sent, whole and indented", () => {
    expect(shown('{"order":"A-1","lines":[{"sku":"x","n":2}],"note":null,"gift":true,"none":{}}')).toBe(
      `{
  "order": "A-1",
  "lines": [
    {
      "sku": "x",
      "n": 2
    }
  ],
  "note": null,
  "gift": true,
  "none": {}
}`,
    );
    const long = "x".repeat(20_000);
    expect(shown(JSON.stringify({ long }))).toContain(long);
  });

  it("keep numbers that JavaScript would round", () => {
    expect(shown('{"id":12345678901234567890,"rate":0.10000000000000000001,"much":1.5E+400,"less":-7}')).toBe(
      '{\n  "id": 12345678901234567890,\n  "rate": 0.10000000000000000001,\n  "much": 1.5E+400,\n  "less": -7\n}',
    );
  });

  it("keep texts that look like numbers, or like JSON, texts", () => {
    expect(shown('{"7":"12345678901234567890","a":"-1","b":"\\\\u00001","c":"say \\"1\\", 2","d":"{\\"e\\": 1}"}')).toBe(
      '{\n  "7": "12345678901234567890",\n  "a": "-1",\n  "b": "\\\\u00001",\n  "c": "say \\"1\\", 2",\n  "d": "{\\"e\\": 1}"\n}',
    );
  });

  it("hide nothing: what turns a text around or has no width is written out", () => {
    expect(shown('{"to":"bank\\u202Egro.elpmaxe\\u200B\\u00A0!"}')).toBe('{\n  "to": "bank\\u202egro.elpmaxe\\u200b\\u00a0!"\n}');
    expect(shown('{"pay\\u2066":"\\u3164\\uDB40\\uDC41"}')).toBe('{\n  "pay\\u2066": "\\u3164\\udb40\\udc41"\n}');
    expect(shown('{"a":"first\\nsecond\\u007F"}')).toBe('{\n  "a": "first\\nsecond\\u007f"\n}');
  });

  it("leave what people write as it is", () => {
    expect(shown('{"name":"Žofie 王小明 नमस्ते 🙂 <b>&amp;"}')).toBe('{\n  "name": "Žofie 王小明 नमस्ते 🙂 <b>&amp;"\n}');
  });
});

describe("what became of a call", () => {
  it.each([
    ["pending", undefined, "waiting", "refund waits to be allowed."],
    ["approved", undefined, "running", "refund is being carried out."],
    ["rejected", undefined, "rejected", "refund was rejected and is not carried out."],
    ["used", "done", "done", "refund was carried out."],
    ["used", "failed", "failed", "refund was approved, but it failed."],
    ["unknown", undefined, "unknown", "Whether refund was carried out is not known."],
    ["expired", undefined, "expired", "refund waited for too long."],
  ] as const)("%s and %s is %s", (status, outcome, word, sentence) => {
    expect(became({ status, outcome })).toBe(word);
    expect(ended({ tool: "refund", status, outcome })).toBe(sentence);
  });
});

describe("who decided", () => {
  const members: Member[] = [
    { user_id: "u1", email: "grace@example.com", name: "Grace", role: "admin" },
    { user_id: "u2", email: "alan@example.com", role: "admin" },
  ];

  it("is said by name", () => {
    expect(decider({ decided_by: "me" }, { user_id: "me" }, members)).toBe("you");
    expect(decider({ decided_by: "u1" }, { user_id: "me" }, members)).toBe("Grace");
    expect(decider({ decided_by: "u2" }, { user_id: "me" }, members)).toBe("alan@example.com");
    expect(decider({ decided_by: "gone" }, { user_id: "me" }, members)).toBe("somebody else");
    expect(decider({}, { user_id: "me" }, members)).toBe("");
  });
});
