import { useQuery } from "@tanstack/react-query";
import type { ChannelType } from "../api/channels";
import { get } from "../api/client";
import type { Page } from "../api/types";

const NONE: ChannelType[] = [];

/** The messengers that can be connected; none until they are known. */
export function useChannelTypes(): ChannelType[] {
  return useQuery({ queryKey: ["channel-types"], queryFn: () => get<Page<ChannelType>>("/api/v1/channels/types"), staleTime: Infinity }).data?.items ?? NONE;
}
