package dev.parley.billing.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Usage summed up by a group.
 *
 * @param credits the sum over all items
 */
record UsageSummary(String groupBy, long credits, List<Item> items) {

    /**
     * One group.
     *
     * @param key the day, or the name of the agent, channel or meter
     * @param quantity the sum of quantities; only for meters, whose units are alike
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            String key,
            long credits,
            long operations,
            @Nullable Long quantity) {}
}
