/** One value that differs between two states of a thing; absent means that there was none. */
export interface Change {
  path: string;
  before?: string;
  after?: string;
}

/** What differs between the state before and after, value by value, in the order of the names. */
export function changes(before: unknown, after: unknown): Change[] {
  const old = flat(before);
  const now = flat(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }));
}

/** Every value inside a thing by its path; nothing, null and empty things have none. */
function flat(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into;
  if (typeof value !== "object") {
    into.set(path, String(value));
  } else if (Array.isArray(value) && value.every((item) => item === null || typeof item !== "object")) {
    if (value.length > 0) into.set(path, value.join(", "));
  } else {
    for (const [name, inner] of Object.entries(value)) flat(inner, path === "" ? name : `${path}.${name}`, into);
  }
  return into;
}
