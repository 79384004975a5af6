package dev.parley.policy.hold;

import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.Reservation;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What shall be held, and for what.
 *
 * @param policyVersion the version of the terms that the reservation was made from
 * @param rulesVersion the version of the platform's rules that it was made by
 */
public record HoldRequest(
        UUID operationId,
        UUID decisionId,
        Ask ask,
        @Nullable String userId,
        @Nullable String conversationId,
        long policyVersion,
        int rulesVersion,
        Reservation reservation) {}
