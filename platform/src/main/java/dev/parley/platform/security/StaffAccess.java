package dev.parley.platform.security;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The break-glass grant under which a member of Parley's staff reads one tenant's individual records.
 *
 * @param id the grant
 * @param reason why it was opened
 * @param ticket the support case behind it
 * @param until when it ends, whatever the token says
 */
public record StaffAccess(UUID id, String reason, @Nullable String ticket, Instant until) {}
