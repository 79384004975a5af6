import { Button, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { AUDITED } from "../api/audited";
import { type Extras, get } from "../api/client";
import type { Page } from "../api/types";
import { Trouble } from "./trouble";
import { Waiting } from "./waiting";

/** A list of the server, a page at a time: what waits, failed or is empty looks the same everywhere. */
export function Listing<T>(props: {
  queryKey: unknown[];
  path: string;
  extras?: Extras;
  options?: Partial<typeof AUDITED> & { refetchInterval?: number };
  what: string;
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
}) {
  const list = useInfiniteQuery({
    queryKey: props.queryKey,
    queryFn: ({ pageParam }) => get<Page<T>>(withCursor(props.path, pageParam), props.extras),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    ...props.options,
  });
  if (list.isPending) return <Waiting label={`Loading ${props.what}`} />;
  if (list.error && !list.data) return <Trouble error={list.error} retry={() => void list.refetch()} />;
  const items = list.data.pages.flatMap((page) => page.items);
  const none = items.length === 0;
  if (none && !list.hasNextPage) return <Text>{props.empty}</Text>;
  return (
    <Stack align="stretch">
      {none ? <Text>None among the latest. There may be some further back.</Text> : props.children(items)}
      {list.error && <Trouble error={list.error} retry={() => void list.fetchNextPage()} />}
      {list.hasNextPage && (
        <Button
          variant="default"
          style={{ alignSelf: "start" }}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {none ? "Look further back" : "Show more"}
        </Button>
      )}
    </Stack>
  );
}

function withCursor(path: string, cursor: string): string {
  return cursor === "" ? path : `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
}
