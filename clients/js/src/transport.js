import { ConnectionError, ProblemError } from "./errors.js";

const SAFE = new Set(["GET", "HEAD"]);
const IDEMPOTENT = new Set(["GET", "HEAD", "PUT", "DELETE"]);
const FIRST_PAUSE = 500;

/** Sends requests: with the credential, within a time, and again where that cannot do a thing twice. */
export class Transport {
  /** @param {import("./index.d.ts").ClientOptions} options */
  constructor({ baseUrl, apiKey, timeout = 110_000, maxRetries = 2, longestPause = 30_000, fetch: send = globalThis.fetch }) {
    const address = new URL(baseUrl);
    if (address.protocol !== "https:" && address.protocol !== "http:") {
      throw new TypeError("baseUrl must be an http or https address");
    }
    this.base = address.href.replace(/[?#].*$/, "").replace(/\/+$/, "");
    this.apiKey = apiKey;
    this.timeout = timeout;
    this.maxRetries = maxRetries;
    this.longestPause = longestPause;
    this.fetch = send.bind(globalThis);
  }

  /** The headers that prove who calls. */
  credentials() {
    return this.apiKey === undefined ? {} : { authorization: `Bearer ${this.apiKey}` };
  }

  /** The address of a path with the query members that have a value. */
  url(path, query = {}) {
    const url = new URL(this.base + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.set(name, value instanceof Date ? value.toISOString() : String(value));
    }
    return url;
  }

  /** Sends and gives the answer's JSON; undefined where there is none. */
  async json(method, path, options = {}) {
    return this.#within(method, path, options, async (response) => {
      const text = await response.text();
      return text === "" ? undefined : JSON.parse(text);
    });
  }

  /** Sends and gives the answer's bytes. */
  async bytes(method, path, options = {}) {
    return this.#within(method, path, { ...options, accept: "*/*" }, async (response) => new Uint8Array(await response.arrayBuffer()));
  }

  /** Sends and gives the answer as soon as it begins: its body is not bound by the timeout. */
  async open(method, path, options = {}) {
    return this.#within(method, path, options, async (response) => response);
  }

  /** Items of a list, page after page. */
  async *items(path, query = {}, options = {}) {
    let cursor = query.cursor;
    do {
      const page = await this.json("GET", path, { ...options, query: { ...query, cursor } });
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  async #within(method, path, options, read) {
    // Every POST may be sent again: Parley keeps its first answer by this key.
    const key = method === "POST" ? (options.idempotencyKey ?? crypto.randomUUID()) : undefined;
    const repeatable = IDEMPOTENT.has(method) || key !== undefined;
    for (let attempt = 0; ; attempt++) {
      const failure = await this.#once(method, path, options, key, read);
      if ("value" in failure) return failure.value;
      const pause = repeatable && attempt < this.maxRetries ? this.#pause(failure.error, attempt) : undefined;
      if (pause === undefined) throw failure.error;
      await sleep(pause, options.signal);
    }
  }

  async #once(method, path, options, key, read) {
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(), this.timeout);
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    try {
      const response = await this.fetch(this.url(path, options.query), {
        method,
        signal,
        redirect: "error",
        headers: this.#headers(method, options, key),
        body: bodyOf(options),
      });
      return response.ok ? { value: await read(response) } : { error: await ProblemError.of(response) };
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      const why = ended.signal.aborted ? `no answer within ${this.timeout} ms` : `no answer: ${error.cause?.message ?? error.message}`;
      return { error: new ConnectionError(`${method} ${path}: ${why}`, { cause: error }) };
    } finally {
      clearTimeout(timer);
    }
  }

  #headers(method, { accept = "application/json", body, bytes, contentType, headers }, key) {
    const all = { accept, ...this.credentials(), ...headers };
    if (key !== undefined) all["idempotency-key"] = key;
    if (bytes !== undefined) all["content-type"] = contentType ?? "application/octet-stream";
    else if (body !== undefined) all["content-type"] = "application/json";
    // A page of Parley's own origin shows its session cookie, and this header, which no other page can set.
    if (this.apiKey === undefined && !SAFE.has(method)) all["x-parley-csrf"] = "1";
    return all;
  }

  /** Milliseconds until it may go better; undefined when it will not. */
  #pause(error, attempt) {
    const backoff = FIRST_PAUSE * 2 ** attempt * (0.5 + Math.random() / 2);
    if (error instanceof ConnectionError) return Math.min(backoff, this.longestPause);
    const { status, code, retryAfter } = error;
    if (status !== 429 && status !== 503 && code !== "IDEMPOTENCY_KEY_IN_USE") return undefined;
    const pause = retryAfter === undefined ? Math.min(backoff, this.longestPause) : retryAfter * 1000;
    return pause <= this.longestPause ? pause : undefined;
  }
}

/** Waits; an abort ends it. */
export function sleep(milliseconds, signal) {
  return new Promise((done, fail) => {
    if (signal?.aborted) return fail(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      fail(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

function bodyOf({ body, bytes }) {
  if (bytes !== undefined) return bytes;
  return body === undefined ? undefined : JSON.stringify(body);
}
