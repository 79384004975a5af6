package dev.parley.policy.credit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A lot ended with that many credits unspent, which left the balance.
 *
 * @param kept null for all but a lot whose price goes back while others may need some of it: what stays in it, open
 *     until its time is over
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record LotClosed(
        @JsonIgnore TenantId tenant,
        UUID lotId,
        long unspent,
        @Nullable Long kept) implements DomainEvent {
    @Override
    public String type() {
        return "policy.lot-closed.v1";
    }

    @Override
    public String topic() {
        return "policy.usage.events";
    }

    @Override
    public String key() {
        return tenant.toString();
    }

    @Override
    public String subject() {
        return lotId.toString();
    }
}
