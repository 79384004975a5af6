package dev.parley.billing.usage;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an operation used and what it cost, as policy-service rated it. */
@RegisterForReflection
public record UsageSettled(
        UUID operationId,
        String agent,
        String channel,
        @Nullable String userId,
        @Nullable String conversationId,
        Instant settledAt,
        long credits,
        List<Line> lines) {

    /** One meter of the operation. */
    @RegisterForReflection
    public record Line(String usageId, String meter, long quantity, long credits, boolean estimated) {}
}
