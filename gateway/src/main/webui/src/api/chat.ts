import type { Message } from "./types";

/** What is shown of one thing that was said. */
export interface Line {
  key: string;
  who: "you" | "agent";
  text: string;
  note?: string;
}

/**
 * The lines with what people, and after them the agent, said meanwhile; each once.
 *
 * @param said the latest messages, latest first
 */
export function withPeople(lines: Line[], said: Message[]): Line[] {
  const known = new Set(lines.map((line) => line.key));
  const heard = said
    .filter((message) => (message.role === "staff" || message.role === "assistant") && !known.has(message.id))
    .reverse()
    .map((message): Line => ({ key: message.id, who: "agent", text: message.text, ...(message.role === "staff" && { note: "a person" }) }));
  return heard.length === 0 ? lines : [...lines, ...heard];
}
