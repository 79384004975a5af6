package dev.parley.platform.lifecycle;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import java.util.UUID;

/** A service has written its part of an export; auth-service waits for all of them. */
public record ExportPartWritten(TenantId tenantId, UUID exportId, String service, List<Part> kinds)
        implements DomainEvent {
    /** One file: how many rows and bytes it has, and its SHA-256. */
    public record Part(String kind, long rows, long bytes, String sha256) {}

    @Override
    public String type() {
        return "platform.export-part-written.v1";
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
        return exportId.toString();
    }
}
