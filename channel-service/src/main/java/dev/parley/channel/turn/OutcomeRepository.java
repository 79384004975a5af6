package dev.parley.channel.turn;

import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.TenantStatement;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Rows of operations as they end, and of the replies that end them. */
@ApplicationScoped
class OutcomeRepository {
    private static final String CLOSE = """
            update operation
               set state = :state, reply_id = cast(:reply as uuid), decision_id = :decision, decided_at = :decidedAt,
                   run_id = :run, provider = :provider, model = :model, ran_at = :ranAt, settled_at = :settledAt,
                   credits = :credits, input_tokens = :inputTokens, output_tokens = :outputTokens,
                   finished_at = clock_timestamp(), updated_at = now()
             where tenant_id = :tenant and id = :operation and epoch = :epoch and state in ('QUEUED', 'RUNNING')
            returning id, finished_at
        """;

    private static final String COMPLETE = "with o as (" + CLOSE + """
        )
        insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, prompt_version,
                             prompt_version_id, finish_reason, created_by)
        select :tenant, :reply, :conversation, :seq, 1, 'assistant', :text, o.id, :promptVersion, :promptVersionId,
               :finishReason, :by
          from o
        returning created_at
        """;

    /** As {@link #COMPLETE}, with the reply's event. */
    private static final String ANSWER = """
            with o as (
                update operation
                   set state = 'ANSWERED', reply_id = ?, decision_id = ?, decided_at = ?, run_id = ?, provider = ?,
                       model = ?, ran_at = ?, settled_at = ?, credits = ?, input_tokens = ?, output_tokens = ?,
                       finished_at = clock_timestamp(), updated_at = now()
                 where tenant_id = ? and id = ? and epoch = ? and state in ('QUEUED', 'RUNNING')
                returning id
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                     prompt_version, prompt_version_id, finish_reason, created_by)
                select ?, ?, ?, ?, 1, 'assistant', ?, o.id, ?, ?, ?, ? from o
                returning tenant_id, created_at
            ), e as (
            """ + Outbox.appendFor("m") + ") select created_at from m";

    private final Outbox outbox;

