package dev.parley.agent.run;

import dev.parley.agent.prompt.split.Duty;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class RunDutyRepository {
    Map<UUID, RunDuties.OnDuty> of(Handle handle, TenantId tenant, Collection<UUID> operations) {
        return handle
                .createQuery("""
                        select operation_id, agent, release_id, prompt_version_id from run
                        where tenant_id = :tenant and operation_id = any(:operations) and status = 'finished'
                          and not cached and release_id is not null and prompt_version_id is not null
                        """)
                .bind("tenant", tenant.value())
                .bindArray("operations", UUID.class, operations.toArray())
                .map((row, context) -> Map.entry(
                        row.getObject("operation_id", UUID.class),
                        new RunDuties.OnDuty(
                                row.getString("agent"),
                                new Duty(
                                        row.getObject("release_id", UUID.class),
                                        row.getObject("prompt_version_id", UUID.class)))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
