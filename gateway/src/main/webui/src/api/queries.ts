import { useQuery } from "@tanstack/react-query";
import { get, Problem } from "./client";
import type { Credits, CreditPack, Page, Plan, Subscription } from "./types";

/** The organisation's subscription; asked again every second while `wait` says that it is not yet as it will be. */
export function useSubscription(wait?: (now: Subscription | undefined) => boolean) {
  return useQuery({
    queryKey: ["subscription"],
    queryFn: () => get<Subscription>("/api/v1/subscription"),
    refetchInterval: (query) => (wait?.(query.state.data) ? 1_000 : false),
  });
}

/** The balance and its lots, waiting as above or for as many milliseconds as `wait` says. */
export function useCredits(wait?: (now: Credits | undefined) => boolean | number) {
  return useQuery({
    queryKey: ["credits"],
    queryFn: () => get<Credits>("/api/v1/credits"),
    refetchInterval: (query) => {
      const pause = wait?.(query.state.data) ?? false;
      return pause === true ? 1_000 : pause;
    },
  });
}

/** The newest version of every plan. */
export function usePlans() {
  return useQuery({ queryKey: ["plans"], queryFn: () => get<Page<Plan>>("/api/v1/plans"), staleTime: 60_000 });
}

/** The newest version of every credit pack. */
export function usePacks() {
  return useQuery({ queryKey: ["packs"], queryFn: () => get<Page<CreditPack>>("/api/v1/credit-packs"), staleTime: 60_000 });
}

/** What is there, or null when the server knows none. */
export async function orNone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
