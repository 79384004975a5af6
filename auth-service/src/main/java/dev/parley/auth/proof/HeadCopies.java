package dev.parley.auth.proof;

import dev.parley.platform.event.LatestEvents;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the second place where signed heads are kept, which is not the database. Not for use in a transaction. */
@ApplicationScoped
class HeadCopies {
    private final LatestEvents events;
    private final HeadSignatures signatures;

    HeadCopies(LatestEvents events, HeadSignatures signatures) {
        this.events = events;
        this.signatures = signatures;
    }

    /** The last copied head of each of these tenants that has one; a 503 problem when Kafka does not answer. */
    Map<TenantId, SignedHead> of(Collection<TenantId> tenants) {
        Map<String, ReceivedEvent> found = events.of(
                AuditHeadSigned.TOPIC, tenants.stream().map(TenantId::toString).collect(Collectors.toSet()));
        Map<TenantId, SignedHead> heads = new HashMap<>();
        found.forEach((key, event) -> {
            TenantId tenant = TenantId.of(key);
            signatures.read(tenant, event.as(Copy.class).jws()).ifPresent(head -> heads.put(tenant, head));
        });
        return heads;
    }

    /** The part of the payload that cannot be made up. */
    record Copy(String jws) {}
}
