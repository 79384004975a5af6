import type { Problem } from "./client";
import type { HttpTool } from "./types";

/** A function as somebody types it. */
export interface TypedFunction {
  name: string;
  description: string;
  url: string;
  parameters: string;
  headerName: string;
  headerValue: string;
  timeout: number | string;
  highImpact: boolean;
  enabled: boolean;
}

/** What is wrong, by field. */
export type FunctionFaults = Partial<Record<keyof TypedFunction, string>>;

const NAME = /^[a-z_][a-z0-9_]{0,63}$/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const LONGEST_SCHEMA = 16 * 1024;

/** Takes nothing: a beginning that can be used as it is. */
const NO_PARAMETERS = { type: "object", properties: {}, required: [], additionalProperties: false };

/** A function in the form, or a new one. */
export function typedFunction(of?: HttpTool): TypedFunction {
  return {
    name: of?.name ?? "",
    description: of?.description ?? "",
    url: of?.url ?? "",
    parameters: JSON.stringify(of?.parameters ?? NO_PARAMETERS, null, 2),
    headerName: of?.secret_header ?? "",
    headerValue: "",
    timeout: of?.timeout_seconds ?? 5,
    highImpact: of?.high_impact ?? false,
    enabled: of?.enabled ?? true,
  };
}

/** What keeps it from being sent. */
export function functionFaults(typed: TypedFunction, before?: HttpTool): FunctionFaults {
  return without({
    name: NAME.test(typed.name.trim()) ? undefined : "Small letters, digits and _, beginning with no digit; at most 64.",
    description: typed.description.trim() === "" ? "Say what it does: agents choose by it." : undefined,
    url: typed.url.trim() === "" ? "Say where it is called." : undefined,
    parameters: schemaFault(typed.parameters),
    timeout: typed.timeout === "" ? "From 1 to 10." : undefined,
    ...headerFaults(typed, before),
  });
}

function schemaFault(text: string): string | undefined {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
  if (typeof schema !== "object" || (schema as { type?: unknown } | null)?.type !== "object") return 'A JSON Schema that says "type": "object".';
  return JSON.stringify(schema).length > LONGEST_SCHEMA ? `At most ${LONGEST_SCHEMA.toLocaleString("en")} characters.` : undefined;
}

function headerFaults(typed: TypedFunction, before?: HttpTool): FunctionFaults {
  const name = typed.headerName.trim();
  const value = typed.headerValue;
  if (name === "") {
    if (before?.secret_header) return { headerName: "It can be replaced, not taken away." };
    return value === "" ? {} : { headerName: "Say which header it is." };
  }
  if (!HEADER.test(name)) return { headerName: "Letters, digits and -, beginning with a letter; at most 64." };
  if (value === "") {
    if (name !== before?.secret_header) return { headerValue: before?.secret_header ? "Another header needs the secret again." : "Say what is sent in it." };
    return hostOf(typed.url) === hostOf(before.url) ? {} : { headerValue: "The address is another host's: the secret is needed again." };
  }
  return value.trim().length < 8 ? { headerValue: "At least 8 characters." } : {};
}

/** Where an address is, with its scheme; the address itself while it is none. */
function hostOf(url: string): string {
  try {
    const { protocol, host } = new URL(url.trim());
    return `${protocol}//${host}`;
  } catch {
    return url;
  }
}

/** What is sent: of a function that there is what differs, nothing when nothing does. Any change ends what waits. */
export function functionBody(typed: TypedFunction, before?: HttpTool): Record<string, unknown> | undefined {
  const all: Record<string, unknown> = {
    description: typed.description.trim(),
    parameters: JSON.parse(typed.parameters) as unknown,
    url: typed.url.trim(),
    timeout_seconds: Number(typed.timeout),
    high_impact: typed.highImpact,
    enabled: typed.enabled,
    ...(typed.headerValue === "" ? {} : { secret_header: { name: typed.headerName.trim(), value: typed.headerValue.trim() } }),
  };
  if (!before) return { name: typed.name.trim(), ...all };
  const old = before as unknown as Record<string, unknown>;
  const changed = Object.entries(all).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]));
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

const POINTERS: Record<string, keyof TypedFunction> = {
  "/name": "name",
  "/description": "description",
  "/url": "url",
  "/parameters": "parameters",
  "/secret_header/name": "headerName",
  "/secret_header/value": "headerValue",
  "/timeout_seconds": "timeout",
};

/** Where the server's refusal belongs; nowhere when it is about no field. */
export function refusedAt(problem: Problem): FunctionFaults {
  const said = problem.message;
  if (problem.code === "TOOL_NAME_TAKEN") return { name: said };
  if (problem.code === "TOOL_URL_REFUSED") return { url: said };
  if (problem.code === "TOOL_INVALID") {
    if (said.startsWith("parameters")) return { parameters: said };
    return said.startsWith("The header") ? { headerName: said } : { headerValue: said };
  }
  const found = (problem.body.errors ?? []).flatMap(({ pointer, detail }) => (POINTERS[pointer] ? [[POINTERS[pointer], detail]] : []));
  return Object.fromEntries(found) as FunctionFaults;
}

function without(faults: FunctionFaults): FunctionFaults {
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined));
}
