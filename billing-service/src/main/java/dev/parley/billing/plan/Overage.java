package dev.parley.billing.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What happens when credits are used up.
 *
 * @param cap the most credits that may be used beyond the balance; null when the mode is block
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Overage(OverageMode mode, @Nullable Long cap) {}
