import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { get, organisation } from "./client";
import { type Identity, identify } from "./organisation";
import type { Me } from "./types";

/** The query that says who is signed in and for which organisation everything else is asked. */
export function whoIsHere(queries: QueryClient) {
  return {
    queryKey: ["me"],
    queryFn: async (): Promise<Identity> => {
      const found = await identify(organisation, (tenant) => get<Me>("/api/v1/me", { tenant }));
      if (found.refused) forgetTheRest(queries);
      organisation.pin(found.me.tenant_id ?? null);
      return found;
    },
    staleTime: 60_000,
  };
}

/** Goes on with another organisation: nothing that was loaded for the one before is shown again. */
export function useSwitch(): (tenant: string | null) => Promise<void> {
  const queries = useQueryClient();
  return async (tenant) => {
    if (tenant === null) organisation.forget();
    else organisation.choose(tenant);
    await queries.cancelQueries();
    forgetTheRest(queries);
    await queries.resetQueries({ queryKey: ["me"] });
  };
}

function forgetTheRest(queries: QueryClient) {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
}
