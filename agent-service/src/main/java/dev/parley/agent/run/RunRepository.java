package dev.parley.agent.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.TenantStatement;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class RunRepository {
    /** Stores the result and its event, unless the run was taken over meanwhile. */
    private static final String FINISH = """
            with done as (
                update run set status = 'finished', text = ?, finish_reason = ?, input_tokens = ?, output_tokens = ?,
                       estimated = ?, provider = ?, model = ?, key_owner = ?, tool_calls = cast(? as jsonb),
                       attempts = cast(? as jsonb), steps = cast(? as jsonb), handoff = cast(? as jsonb), cached = ?,
                       called_at = ?, answered_at = ?, finished_at = now(), updated_at = now()
                where tenant_id = ? and operation_id = ? and epoch = ? and status = 'running'
                returning tenant_id, operation_id),
            kept as (
                insert into run_request (tenant_id, operation_id, asked)
                select tenant_id, operation_id, given.asked from done, (select cast(? as bytea) as asked) given
                where given.asked is not null
                on conflict (tenant_id, operation_id) do update set asked = excluded.asked)
            """ + Outbox.appendFor("done");

    private static final TypeReference<List<RunResult.ToolCall>> CALLS = new TypeReference<>() {};
    private static final TypeReference<List<ProviderChain.FailedAttempt>> ATTEMPTS = new TypeReference<>() {};
    private static final TypeReference<List<ToolLoop.ToolStep>> STEPS = new TypeReference<>() {};
    private static final TypeReference<RunResult.Handoff> HANDOFF = new TypeReference<>() {};

    private final Outbox outbox;
    private final ObjectMapper json;

    RunRepository(Outbox outbox, ObjectMapper json) {
        this.outbox = outbox;
        this.json = json;
    }

    /** A run as it is stored; the members of the result are null until it is finished. */
    record Row(
            UUID id,
            String conversationId,
            String agent,
            String channel,
            String status,
            Integer promptVersion,
            UUID promptVersionId,
            UUID releaseId,
            String provider,
            String model,
            String text,
            String finishReason,
            Integer inputTokens,
            Integer outputTokens,
            boolean estimated,
            String problem,
            String cause,
            String keyOwner,
            List<RunResult.ToolCall> toolCalls,
            List<ProviderChain.FailedAttempt> failedAttempts,
            List<ToolLoop.ToolStep> toolSteps,
            RunResult.Handoff handoff,
            UUID rerunOf,
            boolean cached,
            int epoch,
            Instant startedAt,
            Instant calledAt,
            Instant answeredAt,
            Instant finishedAt) {
        boolean failed() {
            return status.equals("failed");
        }

        boolean finished() {
            return status.equals("finished");
        }

        RunResult result() {
            return new RunResult(
                    id,
                    text,
                    promptVersion,
                    promptVersionId,
                    releaseId,
                    finishReason,
                    new RunResult.Usage(inputTokens, outputTokens, estimated),
                    provider,
                    model,
                    toolCalls,
                    keyOwner,
                    handoff,
                    cached);
        }
    }

    /** The right to make a run; the epoch fences off whoever had it before. */
    record Claim(UUID runId, int epoch) {}

    Optional<Row> find(Handle handle, TenantId tenant, UUID operationId) {
        return handle.createQuery("select * from run where tenant_id = :tenant and operation_id = :operation")
                .bind("tenant", tenant.value())
                .bind("operation", operationId)
                .map(this::map)
                .findOne();
    }

    /**
     * Stores the result and what was asked for it, and appends its event; false when the run was taken over meanwhile. A
     * transaction of its own.
     */
    boolean finish(
            Database database,
            TenantId tenant,
            UUID operationId,
            int epoch,
            ModelCall.Made made,
            byte[] asked,
            UsageRecorded usage) {
        RunResult result = made.result();
        TenantStatement statement = database.statement(tenant, FINISH)
                .bind(result.text())
                .bind(result.finishReason())
                .bind(result.usage().inputTokens())
                .bind(result.usage().outputTokens())
                .bind(result.usage().estimated())
                .bind(result.provider())
                .bind(result.model())
                .bind(result.keyOwner())
                .bind(write(result.toolCalls()))
                .bind(writeSome(made.log().attempts()))
                .bind(writeSome(made.log().steps()))
                .bind(write(result.handoff()))
                .bind(result.cached())
                .bind(made.calledAt())
                .bind(made.answeredAt())
                .bind(tenant)
                .bind(operationId)
                .bind(epoch)
                .bind(asked);
        boolean mine = outbox.bind(statement, usage).update() == 1;
        if (mine) {
            outbox.appended();
        }
        return mine;
    }

    /** Marks a run as failed and says so, unless it was taken over meanwhile. */
    void fail(
            Handle handle,
            TenantId tenant,
            UUID operationId,
            Claim claim,
            String problem,
            FailureCause cause,
            RunLog log) {
        RunResult.Usage used = log.spent().usage();
        handle.createQuery("""
                        update run set status = 'failed', problem = :problem, cause = :cause,
                               input_tokens = :input, output_tokens = :output, estimated = :estimated,
                               attempts = cast(:attempts as jsonb), steps = cast(:steps as jsonb),
                               finished_at = now(), updated_at = now()
                        where tenant_id = :tenant and operation_id = :operation and epoch = :epoch and status = 'running'
                        returning *
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operationId)
                .bind("epoch", claim.epoch())
                .bind("problem", problem)
                .bind("cause", cause.wireName())
                .bind("input", used.inputTokens())
                .bind("output", used.outputTokens())
                .bind("estimated", used.estimated())
                .bind("attempts", writeSome(log.attempts()))
                .bind("steps", writeSome(log.steps()))
                .map((row, context) -> new RunFailed(
                        tenant,
                        operationId,
                        row.getObject("id", UUID.class),
                        row.getString("conversation_id"),
                        row.getString("agent"),
                        row.getString("channel"),
                        row.getObject("prompt_version", Integer.class),
                        row.getObject("prompt_version_id", UUID.class),
                        row.getObject("release_id", UUID.class),
                        problem,
                        cause,
                        claim.epoch(),
                        log.spent().parts()))
                .findOne()
                .ifPresent(failed -> outbox.append(handle, tenant, failed));
    }

    /** Adds what was done for a run after it was finished. */
    void addStep(Handle handle, TenantId tenant, UUID operationId, ToolLoop.ToolStep step) {
        handle.createUpdate("""
                        update run set steps = coalesce(steps, '[]'::jsonb) || cast(:steps as jsonb), updated_at = now()
                        where tenant_id = :tenant and operation_id = :operation and status = 'finished'
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operationId)
                .bind("steps", write(List.of(step)))
                .execute();
    }

    private Row map(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getString("conversation_id"),
                row.getString("agent"),
                row.getString("channel"),
                row.getString("status"),
                row.getObject("prompt_version", Integer.class),
                row.getObject("prompt_version_id", UUID.class),
                row.getObject("release_id", UUID.class),
                row.getString("provider"),
                row.getString("model"),
                row.getString("text"),
                row.getString("finish_reason"),
                row.getObject("input_tokens", Integer.class),
                row.getObject("output_tokens", Integer.class),
                row.getBoolean("estimated"),
                row.getString("problem"),
                row.getString("cause"),
                row.getString("key_owner"),
                read(row.getString("tool_calls"), CALLS),
                read(row.getString("attempts"), ATTEMPTS),
                read(row.getString("steps"), STEPS),
                read(row.getString("handoff"), HANDOFF),
                row.getObject("rerun_of", UUID.class),
                row.getBoolean("cached"),
                row.getInt("epoch"),
                Columns.instant(row, "started_at"),
                Columns.instant(row, "called_at"),
                Columns.instant(row, "answered_at"),
                Columns.instant(row, "finished_at"));
    }

    private String writeSome(List<?> values) {
        return values.isEmpty() ? null : write(values);
    }

    private String write(Object value) {
        try {
            return value == null ? null : json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private <T> T read(String stored, TypeReference<T> type) {
        try {
            return stored == null ? null : json.readValue(stored, type);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
