import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";

/**
 * What a payment's way back says under a name, and a way to forget it. The page's address loses it at once, so that a
 * page that is loaded again tells no old news.
 */
export function useBack(name: string): [string | null, () => void] {
  const [search, setSearch] = useSearchParams();
  const [said, setSaid] = useState(search.get(name));
  useEffect(() => {
    if (!search.has(name)) return;
    setSearch(
      (before) => {
        before.delete(name);
        return before;
      },
      { replace: true },
    );
  }, [name, search, setSearch]);
  return [said, () => setSaid(null)];
}
