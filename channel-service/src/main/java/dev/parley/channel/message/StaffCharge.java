package dev.parley.channel.message;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The price of a message that a person wrote, or asked for, until policy-service has booked it.
 *
 * @param hold what pays for it, as the decision named it
 */
public record StaffCharge(
        UUID operation,
        UUID conversation,
        String agent,
        String channel,
        String user,
        @Nullable String hold) {}
