package dev.parley.channel.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint.
 *
 * @param url where it is; without path and query for who may not change it
 * @param failingSince since when it has taken nothing; absent while it works
 * @param secret shown once: when it was made or rotated
 * @param previousSecretUntil until when the secret before signs too; absent when there was no rotation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndpointResponse(
        UUID id,
        String url,
        String description,
        List<String> events,
        boolean fifo,
        int concurrency,
        String status,
        @Nullable String disabledReason,
        @Nullable Instant disabledAt,
        @Nullable Instant failingSince,
        @Nullable String secret,
        @Nullable Instant previousSecretUntil,
        Instant createdAt,
        Instant updatedAt) {
    /** The same for who may not change it: path and query of an address are often secrets. */
    EndpointResponse withoutPath() {
        URI address = URI.create(url);
        return new EndpointResponse(
                id,
                address.getScheme() + "://" + address.getRawAuthority() + "/",
                description,
                events,
                fifo,
                concurrency,
                status,
                disabledReason,
                disabledAt,
                failingSince,
                secret,
                previousSecretUntil,
                createdAt,
                updatedAt);
    }
}
