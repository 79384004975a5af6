package dev.parley.channel.review;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of an agent's replies on a messenger; what is left out stays as it is, or is usual.
 *
 * @param mode {@code review} or {@code autopilot}
 * @param threshold the share of drafts that people must have approved unchanged; usually 0.95
 * @param sampleSize how many of the latest reviewed drafts count; usually 200
 * @param sampleOneIn on autopilot, one reply in so many is a draft all the same; usually 10
 */
public record ChangeRuleRequest(
        @NotNull @Pattern(regexp = "autopilot|review", message = "must be review or autopilot")
        String mode,

        @Nullable @DecimalMin("0.5") @DecimalMax("0.99") BigDecimal threshold,
        @Nullable @Min(20) @Max(1000) Integer sampleSize,
        @Nullable @Min(1) @Max(1000) Integer sampleOneIn) {}
