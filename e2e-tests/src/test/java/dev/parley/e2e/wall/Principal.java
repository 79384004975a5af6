package dev.parley.e2e.wall;

import dev.parley.e2e.support.Api;
import java.util.Set;

/**
 * Somebody who calls, and what our own tokens say of such a caller.
 *
 * @param standing how far a caller of this kind comes at all
 */
record Principal(String name, Api api, Standing standing, Set<String> roles) {
    static final Set<String> OWNER_ROLES =
            Set.of("owner", "admin", "member", "scope:chat", "scope:read", "scope:write");
    static final Set<String> MEMBER_ROLES = Set.of("member", "scope:chat", "scope:read");

    enum Standing {
        /** Nobody: no credential, or one that is worth nothing. */
        UNKNOWN,
        /** Known, but its tenant may not work. */
        LOCKED_OUT,
        /** A person or a key of a tenant. */
        OF_A_TENANT,
        /** Parley's own staff. */
        STAFF
    }

    static Principal unknown(String name, Api api) {
        return new Principal(name, api, Standing.UNKNOWN, Set.of());
    }

    static Principal key(String scope, Api api) {
        return new Principal("API key: " + scope, api, Standing.OF_A_TENANT, Set.of("api-key", "scope:" + scope));
    }
}
