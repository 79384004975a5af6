package dev.parley.policy.decision;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.Meters;
import dev.parley.policy.rating.Rating;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks why something would be allowed or refused.
 *
 * @param channel {@code web} when absent
 * @param feature what must be switched on for it
 * @param meters quantities by meter; one message when absent
 */
public record ExplainRequest(
        @NotBlank @Size(max = 100) String agent,
        @Nullable @Size(min = 1, max = 32) String channel,
        @Nullable @Size(min = 1, max = 64) String feature,

        @Nullable @Size(max = 32)
        Map<@NotBlank @Size(max = 64) String, @NotNull @Min(0) @Max(Rating.MOST_UNITS) Long> meters) {

    Ask ask(TenantId tenant) {
        return new Ask(
                tenant.value(),
                agent,
                channel == null ? "web" : channel,
                feature,
                meters == null ? Map.of(Meters.MESSAGE, 1L) : meters);
    }
}
