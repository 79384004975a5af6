package dev.parley.policy.hold;

import dev.parley.policy.engine.Meters;
import dev.parley.policy.rating.Rating;
import dev.parley.policy.text.Storable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an operation really used.
 *
 * @param quantities used units by meter
 * @param hold the id of the hold, as the decision gave it; without it the hold is looked for
 * @param estimated whether the quantities were counted by us because the provider did not say
 */
public record SettlementRequest(
        @NotNull @Size(max = 32)
        Map<@NotBlank @Storable @Size(max = 64) String, @NotNull @Min(0) @Max(Rating.MOST_UNITS) Long> quantities,

        boolean estimated,
        @NotBlank @Storable @Size(max = 100) String agent,
        @NotBlank @Storable @Size(max = 32) String channel,
        @Nullable UUID conversationId,
        @Nullable @Storable @Size(max = 200) String userId,
        @Nullable Integer promptVersion,
        @Nullable @Size(max = 1000) String hold) {
    /** Whether it says if a message was delivered. */
    boolean namesMessage() {
        return quantities.containsKey(Meters.MESSAGE);
    }

    /** The same with one message, if it does not say how many there were. */
    SettlementRequest withMessage() {
        if (namesMessage()) {
            return this;
        }
        Map<String, Long> used = new HashMap<>(quantities);
        used.put(Meters.MESSAGE, 1L);
        return new SettlementRequest(used, estimated, agent, channel, conversationId, userId, promptVersion, hold);
    }
}
