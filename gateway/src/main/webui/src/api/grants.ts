import type { BreakGlass } from "./types";

/** Whole minutes until a grant ends, rounded up; 0 when it has. */
export function minutesLeft(grant: Pick<BreakGlass, "expires_at" | "ended_at">, now: number): number {
  if (grant.ended_at) return 0;
  return Math.max(0, Math.ceil((Date.parse(grant.expires_at) - now) / 60_000));
}
