package dev.parley.auth.tenant;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A tenant has another name, region or retention; all three as they are now, days by kind of data, null: kept. */
public record TenantChanged(
        TenantId tenantId, String name, String region, SortedMap<String, @Nullable Integer> retention)
        implements DomainEvent {
    @Override
    public String type() {
        return "auth.tenant-changed.v1";
    }

    @Override
    public String topic() {
        return "auth.tenant.events";
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
