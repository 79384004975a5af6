package dev.parley.channel.webhook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An endpoint as stored; its secrets stay encrypted. */
record Endpoint(
        UUID id,
        String url,
        String description,
        List<String> events,
        boolean fifo,
        int concurrency,
        String status,
        @Nullable String disabledReason,
        @Nullable Instant disabledAt,
        int version,
        byte[] secret,
        byte @Nullable [] previousSecret,
        @Nullable Instant previousUntil,
        @Nullable Instant failingSince,
        Instant createdAt,
        Instant updatedAt) {
    static final String ACTIVE = "active";
    static final String DISABLED = "disabled";

    boolean active() {
        return status.equals(ACTIVE);
    }

    EndpointResponse response(@Nullable String shownOnce) {
        return new EndpointResponse(
                id,
                url,
                description,
                events,
                fifo,
                concurrency,
                status,
                disabledReason,
                disabledAt,
                failingSince,
                shownOnce,
                previousUntil,
                createdAt,
                updatedAt);
    }
}
