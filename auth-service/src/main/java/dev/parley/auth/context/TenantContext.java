package dev.parley.auth.context;

import dev.parley.platform.security.StaffAccess;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant context says of a caller.
 *
 * @param sessionId Keycloak's session of a person, or null
 * @param notAfter when the credential behind it ends; the context ends no later
 * @param access the break-glass grant of a caller with that role, otherwise null
 */
record TenantContext(
        String subject,
        @Nullable TenantId tenant,
        String authProvider,
        Set<String> roles,
        Set<String> scopes,
        @Nullable String sessionId,
        Instant notAfter,
        @Nullable StaffAccess access) {
    TenantContext(
            String subject,
            @Nullable TenantId tenant,
            String authProvider,
            Set<String> roles,
            Set<String> scopes,
            @Nullable String sessionId,
            Instant notAfter) {
        this(subject, tenant, authProvider, roles, scopes, sessionId, notAfter, null);
    }
}
