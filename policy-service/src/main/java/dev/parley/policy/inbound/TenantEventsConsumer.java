package dev.parley.policy.inbound;

import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import dev.parley.policy.entitlement.EntitlementService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Learns from auth which tenants are stopped. */
@ApplicationScoped
class TenantEventsConsumer implements TransactionalEventConsumer {
    private static final String SUSPENDED = "auth.tenant-suspended.v1";
    private static final String DELETED = "auth.tenant-deleted.v1";
    private static final String RESTORED = "auth.tenant-restored.v1";

    private final EntitlementService entitlements;

    TenantEventsConsumer(EntitlementService entitlements) {
        this.entitlements = entitlements;
    }

    @Override
    public String group() {
        return "policy-service.apply-tenant-state";
    }

    @Override
    public Set<String> topics() {
        return Set.of("auth.tenant.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(SUSPENDED, DELETED, RESTORED);
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        switch (event.type()) {
            case SUSPENDED -> {
                String reason = event.as(TenantStateChanged.class).reason();
                entitlements.suspend(handle, event.tenant(), reason, event.time());
            }
            case DELETED -> entitlements.suspend(handle, event.tenant(), "deleted", event.time());
            default -> entitlements.restore(handle, event.tenant(), event.time());
        }
    }
}
