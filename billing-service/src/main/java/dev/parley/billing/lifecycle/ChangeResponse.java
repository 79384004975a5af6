package dev.parley.billing.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.change.ChangeKind;
import dev.parley.billing.money.Money;
import dev.parley.billing.subscription.SubscriptionView;
import org.jspecify.annotations.Nullable;

/**
 * What a change of plan did, or would do.
 *
 * @param effective {@code now} or {@code period_end}
 * @param charge what it costs at once, or null when that is nothing
 * @param url where to pay first, or null when nothing is left to do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChangeResponse(
        SubscriptionView subscription,
        String effective,
        @Nullable Money charge,
        @Nullable String url) {

    static ChangeResponse of(
            SubscriptionView subscription, ChangeKind kind, @Nullable Money charge, @Nullable String url) {
        return new ChangeResponse(
                subscription,
                kind.isNow() ? "now" : "period_end",
                charge == null || charge.isZero() ? null : charge,
                url);
    }
}
