export type DraftState = "waiting" | "approved" | "rejected" | "superseded" | "expired" | "ended";

/** A reply that waits, or waited, for a person. */
export interface Draft {
  id: string;
  state: DraftState;
  agent: string;
  channel: string;
  conversation_id: string;
  operation_id: string;
  contact_id?: string;
  contact_name?: string;
  question?: string;
  text: string;
  original?: string;
  version: number;
  sampled: boolean;
  edited_by?: string;
  edited_at?: string;
  decided_by?: string;
  decided_at?: string;
  reason?: string;
  created_at: string;
  expires_at: string;
}

/** What became of one draft of many. */
export interface Decided {
  id: string;
  state?: DraftState;
  code?: string;
  detail?: string;
}

/** What becomes of an agent's replies on a messenger. */
export interface ReviewRule {
  agent: string;
  channel: string;
  mode: "review" | "autopilot";
  threshold: number;
  sample_size: number;
  sample_one_in: number;
  reviewed: number;
  unchanged: number;
  rate: number;
  certain_rate: number;
  earned: boolean;
  waiting: number;
}

/** What a key does in the inbox. */
export type Command = "next" | "previous" | "approve" | "reject" | "edit" | "select";

const KEYS: Record<string, Command> = {
  j: "next",
  ArrowDown: "next",
  k: "previous",
  ArrowUp: "previous",
  a: "approve",
  r: "reject",
  e: "edit",
  x: "select",
};

/** The command of a key, unless it is part of a shortcut of the browser's. */
export function commandOf(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): Command | undefined {
  return event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
}

/** Which draft comes into view: the one that many places further, or what stands in the place of one that is gone. */
export function moved(ids: string[], before: string[], current: string | null, by: number): string | null {
  if (ids.length === 0) return null;
  const place = current === null ? -1 : ids.indexOf(current);
  if (place >= 0) return ids[Math.min(Math.max(place + by, 0), ids.length - 1)] ?? null;
  const was = current === null ? 0 : Math.max(before.indexOf(current), 0);
  return ids[Math.min(was, ids.length - 1)] ?? null;
}

/** How far an agent is from sending by itself, in a sentence. */
export function progress(rule: ReviewRule): string {
  const percent = (share: number) => `${(Math.floor(share * 1000) / 10).toLocaleString()} %`;
  if (rule.reviewed === 0) return "No draft was reviewed yet.";
  const seen = `${rule.unchanged.toLocaleString()} of ${rule.reviewed.toLocaleString()} approved unchanged`;
  return `${seen}: all but surely ${percent(rule.certain_rate)} or more; ${percent(rule.threshold)} is needed.`;
}
