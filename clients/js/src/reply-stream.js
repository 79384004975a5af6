import { ConnectionError, ProblemError } from "./errors.js";
import { events } from "./sse.js";

/**
 * A reply while it is written: iterate over its pieces of text, then ask for the whole with `final()`. Made by
 * `conversations.stream`. While a person has the conversation there is no reply: `final()` then has `state` instead, and
 * pieces that came before do not count.
 */
export class ReplyStream {
  #pieces;
  #final;

  /** @param {() => Promise<Response>} open sends the message */
  constructor(open, clientMessageId) {
    /** Say the message again with this id when the stream broke off: it is then not answered twice. */
    this.clientMessageId = clientMessageId;
    this.#pieces = this.#read(open);
  }

  [Symbol.asyncIterator]() {
    return this.#pieces;
  }

  /** The message, the whole reply and what it used; what was not read of the text is read first. */
  async final() {
    for await (const piece of this.#pieces) void piece;
    if (this.#final === undefined) throw new ConnectionError("the stream was left before its end");
    return this.#final;
  }

  async *#read(open) {
    const response = await open();
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
      this.#final = await response.json();
      return;
    }
    try {
      for await (const { event, data } of events(response.body)) {
        const told = JSON.parse(data);
        if (event === "delta") yield told.text;
        if (event === "problem") throw new ProblemError(told.status, told);
        if (event === "message" || event === "held") {
          this.#final = told;
          return;
        }
      }
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw new ConnectionError("the stream broke off", { cause: error });
    }
    throw new ConnectionError("the stream ended before its message");
  }
}
