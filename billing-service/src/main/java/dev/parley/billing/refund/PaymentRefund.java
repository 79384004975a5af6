package dev.parley.billing.refund;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.money.Money;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A refund; also how the API shows it.
 *
 * @param lotId the lot whose price goes back, or null
 * @param invoiceId the invoice that goes back because it brought nothing, or null
 * @param paid what was paid
 * @param unspent the credits that were left of it, once policy has said so
 * @param amount what goes back, once that is known
 * @param decisionId policy's decision about it
 * @param approvalId the approval that it needed, or null when one admin was enough
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentRefund(
        UUID id,
        @Nullable UUID lotId,
        @Nullable UUID invoiceId,
        RefundStatus status,
        String provider,
        @JsonIgnore String providerPayment,
        Money paid,
        @Nullable Long unspent,
        @Nullable Money amount,
        @JsonIgnore @Nullable String providerRefundId,
        String reason,
        UUID decisionId,
        @Nullable UUID approvalId,
        String createdBy,
        @Nullable String approvedBy,
        Instant createdAt) {}
