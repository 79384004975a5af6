import { describe, expect, it } from "vitest";
import { Problem } from "./client";
import { functionBody, functionFaults, refusedAt, typedFunction } from "./functions";
import type { HttpTool } from "./types";

const stored: HttpTool = {
  id: "f1",
  name: "find_order",
  description: "Finds an order",
  parameters: { type: "object", properties: { number: { type: "string" } } },
  url: "https://shop.example.com/find",
  secret_header: "Authorization",
  timeout_seconds: 5,
  high_impact: true,
  enabled: true,
  created_at: "2026-11-01T09:00:00Z",
  updated_at: "2026-11-01T09:00:00Z",
  created_by: "u1",
};
const fresh = { ...typedFunction(), name: "find_order", description: "Finds an order", url: "https://shop.example.com/find" };

describe("a new function", () => {
  it("is sent as it was typed, and takes nothing unless somebody says what", () => {
    expect(functionFaults(fresh)).toEqual({});
    expect(functionBody(fresh)).toEqual({
      name: "find_order",
      description: "Finds an order",
      parameters: { type: "object", properties: {}, required: [], additionalProperties: false },
      url: "https://shop.example.com/find",
      timeout_seconds: 5,
      high_impact: false,
      enabled: true,
    });
    expect(functionBody({ ...fresh, headerName: " X-Key ", headerValue: "12345678" })).toMatchObject({
      secret_header: { name: "X-Key", value: "12345678" },
    });
  });

  it("is not sent when a field cannot be used", () => {
    expect(functionFaults({ ...typedFunction(), timeout: "" })).toEqual({
      name: "Small letters, digits and _, beginning with no digit; at most 64.",
      description: "Say what it does: agents choose by it.",
      url: "Say where it is called.",
      timeout: "From 1 to 10.",
    });
    expect(functionFaults({ ...fresh, name: "Find order" })).toHaveProperty("name");
    expect(functionFaults({ ...fresh, name: "a".repeat(65) })).toHaveProperty("name");
  });

  it("takes parameters that are a JSON Schema of an object only", () => {
    expect(functionFaults({ ...fresh, parameters: "{" }).parameters).toMatch(/^This is no JSON: /);
    const wanted = { parameters: 'A JSON Schema that says "type": "object".' };
    for (const parameters of ["null", "[]", '"object"', "{}", '{"type":"string"}']) {
      expect(functionFaults({ ...fresh, parameters })).toEqual(wanted);
    }
    const schema = (length: number) => JSON.stringify({ type: "object", title: "x".repeat(length - '{"type":"object","title":""}'.length) });
    expect(functionFaults({ ...fresh, parameters: schema(16_384) })).toEqual({});
    expect(functionFaults({ ...fresh, parameters: schema(16_385) })).toEqual({ parameters: "At most 16,384 characters." });
  });

  it("has a secret header as a whole or not at all", () => {
    expect(functionFaults({ ...fresh, headerName: "X-Key" })).toEqual({ headerValue: "Say what is sent in it." });
    expect(functionFaults({ ...fresh, headerValue: "12345678" })).toEqual({ headerName: "Say which header it is." });
    expect(functionFaults({ ...fresh, headerName: "X-Key", headerValue: "1234567" })).toEqual({ headerValue: "At least 8 characters." });
    expect(functionFaults({ ...fresh, headerName: "X Key", headerValue: "12345678" })).toHaveProperty("headerName");
  });
});

describe("a function that there is", () => {
  it("is changed only where it differs, and not at all when it does not", () => {
    expect(functionBody(typedFunction(stored), stored)).toBeUndefined();
    expect(functionBody({ ...typedFunction(stored), description: "Finds orders", highImpact: false }, stored)).toEqual({
      description: "Finds orders",
      high_impact: false,
    });
    expect(functionBody({ ...typedFunction(stored), parameters: '{"type":"object"}' }, stored)).toEqual({ parameters: { type: "object" } });
  });

  it("keeps its secret until it gets another, and needs it again for another header or host", () => {
    const same = typedFunction(stored);
    expect(functionFaults(same, stored)).toEqual({});
    expect(functionFaults({ ...same, url: "https://shop.example.com/other" }, stored)).toEqual({});
    expect(functionFaults({ ...same, url: "https://other.example.com/find" }, stored)).toEqual({
      headerValue: "The address is another host's: the secret is needed again.",
    });
    expect(functionFaults({ ...same, headerName: "X-Key" }, stored)).toEqual({ headerValue: "Another header needs the secret again." });
    expect(functionFaults({ ...same, headerName: "" }, stored)).toEqual({ headerName: "It can be replaced, not taken away." });
    expect(functionBody({ ...same, headerValue: "Bearer 123" }, stored)).toEqual({ secret_header: { name: "Authorization", value: "Bearer 123" } });
  });
});

describe("what the server refuses", () => {
  it.each([
    ["TOOL_NAME_TAKEN", "The organisation has a function find_order.", "name"],
    ["TOOL_URL_REFUSED", "It was refused: the address is not public.", "url"],
    ["TOOL_INVALID", "parameters is not a usable JSON Schema.", "parameters"],
    ["TOOL_INVALID", "The header Host is not free.", "headerName"],
    ["TOOL_INVALID", "The new address is another host's: give secret_header again, for that host.", "headerValue"],
  ])("%s stands at its field: %s", (code, detail, field) => {
    expect(refusedAt(new Problem(422, { code, detail }))).toEqual({ [field]: detail });
  });

  it("stands at each field that breaks a rule, and at none when it is about none", () => {
    const errors = [
      { pointer: "/secret_header/value", detail: "too short" },
      { pointer: "/timeout_seconds", detail: "at most 10" },
      { pointer: "/elsewhere", detail: "unknown" },
    ];
    expect(refusedAt(new Problem(422, { code: "VALIDATION_FAILED", errors }))).toEqual({ headerValue: "too short", timeout: "at most 10" });
    expect(refusedAt(new Problem(409, { code: "TOOL_LIMIT", detail: "There may be 50 functions." }))).toEqual({});
  });
});
