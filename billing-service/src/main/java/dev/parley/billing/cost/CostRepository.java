package dev.parley.billing.cost;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CostRepository {

    /** Inserts the runs, each with its cost; one that is known is passed over. */
    void insert(Handle handle, TenantId tenant, List<CostService.Run> runs, List<@Nullable Long> costs) {
        handle.createUpdate("""
                        insert into app.model_usage (tenant_id, run_id, operation_id, at, agent, provider, model,
                            input_tokens, output_tokens, estimated, cost)
                        select :tenant, r.run, r.operation, cast(r.at as timestamptz), r.agent, r.provider, r.model,
                            r.input, r.output, r.estimated, r.cost
                        from unnest(cast(:runs as uuid[]), cast(:operations as uuid[]), cast(:times as text[]),
                            cast(:agents as text[]), cast(:providers as text[]), cast(:models as text[]),
                            cast(:inputs as bigint[]), cast(:outputs as bigint[]), cast(:estimated as boolean[]),
                            cast(:costs as bigint[])) as r
                            (run, operation, at, agent, provider, model, input, output, estimated, cost)
                        on conflict (tenant_id, run_id) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bindArray("runs", UUID.class, column(runs, run -> run.used().runId()))
                .bindArray(
                        "operations", UUID.class, column(runs, run -> run.used().operationId()))
                .bindArray("times", String.class, column(runs, run -> run.at().toString()))
                .bindArray(
                        "agents", String.class, column(runs, run -> run.used().agent()))
                .bindArray("providers", String.class, column(runs, run -> run.used()
                        .provider()))
                .bindArray(
                        "models", String.class, column(runs, run -> run.used().model()))
                .bindArray("inputs", Long.class, column(runs, run -> run.used().inputTokens()))
                .bindArray("outputs", Long.class, column(runs, run -> run.used().outputTokens()))
                .bindArray("estimated", Boolean.class, column(runs, run -> run.used()
                        .estimated()))
                .bindArray("costs", Long.class, costs)
                .execute();
    }

    private static List<Object> column(List<CostService.Run> runs, Function<CostService.Run, Object> of) {
        return runs.stream().map(of).toList();
    }
}
