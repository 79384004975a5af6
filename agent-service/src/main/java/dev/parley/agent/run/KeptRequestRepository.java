package dev.parley.agent.run;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class KeptRequestRepository {
    /** What was asked for a run, as it is sealed; empty when it is not kept. */
    Optional<byte[]> asked(Handle handle, TenantId tenant, UUID operationId) {
        return handle.createQuery(
                        "select asked from run_request where tenant_id = :tenant and operation_id = :operation")
                .bind("tenant", tenant.value())
                .bind("operation", operationId)
                .mapTo(byte[].class)
                .findOne();
    }

    /** When the oldest was kept; needs the relay role. */
    Optional<Instant> oldest(Handle acrossTenants) {
        return acrossTenants
                .createQuery("select created_at from run_request order by created_at limit 1")
                .mapTo(OffsetDateTime.class)
                .findOne()
                .map(OffsetDateTime::toInstant);
    }

    /** Deletes what is older; needs the relay role. */
    int forget(Handle acrossTenants, Instant before) {
        return acrossTenants
                .createUpdate("delete from run_request where created_at < :before")
                .bind("before", before)
                .execute();
    }
}
