/** What a page filters usage by; days are as people here count them, and both are included. */
export interface UsageFilter {
  from: string;
  to: string;
  agent: string;
  channel: string;
}

/** The filter as the server takes it: from the beginning of the first day to the end of the last. */
export function usageQuery(filter: Partial<UsageFilter>): URLSearchParams {
  const query = new URLSearchParams();
  const start = beginning(filter.from, 0);
  const end = beginning(filter.to, 1);
  if (start) query.set("from", start);
  if (end) query.set("to", end);
  if (filter.agent) query.set("agent", filter.agent);
  if (filter.channel) query.set("channel", filter.channel);
  return query;
}

/** Midnight of a day that was typed, some days later; nothing when it is no day. */
export function beginning(day: string | undefined, later: number): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? "") ?? [];
  return year ? new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString() : undefined;
}
