package dev.parley.channel.webhooklog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, as it was kept.
 *
 * @param status the answer's status; absent when there was none
 * @param error what went wrong; absent when the endpoint took it
 * @param answer how the answer's body begins, at most 1 KiB
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record AttemptResponse(
        Instant at,
        long durationMs,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable String answer) {}
