package dev.parley.agent.prompt.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class TrialRepository {
    private final ObjectMapper json;

    TrialRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Gives up the version's trial that is past its deadline, so that another may begin. */
    void abandonLate(Handle handle, TenantId owner, UUID agentId, int number) {
        handle.createUpdate("""
                        update golden_trial set status = 'abandoned', finished_at = now(), updated_at = now()
                        where tenant_id = :owner and agent_id = :agent and number = :number and status = 'running' and deadline_at < now()
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("number", number)
                .execute();
    }

    /** False when the version is being tried already. */
    boolean insert(
            Handle handle,
            TenantId owner,
            UUID agentId,
            UUID id,
            int number,
            String contentHash,
            String goldenHash,
            Duration deadline,
            String actor) {
        return handle.createUpdate("""
                        insert into golden_trial (tenant_id, agent_id, id, number, content_hash, golden_hash, deadline_at, created_by)
                        values (:owner, :agent, :id, :number, :content, :golden, now() + :deadline * interval '1 millisecond', :actor)
                        on conflict (tenant_id, agent_id, number) where status = 'running' do nothing
                        """)
                        .bind("owner", owner.value())
                        .bind("agent", agentId)
                        .bind("id", id)
                        .bind("number", number)
                        .bind("content", contentHash)
                        .bind("golden", goldenHash)
                        .bind("deadline", deadline.toMillis())
                        .bind("actor", actor)
                        .execute()
                == 1;
    }

    /** False when the trial was given up meanwhile. */
    boolean finish(Handle handle, TenantId owner, UUID agentId, UUID id, Trial.Result result) {
        return handle.createUpdate("""
                        update golden_trial set status = :status, result = cast(:result as jsonb), finished_at = now(),
                               updated_at = now()
                        where tenant_id = :owner and agent_id = :agent and id = :id and status = 'running'
                        """)
                        .bind("owner", owner.value())
                        .bind("agent", agentId)
                        .bind("id", id)
                        .bind("status", result.passed() ? "passed" : "failed")
                        .bind("result", write(result))
                        .execute()
                == 1;
    }

    /** Whether the last finished trial of this content on these conversations was passed. */
    boolean passed(Handle handle, TenantId owner, UUID agentId, String contentHash, String goldenHash) {
        return handle.createQuery("""
                        select status from golden_trial
                        where tenant_id = :owner and agent_id = :agent and content_hash = :content and golden_hash = :golden and result is not null
                        order by finished_at desc, id desc limit 1
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("content", contentHash)
                .bind("golden", goldenHash)
                .mapTo(String.class)
                .findOne()
                .filter("passed"::equals)
                .isPresent();
    }

    Optional<Trial> latest(Handle handle, TenantId owner, UUID agentId, int number) {
        return handle.createQuery("""
                        select *, case when status = 'running' and deadline_at < now() then 'abandoned' else status end as standing
                        from golden_trial where tenant_id = :owner and agent_id = :agent and number = :number
                        order by created_at desc, id desc limit 1
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("number", number)
                .map(this::map)
                .findOne();
    }

    private Trial map(ResultSet row, StatementContext context) throws SQLException {
        return new Trial(
                row.getObject("id", UUID.class),
                row.getObject("agent_id", UUID.class),
                row.getInt("number"),
                row.getString("content_hash"),
                row.getString("golden_hash"),
                row.getString("standing"),
                read(row.getString("result")),
                Columns.instant(row, "deadline_at"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "finished_at"),
                row.getString("created_by"));
    }

    private String write(Trial.Result result) {
        try {
            return json.writeValueAsString(result);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Trial.Result read(String result) {
        try {
            return result == null ? null : json.readValue(result, Trial.Result.class);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
