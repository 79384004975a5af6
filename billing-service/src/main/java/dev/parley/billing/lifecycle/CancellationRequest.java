package dev.parley.billing.lifecycle;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * When a subscription shall end.
 *
 * @param at {@code period_end} or {@code now}
 */
record CancellationRequest(
        @NotNull @Pattern(regexp = "period_end|now", message = "must be period_end or now")
        String at) {
    boolean isNow() {
        return at.equals("now");
    }
}
