package dev.parley.billing.cost;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CostRepository {

    /**
     * What one model used in a run.
     *
     * @param number which part of the run, from 0
     * @param cost in millionths of the minor unit; null for a model that no price is known of
     */
    record Row(
            Instant at,
            ModelUsed run,
            int number,
            ModelUsed.Part part,
            @Nullable Long cost) {}

    /** Inserts the rows; one that is known is passed over. */
    void insert(Handle handle, TenantId tenant, List<Row> rows) {
        handle.createUpdate("""
                        insert into app.model_usage (tenant_id, run_id, attempt, part, operation_id, at, agent, provider,
                            model, input_tokens, output_tokens, estimated, cost)
                        select :tenant, r.run, r.attempt, r.part, r.operation, cast(r.at as timestamptz), r.agent,
                            r.provider, r.model, r.input, r.output, r.estimated, r.cost
                        from unnest(cast(:runs as uuid[]), cast(:attempts as integer[]), cast(:parts as integer[]),
                            cast(:operations as uuid[]), cast(:times as text[]), cast(:agents as text[]),
                            cast(:providers as text[]), cast(:models as text[]), cast(:inputs as bigint[]),
                            cast(:outputs as bigint[]), cast(:estimated as boolean[]), cast(:costs as bigint[])) as r
                            (run, attempt, part, operation, at, agent, provider, model, input, output, estimated, cost)
                        on conflict (tenant_id, run_id, attempt, part) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bindArray("runs", UUID.class, column(rows, row -> row.run().runId()))
                .bindArray(
                        "attempts", Integer.class, column(rows, row -> row.run().beginning()))
                .bindArray("parts", Integer.class, column(rows, Row::number))
                .bindArray(
                        "operations", UUID.class, column(rows, row -> row.run().operationId()))
                .bindArray("times", String.class, column(rows, row -> row.at().toString()))
                .bindArray("agents", String.class, column(rows, row -> row.run().agent()))
                .bindArray("providers", String.class, column(rows, row -> row.part()
                        .provider()))
                .bindArray(
                        "models", String.class, column(rows, row -> row.part().model()))
                .bindArray("inputs", Long.class, column(rows, row -> row.part().inputTokens()))
                .bindArray("outputs", Long.class, column(rows, row -> row.part().outputTokens()))
                .bindArray("estimated", Boolean.class, column(rows, row -> row.part()
                        .estimated()))
                .bindArray("costs", Long.class, column(rows, Row::cost))
                .execute();
    }

    private static List<@Nullable Object> column(List<Row> rows, Function<Row, @Nullable Object> of) {
        return rows.stream().map(of).toList();
    }
}
