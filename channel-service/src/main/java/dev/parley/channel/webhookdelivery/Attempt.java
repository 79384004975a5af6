package dev.parley.channel.webhookdelivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to deliver.
 *
 * @param durationMs how long it took
 * @param status the answer's status; null when there was none
 * @param error what went wrong; null when the endpoint took it
 * @param answer how the answer's body begins, at most 1 KiB; null when it is empty
 * @param retryAfter how long the endpoint wants to be left alone; null when it did not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record Attempt(
        Instant at,
        long durationMs,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable String answer,
        @JsonIgnore @Nullable Duration retryAfter) {
    private static final int GONE = 410;

    boolean taken() {
        return error == null;
    }

    /** Whether the endpoint says that it is no more. */
    boolean gone() {
        return status != null && status == GONE;
    }
}
