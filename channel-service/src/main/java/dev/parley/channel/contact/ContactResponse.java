package dev.parley.channel.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An end customer.
 *
 * @param phone in E.164
 * @param phoneRaw as it was given
 * @param language a BCP 47 tag
 * @param timeZone an IANA name
 * @param optedOut whether this person asked to be sent nothing more
 * @param optOutWord the word that asked for it, when a message did
 * @param identities how messengers know this person
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContactResponse(
        UUID id,
        @Nullable String displayName,
        @Nullable String phone,
        @Nullable String phoneRaw,
        @Nullable String email,
        JsonNode fields,
        @Nullable String language,
        @Nullable String timeZone,
        @Nullable Instant consentedAt,
        @Nullable String consentSource,
        boolean optedOut,
        @Nullable Instant optedOutAt,
        @Nullable String optOutWord,
        List<Identity> identities,
        Instant createdAt,
        Instant updatedAt) {
    /** How one account of a messenger knows the person. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Identity(
            String channel,
            UUID channelAccountId,
            String externalId,
            @Nullable String displayName,
            @Nullable String username,
            @Nullable String language) {}
}
