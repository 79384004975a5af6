package dev.parley.agent.run;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class KeptAnswerRepository {
    /** An answer as it is sealed. */
    record Row(UUID id, byte[] answer) {}

    Optional<Row> find(Handle handle, TenantId tenant, byte[] question, Instant now) {
        return handle.createQuery("""
                        select id, answer from kept_answer
                        where tenant_id = :tenant and question = :question and expires_at > :now
                        """)
                .bind("tenant", tenant.value())
                .bind("question", question)
                .bind("now", now)
                .map((row, context) -> new Row(row.getObject("id", UUID.class), row.getBytes("answer")))
                .findOne();
    }

    /** Keeps an answer in the place of an older one, and clears away some whose time is over. */
    void put(Handle handle, TenantId tenant, UUID id, byte[] question, byte[] answer, Instant now, Duration age) {
        handle.createUpdate("""
                        delete from kept_answer where tenant_id = :tenant and id in (
                            select id from kept_answer where tenant_id = :tenant and expires_at <= :now limit 100)
                        """).bind("tenant", tenant.value()).bind("now", now).execute();
        handle.createUpdate("""
                        insert into kept_answer (tenant_id, id, question, answer, expires_at)
                        values (:tenant, :id, :question, :answer, :expires)
                        on conflict (tenant_id, question) do update
                        set id = excluded.id, answer = excluded.answer, expires_at = excluded.expires_at, updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("question", question)
                .bind("answer", answer)
                .bind("expires", now.plus(age))
                .execute();
    }
}
