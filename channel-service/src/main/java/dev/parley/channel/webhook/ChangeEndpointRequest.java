package dev.parley.channel.webhook;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to change of an endpoint; what is absent stays.
 *
 * @param status {@code disabled}: nothing is sent, and what happens is kept for a replay; {@code active} again: what
 *     waited goes out
 */
public record ChangeEndpointRequest(
        @Nullable @Size(min = 1, max = 2048) String url,
        @Nullable @Size(min = 1, max = 50) List<@NotNull @Size(max = 100) String> events,
        @Nullable @Size(max = 500) String description,
        @Nullable Boolean fifo,
        @Nullable @Min(1) @Max(64) Integer concurrency,

        @Nullable @Pattern(regexp = "active|disabled", message = "must be active or disabled")
        String status) {}
