package dev.parley.platform.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.data.Database;
import dev.parley.platform.event.FlowEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Does this service's part when auth-service says that a tenant is exported or erased, or has other periods. */
@ApplicationScoped
class LifecycleConsumer implements FlowEventConsumer {
    private final Database database;
    private final TenantExport export;
    private final TenantErasure erasure;
    private final String service;

    LifecycleConsumer(
            Database database,
            TenantExport export,
            TenantErasure erasure,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.database = database;
        this.export = export;
        this.erasure = erasure;
        this.service = service;
    }

    @Override
    public String group() {
        return service + ".lifecycle";
    }

    @Override
    public Set<String> topics() {
        return Set.of("auth.tenant.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(
                "auth.export-requested.v1",
                "auth.erasure-requested.v1",
                "auth.tenant-erased.v1",
                "auth.tenant-changed.v1");
    }

    @Override
    public void handle(ReceivedEvent event) {
        JsonNode data = event.as(JsonNode.class);
        switch (event.type()) {
            case "auth.export-requested.v1" -> export.write(event.tenant(), id(data, "export_id"));
            case "auth.erasure-requested.v1" -> erasure.erase(event.tenantTold(), id(data, "erasure_id"));
            case "auth.tenant-erased.v1" -> erasure.sweepAgain(event.tenantTold());
            default -> setPeriods(event.tenant(), data.path("retention"));
        }
    }

    private void setPeriods(TenantId tenant, JsonNode periods) {
        database.useTenant(tenant, handle -> handle.createUpdate("""
                        update tenant_event_key set retention = cast(:periods as jsonb), updated_at = now()
                         where tenant_id = app.tenant()
                        """)
                .bind("periods", periods.toString())
                .execute());
    }

    private static UUID id(JsonNode data, String member) {
        return UUID.fromString(data.path(member).asText());
    }
}
