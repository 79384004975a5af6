import type { BreakGlass } from "./types";

/** Whole minutes until a grant ends, rounded up; 0 when it has. */
export function minutesLeft(grant: Pick<BreakGlass, "opened_at" | "expires_at" | "ended_at">, now: number): number {
  if (grant.ended_at) return 0;
  const end = Date.parse(grant.expires_at);
  // This clock may be behind the server's, or have last ticked before the grant was opened.
  return Math.max(0, Math.ceil((end - Math.max(now, Date.parse(grant.opened_at))) / 60_000));
}
