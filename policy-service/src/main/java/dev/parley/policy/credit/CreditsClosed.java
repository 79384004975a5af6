package dev.parley.policy.credit;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Payload of {@code billing.credits-closed.v1}: what is unspent of the lot ends now. */
@RegisterForReflection
public record CreditsClosed(UUID lotId, @Nullable String reason) {

    /** Whether the price of what is unspent goes back. */
    boolean isRefund() {
        return "refund".equals(reason);
    }
}
