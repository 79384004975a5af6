/** What an audit trail can be filtered by, in the page's address and in the server's. */
export const FILTERS = ["from", "to", "actor", "action", "resource_type", "resource_id", "q"] as const;

/** What the address of the page filters by, as the server takes it; what is no time is left out. */
export function trailQuery(search: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const filter of FILTERS) {
    const value = search.get(filter)?.trim();
    if (!value) continue;
    if (filter !== "from" && filter !== "to") query.set(filter, value);
    else if (!Number.isNaN(Date.parse(value))) query.set(filter, new Date(value).toISOString());
  }
  return query.toString();
}
