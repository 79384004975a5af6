package dev.parley.agent.run;

import dev.parley.agent.prompt.split.Duty;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Says which versions answered; others count by it what they came to. */
@ApplicationScoped
public class RunDuties {
    private final RunDutyRepository duties;

    RunDuties(RunDutyRepository duties) {
        this.duties = duties;
    }

    /** The agent that answered, by which version, and what had brought that on duty. */
    public record OnDuty(String agent, Duty duty) {}

    /**
     * Which version made the reply of each operation, and what had brought it on duty. Absent are operations without a
     * reply, those that a tenant's own version answered, and those that got an answer from before.
     */
    public Map<UUID, OnDuty> of(Handle handle, TenantId tenant, Collection<UUID> operations) {
        return operations.isEmpty() ? Map.of() : duties.of(handle, tenant, operations);
    }
}
