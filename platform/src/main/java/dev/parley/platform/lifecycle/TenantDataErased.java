package dev.parley.platform.lifecycle;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.Map;
import java.util.UUID;

/**
 * A service has erased what it had of a tenant, its keys included. Sealed for the platform, since the tenant's own key
 * is gone.
 *
 * @param tables rows deleted by table
 * @param kept rows that stay by table, and why
 */
public record TenantDataErased(
        TenantId tenantId, UUID erasureId, String service, Map<String, Long> tables, Map<String, Kept> kept)
        implements DomainEvent {
    /** Rows that stay. */
    public record Kept(long rows, String reason) {}

    @Override
    public String type() {
        return "platform.tenant-data-erased.v1";
    }

    @Override
    public String topic() {
        return "platform.lifecycle.events";
    }

    @Override
    public String key() {
        return tenantId.toString();
    }

    @Override
    public String subject() {
        return tenantId.toString();
    }
}
