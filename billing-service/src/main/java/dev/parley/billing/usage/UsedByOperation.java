package dev.parley.billing.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operation used: whose message, which agent, and each meter with its price. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsedByOperation(
        String agent,
        String channel,
        @Nullable String conversationId,
        @Nullable String userId,
        List<Line> lines) {

    /** One meter. */
    public record Line(String meter, long quantity, long credits, boolean estimated) {}
}
