package dev.parley.billing.cost;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CostRepository {

    /** A run that is known is passed over. */
    void insert(Handle handle, TenantId tenant, Instant at, ModelUsed used, @Nullable Long cost) {
        handle.createUpdate("""
                        insert into app.model_usage (tenant_id, run_id, operation_id, at, agent, provider, model,
                            input_tokens, output_tokens, estimated, cost)
                        values (:tenant, :run, :operation, :at, :agent, :provider, :model, :input, :output, :estimated,
                            :cost)
                        on conflict (tenant_id, run_id) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bind("run", used.runId())
                .bind("operation", used.operationId())
                .bind("at", at)
                .bind("agent", used.agent())
                .bind("provider", used.provider())
                .bind("model", used.model())
                .bind("input", used.inputTokens())
                .bind("output", used.outputTokens())
                .bind("estimated", used.estimated())
                .bind("cost", cost)
                .execute();
    }
}
