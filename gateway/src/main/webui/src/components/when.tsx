/** A time as people here write it; the exact one is in the tooltip. */
export function When({ at, date = false }: { at?: string | null; date?: boolean }) {
  if (!at) return <>never</>;
  const time = new Date(at);
  return (
    <time dateTime={at} title={at}>
      {date ? time.toLocaleDateString() : time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}
    </time>
  );
}
