package dev.parley.policy.credit;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Payload of {@code billing.credits-withdrawn.v1}: up to that many unspent credits are taken back. */
@RegisterForReflection
public record CreditsWithdrawn(
        UUID withdrawalId, long credits, @Nullable String reason) {}
