package dev.parley.policy.administrative;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether staff may make a change.
 *
 * @param approvalRequired whether a second admin must agree first
 */
public record AdministrativeResponse(
        UUID decisionId,
        boolean allow,
        boolean approvalRequired,
        String reasonCode,
        String ruleId,
        @Nullable String remedy) {}
