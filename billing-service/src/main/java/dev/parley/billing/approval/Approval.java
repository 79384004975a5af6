package dev.parley.billing.approval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change that one admin asked for and another must agree to; also how the API shows it.
 *
 * @param requestKey names the change: it is asked for once per tenant
 * @param request what the action needs to carry it out
 * @param status waiting, approved or withdrawn; one that waits too long can only be withdrawn
 * @param result what came of it, once it is approved
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Approval(
        UUID id,
        TenantId tenantId,
        @JsonIgnore String requestKey,
        String action,
        long credits,
        JsonNode request,
        String reason,
        UUID decisionId,
        String ruleId,
        String status,
        String requestedBy,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        Instant expiresAt,
        Instant createdAt,
        @Nullable JsonNode result) {

    @JsonIgnore
    boolean isWaiting() {
        return status.equals("waiting");
    }

    boolean hasLapsed(Instant now) {
        return isWaiting() && !expiresAt.isAfter(now);
    }
}
