/** What policy says about a refusal. */
export interface Refusal {
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

/** Sends a request with the session cookie; unsafe ones carry the header that proves they come from this page. */
export async function send(method: string, path: string, body?: unknown, accept = "application/json"): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept };
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
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Gets a document. */
export function get<T>(path: string): Promise<T> {
  return request<T>("GET", path);
}
