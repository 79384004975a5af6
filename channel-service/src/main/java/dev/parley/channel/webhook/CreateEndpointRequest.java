package dev.parley.channel.webhook;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new endpoint.
 *
 * @param events types of events, or {@code *} for all
 * @param fifo whether each event waits until the one before it was taken or given up
 * @param concurrency how many events it is sent at a time, unless it is first in, first out; 8 if nothing is said
 */
public record CreateEndpointRequest(
        @NotNull @Size(min = 1, max = 2048) String url,
        @NotNull @Size(min = 1, max = 50) List<@NotNull @Size(max = 100) String> events,
        @Nullable @Size(max = 500) String description,
        @Nullable Boolean fifo,
        @Nullable @Min(1) @Max(64) Integer concurrency) {}
