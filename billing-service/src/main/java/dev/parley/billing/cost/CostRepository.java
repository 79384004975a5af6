package dev.parley.billing.cost;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CostRepository {

    /** A part that is known is passed over. */
    void insert(
            Handle handle,
            TenantId tenant,
            Instant at,
            ModelUsed run,
            int number,
            ModelUsed.Part part,
            @Nullable Long cost) {
        handle.createUpdate("""
                        insert into app.model_usage (tenant_id, run_id, attempt, part, operation_id, at, agent, provider,
                            model, input_tokens, output_tokens, estimated, cost)
                        values (:tenant, :run, :attempt, :part, :operation, :at, :agent, :provider, :model, :input, :output,
                            :estimated, :cost)
                        on conflict (tenant_id, run_id, attempt, part) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bind("run", run.runId())
                .bind("attempt", run.attempt() == null ? 0 : run.attempt())
                .bind("part", number)
                .bind("operation", run.operationId())
                .bind("at", at)
                .bind("agent", run.agent())
                .bind("provider", part.provider())
                .bind("model", part.model())
                .bind("input", part.inputTokens())
                .bind("output", part.outputTokens())
                .bind("estimated", part.estimated())
                .bind("cost", cost)
                .execute();
    }
}
