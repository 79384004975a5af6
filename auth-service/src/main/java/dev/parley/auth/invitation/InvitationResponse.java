package dev.parley.auth.invitation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.auth.member.Role;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invitation that waits.
 *
 * @param expired whether its time is over; a resending renews it
 * @param acceptanceUrl what the invited person posts to while logged in; shown only to who made or resent it
 */
public record InvitationResponse(
        UUID id,
        String email,
        Role role,
        boolean expired,
        Instant expiresAt,
        Instant createdAt,
        String createdBy,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable URI acceptanceUrl) {}
