import { openSocket } from "#socket";
import { ConnectionError } from "./errors.js";
import { sleep } from "./transport.js";

const LONGEST_QUEUE = 1_000;
const ACCESS_LOST = 1008;

/**
 * Events of the tenant's live stream. Whenever the socket ends it is opened again behind the last event, after a pause that
 * doubles from `firstPause` to `longestPause`, of which a random half is left out; it begins anew once the server has spoken.
 */
export async function* live(transport, { after, signal, firstPause = 1_000, longestPause = 30_000, silence = 150_000 } = {}) {
  let cursor = after;
  for (let failures = 0; ; ) {
    signal?.throwIfAborted();
    const listening = new Listening(transport, cursor, silence);
    const stop = () => listening.close();
    signal?.addEventListener("abort", stop, { once: true });
    let end;
    try {
      for await (const event of listening.events()) {
        failures = 0;
        cursor = event.cursor ?? cursor;
        yield event;
      }
      end = listening.end;
    } finally {
      signal?.removeEventListener("abort", stop);
      listening.close();
    }
    signal?.throwIfAborted();
    if (end === undefined) continue;
    const fatal = lost(end);
    if (fatal) throw fatal;
    const pause = Math.min(firstPause * 2 ** failures++, longestPause) * (0.5 + Math.random() / 2);
    await sleep(Math.max(pause, Math.min((end.problem?.retryAfter ?? 0) * 1000, longestPause)), signal);
  }
}

/** Why it makes no sense to try again. */
function lost(end) {
  if (end.code === ACCESS_LOST) return new ConnectionError(`the caller may no longer listen: ${end.reason || ACCESS_LOST}`);
  const status = end.problem?.status;
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? end.problem : undefined;
}

/** One socket, and what it told and nobody took yet. */
class Listening {
  #queue = [];
  #wake = () => {};
  #socket;
  #over = false;

  constructor(transport, cursor, silence) {
    this.#socket = openSocket({
      url: transport.url("/api/v1/stream", { after: cursor }),
      headers: transport.credentials(),
      silence,
      onMessage: (text) => this.#hear(text),
      onEnd: (end) => this.#finish(end),
    });
  }

  /** Events until the socket ends; `end` says then how it did, and is undefined when we closed it. */
  async *events() {
    for (;;) {
      while (this.#queue.length > 0) yield this.#queue.shift();
      if (this.#over) return;
      await new Promise((wake) => (this.#wake = wake));
    }
  }

  close() {
    this.#finish(undefined);
  }

  #hear(text) {
    if (this.#over) return;
    this.#queue.push(JSON.parse(text));
    // Who reads more slowly than things happen goes on by the cursor, with what is kept there instead of here.
    if (this.#queue.length >= LONGEST_QUEUE) this.close();
    this.#wake();
  }

  #finish(end) {
    if (this.#over) return;
    this.#over = true;
    this.end = end;
    this.#socket?.close();
    this.#wake();
  }
}

