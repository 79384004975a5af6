package dev.parley.auth.apikey;

import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key whose secret was shown and which is neither revoked nor expired. */
public record ProvenKey(
        TenantId tenant,
        TenantStatus tenantStatus,
        UUID id,
        Set<String> scopes,
        @Nullable Instant expiresAt) {}
