package dev.parley.channel.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An end customer who wrote on a messenger. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContactResponse(
        UUID id,
        String channel,
        UUID channelAccountId,
        String externalId,
        @Nullable String displayName,
        @Nullable String username,
        @Nullable String language,
        Instant createdAt,
        Instant updatedAt) {}
