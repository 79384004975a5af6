import type { Me, Member, ToolApproval } from "./types";

const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const STRINGS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
/** No text that the server keeps has this character, so what begins with it here is a number. */
const MARK = "\u0000";
const MARKED = JSON.stringify(MARK).slice(0, -1);
/** What is not seen, or turns what stands around it: in a text that somebody allows, it must be. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}/gu;

/** Reads JSON and keeps its numbers as they are written: JavaScript would round long ones, such as those of orders. */
export function exact(text: string): unknown {
  return JSON.parse(text.replace(STRINGS_AND_NUMBERS, (token) => (token.startsWith('"') ? token : JSON.stringify(MARK + token))));
}

/** What {@link exact} read as JSON again, indented and whole, and with nothing in it that cannot be seen. */
export function written(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(STRINGS, (text) =>
    text.startsWith(MARKED) ? (JSON.parse(text) as string).slice(MARK.length) : text.replace(HIDDEN, escaped),
  );
}

function escaped(hidden: string): string {
  return hidden
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** What became of a call, as people call it. */
export type Became = "waiting" | "running" | "rejected" | "done" | "failed" | "unknown" | "expired";

/** What became of a call that a person was asked for. */
export function became({ status, outcome }: Pick<ToolApproval, "status" | "outcome">): Became {
  switch (status) {
    case "pending":
      return "waiting";
    case "approved":
      return "running";
    case "used":
      return outcome ?? "unknown";
    default:
      return status;
  }
}

/** The same in a sentence. */
export function ended(approval: Pick<ToolApproval, "tool" | "status" | "outcome">): string {
  const { tool } = approval;
  const sentences: Record<Became, string> = {
    waiting: `${tool} waits to be allowed.`,
    running: `${tool} is being carried out.`,
    rejected: `${tool} was rejected and is not carried out.`,
    done: `${tool} was carried out.`,
    failed: `${tool} was approved, but it failed.`,
    unknown: `Whether ${tool} was carried out is not known.`,
    expired: `${tool} waited for too long.`,
  };
  return sentences[became(approval)];
}

/** Who decided, as the others call them; nothing while nobody has. */
export function decider(approval: Pick<ToolApproval, "decided_by">, me: Pick<Me, "user_id">, members: Member[]): string {
  const id = approval.decided_by;
  if (!id) return "";
  if (id === me.user_id) return "you";
  const member = members.find((one) => one.user_id === id);
  return member ? (member.name ?? member.email) : "somebody else";
}
