/** For reads that are written into a tenant's audit log: only a person's click may cause one. */
export const AUDITED = { staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, retry: false };
