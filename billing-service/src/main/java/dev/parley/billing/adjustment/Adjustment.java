package dev.parley.billing.adjustment;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.credit.CreditSource;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of credits by hand; also how the API shows it.
 *
 * @param source adjustment or refund
 * @param credits what was asked for; below zero takes back
 * @param applied what it came to: less than asked when less was unspent, null while policy has not said
 * @param lotId the lot that was granted, or null
 * @param operationId the operation that was refunded, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Adjustment(
        UUID id,
        CreditSource source,
        long credits,
        @Nullable Long applied,
        @Nullable UUID lotId,
        @Nullable UUID operationId,
        String reason,
        UUID decisionId,
        @Nullable UUID approvalId,
        String requestedBy,
        @Nullable String approvedBy,
        @Nullable Instant createdAt) {}
