package dev.parley.auth.invitation;

import dev.parley.auth.member.Role;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;

/**
 * A new invitation.
 *
 * @param acceptanceUrl what the invited person posts to while logged in; shown only here, give it to that person
 */
public record InvitationResponse(UUID id, String email, Role role, Instant expiresAt, URI acceptanceUrl) {}
