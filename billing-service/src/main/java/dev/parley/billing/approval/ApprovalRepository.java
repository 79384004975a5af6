package dev.parley.billing.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ApprovalRepository {
    private final ObjectMapper json;

    ApprovalRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Returns false when the change was asked for before. */
    boolean insert(Handle handle, Approval approval) {
        return handle.createUpdate("""
                        insert into app.approval (tenant_id, id, request_key, action, credits, request, reason, decision_id,
                            rule_id, requested_by, expires_at)
                        values (:tenant, :id, :key, :action, :credits, cast(:request as jsonb), :reason, :decision, :rule,
                            :by, :expires)
                        on conflict (tenant_id, request_key) do nothing
                        """)
                        .bind("tenant", approval.tenantId().value())
                        .bind("id", approval.id())
                        .bind("key", approval.requestKey())
                        .bind("action", approval.action())
                        .bind("credits", approval.credits())
                        .bind("request", approval.request().toString())
                        .bind("reason", approval.reason())
                        .bind("decision", approval.decisionId())
                        .bind("rule", approval.ruleId())
                        .bind("by", approval.requestedBy())
                        .bind("expires", approval.expiresAt())
                        .execute()
                == 1;
    }

    Optional<Approval> findByKey(Handle handle, String requestKey) {
        return handle.createQuery(
                        "select * from app.approval where tenant_id = (select app.tenant()) and request_key = :key")
                .bind("key", requestKey)
                .map((row, context) -> approval(row))
                .findOne();
    }

    /** Lets go of the name of a change that waited too long; the approval itself stays dead. */
    void letGoOfLapsed(Handle handle, String requestKey, Instant now) {
        handle.createUpdate("""
                        update app.approval set request_key = request_key || ' lapsed ' || id, updated_at = now()
                        where tenant_id = (select app.tenant()) and request_key = :key and status = 'waiting'
                          and expires_at <= :now
                        """).bind("key", requestKey).bind("now", now).execute();
    }

    /** Holds the approval until the transaction ends: whoever comes at the same moment waits and sees what became of it. */
    Optional<Approval> lock(Handle handle, UUID id) {
        return handle.createQuery(
                        "select * from app.approval where tenant_id = (select app.tenant()) and id = :id for update")
                .bind("id", id)
                .map((row, context) -> approval(row))
                .findOne();
    }

    /** Lets go of the name of a change, so that it may be asked for again. */
    void withdraw(Handle handle, UUID id, String by, Instant at) {
        handle.createUpdate("""
                        update app.approval set status = 'withdrawn', decided_by = :by, decided_at = :at,
                            request_key = request_key || ' withdrawn ' || id, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).bind("by", by).bind("at", at).execute();
    }

    void approve(Handle handle, UUID id, String by, Instant at, Object result) {
        handle.createUpdate("""
                        update app.approval set status = 'approved', decided_by = :by, decided_at = :at,
                            result = cast(:result as jsonb), updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """)
                .bind("id", id)
                .bind("by", by)
                .bind("at", at)
                .bind("result", json.valueToTree(result).toString())
                .execute();
    }

    Optional<TenantId> tenantOf(Handle relay, UUID id) {
        return relay.createQuery("select tenant_id from app.approval where id = :id")
                .bind("id", id)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .findFirst();
    }

    /** Over all tenants, newest first, from behind that one. */
    List<Approval> list(Handle relay, @Nullable String status, @Nullable UUID before, int limit) {
        return relay.createQuery("""
                        select * from app.approval
                        where (cast(:status as text) is null or status = cast(:status as text))
                          and (cast(:before as uuid) is null or id < cast(:before as uuid))
                        order by id desc limit :limit
                        """)
                .bind("status", status)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> approval(row))
                .list();
    }

    private Approval approval(ResultSet row) throws SQLException {
        String result = row.getString("result");
        return new Approval(
                row.getObject("id", UUID.class),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("request_key"),
                row.getString("action"),
                row.getLong("credits"),
                read(row.getString("request")),
                row.getString("reason"),
                row.getObject("decision_id", UUID.class),
                row.getString("rule_id"),
                row.getString("status"),
                row.getString("requested_by"),
                row.getString("decided_by"),
                Columns.instant(row, "decided_at"),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                result == null ? null : read(result));
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
