import { OrganisationChoice } from "./organisation";

/** What policy says about a refusal. */
export interface Refusal {
  decision_id?: string;
  reason_code: string;
  limit?: number;
  used?: number;
  held?: number;
  remaining?: number;
  resets_at?: string;
  remedy?: string;
}

interface ProblemBody {
  title?: string;
  detail?: string;
  code?: string;
  operation_id?: string;
  policy?: Refusal;
  errors?: { pointer: string; detail: string }[];
}

/** An answer that is not a success, with what the server said about it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail ?? body.title ?? sentence(status));
  }

  get code(): string {
    return this.body.code ?? "";
  }

  get policy(): Refusal | undefined {
    return this.body.policy;
  }

  /** The message about one field of a form, by its JSON pointer. */
  field(pointer: string): string | undefined {
    return this.body.errors?.find((error) => error.pointer === pointer)?.detail;
  }
}

function sentence(status: number): string {
  if (status === 0) return "Parley cannot be reached. Check your connection and try again.";
  if (status === 401) return "You are not signed in.";
  if (status >= 500) return "Something went wrong on our side. Try again in a moment.";
  return "The request was refused.";
}

/** Reads a problem from an answer, whatever its body is. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    return new Problem(response.status, (await response.json()) as ProblemBody);
  } catch {
    return new Problem(response.status, {});
  }
}

/** What a request may say beyond its method, path and body. */
export interface Extras {
  accept?: string;
  headers?: Record<string, string>;
  /** The organisation that it is for; the chosen one when left out, the server's choice when null. */
  tenant?: string | null;
  /** Reads the answer, where JavaScript's own reading of JSON would lose something. */
  parse?: (text: string) => unknown;
}

/** The organisation that this browser works for, sent with every request for data. */
export const organisation = new OrganisationChoice(browserStorage());

/** Sends a request with the session cookie; unsafe ones carry the header that proves they come from this page. */
export async function send(method: string, path: string, body?: unknown, extras: Extras = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: extras.accept ?? "application/json", ...extras.headers };
  const tenant = extras.tenant === undefined ? organisation.id : extras.tenant;
  if (tenant !== null && path.startsWith("/api/")) headers["X-Tenant-ID"] = tenant;
  if (method !== "GET") headers["X-Parley-CSRF"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, {});
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** Sends a request and reads the answer as JSON. */
export async function request<T>(method: string, path: string, body?: unknown, extras?: Extras): Promise<T> {
  const response = await send(method, path, body, extras);
  const text = await response.text();
  return (text === "" ? undefined : (extras?.parse ?? JSON.parse)(text)) as T;
}

/** Gets a document. */
export function get<T>(path: string, extras?: Extras): Promise<T> {
  return request<T>("GET", path, undefined, extras);
}

/** Gets a file and hands it to the browser to keep; a plain link could not say which organisation it is for. */
export async function download(path: string, name: string, extras?: Extras): Promise<void> {
  const response = await send("GET", path, undefined, extras);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the file over when this runs.
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function browserStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined {
  try {
    return typeof window === "undefined" ? undefined : window.localStorage;
  } catch {
    return undefined; // a browser that keeps nothing still works, it only forgets
  }
}
