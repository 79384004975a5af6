package dev.parley.billing.outbound;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What policy says of a change that staff want to make.
 *
 * @param approvalRequired whether a second admin must agree first
 */
@RegisterForReflection
public record AdministrativeDecision(
        UUID decisionId,
        boolean allow,
        boolean approvalRequired,
        String reasonCode,
        String ruleId,
        @Nullable String remedy) {}