    OutcomeRepository(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * Stores the reply, closes the operation and appends the event; empty when the operation was closed before, or is
     * another epoch's. A transaction of its own.
     */
    Optional<Instant> answer(
            Database database, Turn turn, UUID reply, String text, Outcome outcome, DomainEvent event) {
        TenantStatement statement = database.statement(turn.tenant(), ANSWER)
                .bind(reply)
                .bind(outcome.decision().decisionId())
                .bind(outcome.decidedAt())
                .bind(outcome.run().runId())
                .bind(outcome.run().provider())
                .bind(outcome.run().model())
                .bind(outcome.ranAt())
                .bind(outcome.settledAt())
                .bind(outcome.credits())
                .bind(outcome.run().usage().inputTokens())
                .bind(outcome.run().usage().outputTokens())
                .bind(turn.tenant())
                .bind(turn.operationId())
                .bind(turn.epoch())
                .bind(turn.tenant())
                .bind(reply)
                .bind(turn.conversationId())
                .bind(turn.seq())
                .bind(text)
                .bind(outcome.run().promptVersion())
                .bind(outcome.run().promptVersionId())
                .bind(outcome.run().finishReason())
                .bind("agent:" + turn.agent());
        Optional<Instant> storedAt = outbox.bind(statement, event).first(row -> Columns.instant(row, "created_at"));
        storedAt.ifPresent(stored -> outbox.appended());
        return storedAt;
    }

    /** Stores the reply and closes the operation; empty when that was closed before, or is another epoch's. */
    Optional<Instant> complete(Handle handle, Turn turn, UUID reply, String text, Outcome outcome) {
        return bound(handle.createQuery(COMPLETE), outcome)
                .bind("tenant", turn.tenant().value())
                .bind("state", "ANSWERED")
                .bind("operation", turn.operationId())
                .bind("epoch", turn.epoch())
                .bind("reply", reply)
                .bind("conversation", turn.conversationId())
                .bind("seq", turn.seq())
                .bind("text", text)
                .bind("promptVersion", outcome.run().promptVersion())
                .bind("promptVersionId", outcome.run().promptVersionId())
                .bind("finishReason", outcome.run().finishReason())
                .bind("by", "agent:" + turn.agent())
                .map((rs, context) ->
                        rs.getObject("created_at", OffsetDateTime.class).toInstant())
                .findOne();
    }

    /** Closes the operation, whose reply waits for a person; empty when that was closed before, or is another epoch's. */
    Optional<Instant> draft(Handle handle, Turn turn, Outcome outcome) {
        return bound(handle.createQuery(CLOSE), outcome)
                .bind("tenant", turn.tenant().value())
                .bind("operation", turn.operationId())
                .bind("epoch", turn.epoch())
                .bind("state", "DRAFTED")
                .bind("reply", (UUID) null)
                .map((rs, context) ->
                        rs.getObject("finished_at", OffsetDateTime.class).toInstant())
                .findOne();
    }

    /** Closes an operation without a reply; false when it was closed before, or is another epoch's. */
    boolean close(Handle handle, Turn turn, String state, String problem, @Nullable String decision) {
        return handle.createUpdate("""
            update operation set state = :state, problem_code = :problem, decision_id = :decision,
                   finished_at = clock_timestamp(), updated_at = now()
             where tenant_id = :tenant and id = :operation and epoch = :epoch and state in ('QUEUED', 'RUNNING')
            """)
                        .bind("tenant", turn.tenant().value())
                        .bind("operation", turn.operationId())
                        .bind("epoch", turn.epoch())
                        .bind("state", state)
                        .bind("problem", problem)
                        .bind("decision", decision)
                        .execute()
                == 1;
    }

    /** Ends operations in a later one, with all that had ended in them before. */
    void merge(Handle handle, TenantId tenant, List<UUID> operations, UUID into) {
        handle.createUpdate("""
                        with followed as (
                            update operation set merged_into = :into, updated_at = now()
                             where tenant_id = :tenant and merged_into = any(:operations))
                        update operation
                           set state = 'MERGED', merged_into = :into, updated_at = now(),
                               finished_at = coalesce(finished_at, clock_timestamp())
                         where tenant_id = :tenant and id = any(:operations)
                           and state in ('QUEUED', 'RUNNING', 'DRAFTED', 'ANSWERED')
                        """)
                .bind("tenant", tenant.value())
                .bindArray("operations", UUID.class, operations.toArray())
                .bind("into", into)
                .execute();
    }

    /** Ends what waits in a conversation in an operation that is told of it, with all that had ended in it before. */
    void joinQueued(Handle handle, TenantId tenant, UUID conversation, UUID into) {
        List<UUID> queued = handle.createQuery("""
                        select id from operation
                         where tenant_id = :tenant and conversation_id = :conversation and state = 'QUEUED'
                           and id <> :into
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("into", into)
                .mapTo(UUID.class)
                .list();
        if (!queued.isEmpty()) {
            merge(handle, tenant, queued, into);
        }
    }

    /** Notes the price of an answer that is stored. A transaction of its own. */
    void price(Database database, Turn turn, @Nullable Long credits, Instant at) {
        database.statement(turn.tenant(), """
                        update operation set credits = ?, settled_at = ?, updated_at = now()
                         where tenant_id = ? and id = ?
                        """)
                .bind(credits)
                .bind(at)
                .bind(turn.tenant())
                .bind(turn.operationId())
                .update();
    }

    /** Notes what a run cost whose answer nobody gets. */
    void noteCost(Handle handle, Turn turn, Outcome outcome) {
        bound(handle.createUpdate("""
                        update operation
                           set decision_id = :decision, decided_at = :decidedAt, run_id = :run, provider = :provider,
                               model = :model, ran_at = :ranAt, settled_at = :settledAt, credits = :credits,
                               input_tokens = :inputTokens, output_tokens = :outputTokens, updated_at = now()
                         where tenant_id = :tenant and id = :operation and state not in ('ANSWERED', 'DRAFTED')
                        """), outcome)
                .bind("tenant", turn.tenant().value())
                .bind("operation", turn.operationId())
                .execute();
    }

    private static <S extends SqlStatement<S>> S bound(S statement, Outcome outcome) {
        return statement
                .bind("decision", outcome.decision().decisionId())
                .bind("decidedAt", outcome.decidedAt())
                .bind("run", outcome.run().runId())
                .bind("provider", outcome.run().provider())
                .bind("model", outcome.run().model())
                .bind("ranAt", outcome.ranAt())
                .bind("settledAt", outcome.settledAt())
                .bind("credits", outcome.credits())
                .bind("inputTokens", outcome.run().usage().inputTokens())
                .bind("outputTokens", outcome.run().usage().outputTokens());
    }
}
