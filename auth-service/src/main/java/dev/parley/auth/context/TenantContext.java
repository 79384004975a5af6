package dev.parley.auth.context;

import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant context says of a caller.
 *
 * @param sessionId Keycloak's session of a person, or null
 * @param notAfter when the credential behind it ends; the context ends no later
 */
record TenantContext(
        String subject,
        @Nullable TenantId tenant,
        String authProvider,
        Set<String> roles,
        Set<String> scopes,
        @Nullable String sessionId,
        Instant notAfter) {}
