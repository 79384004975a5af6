package dev.parley.channel.webhooklog;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How many deliveries are sent again.
 *
 * @param nextCursor where to go on with the same request; absent when that was all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayResponse(int replayed, @Nullable String nextCursor) {}
