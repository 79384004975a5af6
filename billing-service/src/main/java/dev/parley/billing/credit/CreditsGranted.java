package dev.parley.billing.credit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant got a lot of credits. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
record CreditsGranted(
        TenantId tenantId,
        UUID lotId,
        CreditSource source,
        long credits,
        @Nullable Instant expiresAt,
        @Nullable String reason)
        implements DomainEvent {

    @Override
    public String type() {
        return "billing.credits-granted.v1";
    }

    @Override
    public String topic() {
        return "billing.subscription.events";
    }

    @Override
    public String key() {
        return tenantId.toString();
    }

    @Override
    public String subject() {
        return lotId.toString();
    }
}
