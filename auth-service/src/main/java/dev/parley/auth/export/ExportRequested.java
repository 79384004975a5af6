package dev.parley.auth.export;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** An owner wants everything that Parley has of the tenant: each service writes its part. */
public record ExportRequested(TenantId tenantId, UUID exportId) implements DomainEvent {
    @Override
    public String type() {
        return "auth.export-requested.v1";
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
        return exportId.toString();
    }
}
