package dev.parley.auth.erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Erasures are rows of the platform: they outlive the tenant. All but {@link #erasing} needs its transaction. */
@ApplicationScoped
class ErasureRepository {
    private static final String SELECT = """
            select e.*, (select jsonb_object_agg(a.service, a.answer) from app.erasure_answer a
                          where a.tenant_id = e.tenant_id and a.erasure_id = e.id) as answers
              from app.erasure e where e.tenant_id = app.tenant()
            """;

    private final ObjectMapper mapper;

    ErasureRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Notes that a tenant is to be erased; false when it is noted already. */
    boolean begin(Handle handle, UUID id, TenantId tenant) {
        return handle.createUpdate("""
                        insert into app.erasure (tenant_id, id, erased_tenant_id, status)
                        values (app.tenant(), :id, :tenant, 'running') on conflict do nothing
                        """)
                        .bind("id", id)
                        .bind("tenant", tenant.value())
                        .execute()
                == 1;
    }

    /** Lets a token open the certificate of an erasure that was noted without one. */
    void openWith(Handle handle, TenantId tenant, byte[] tokenSha256) {
        handle.createUpdate("""
                        update app.erasure set token_sha256 = :token, updated_at = now()
                         where tenant_id = app.tenant() and erased_tenant_id = :tenant and token_sha256 is null
                        """)
                .bind("tenant", tenant.value())
                .bind("token", tokenSha256)
                .execute();
    }

    Optional<Erasure> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " and e.id = :id")
                .bind("id", id)
                .map((row, context) -> erasure(row))
                .findOne();
    }

    Optional<Erasure> of(Handle handle, TenantId tenant) {
        return handle.createQuery(SELECT + " and e.erased_tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .map((row, context) -> erasure(row))
                .findOne();
    }

    /** Running erasures that nobody was asked about since, and asks count from now on. */
    List<Erasure> silent(Handle handle, Instant since) {
        handle.createUpdate("""
                        update app.erasure set asked_at = now() where tenant_id = app.tenant() and status = 'running'
                           and asked_at < :since
                        """)
                .bind("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .execute();
        return handle.createQuery(SELECT + " and e.status = 'running' and e.asked_at = now()")
                .map((row, context) -> erasure(row))
                .list();
    }

    void note(Handle handle, TenantId tenant, UUID id, String service, JsonNode answer) {
        handle.createUpdate("""
                        insert into app.erasure_answer (tenant_id, erasure_id, service, answer)
                        select app.tenant(), id, :service, cast(:answer as jsonb) from app.erasure
                         where tenant_id = app.tenant() and id = :id and erased_tenant_id = :tenant
                        on conflict (tenant_id, erasure_id, service) do nothing
                        """)
                .bind("id", id)
                .bind("tenant", tenant.value())
                .bind("service", service)
                .bind("answer", answer.toString())
                .execute();
    }

    void noteAuditHead(Handle handle, TenantId tenant, String head) {
        handle.createUpdate("""
                        update app.erasure set audit_head = cast(:head as jsonb)
                         where tenant_id = app.tenant() and erased_tenant_id = :tenant and audit_head is null
                        """)
                .bind("tenant", tenant.value())
                .bind("head", head)
                .execute();
    }

    void complete(Handle handle, UUID id, String certificate) {
        handle.createUpdate("""
                        update app.erasure set status = 'done', completed_at = now(), updated_at = now(),
                          certificate = :certificate where tenant_id = app.tenant() and id = :id and status = 'running'
                        """).bind("id", id).bind("certificate", certificate).execute();
    }

    /** Tenants whose status says that they are being erased; needs the transaction of the relay role. */
    List<TenantId> erasing(Handle relay) {
        return relay.createQuery("select tenant_id from app.tenant where status = 'erasing'")
                .map((row, context) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .list();
    }

    private Erasure erasure(ResultSet row) throws SQLException {
        SortedMap<String, JsonNode> answers = new TreeMap<>();
        JsonNode all = json(row.getString("answers"));
        if (all != null) {
            all.properties().forEach(answer -> answers.put(answer.getKey(), answer.getValue()));
        }
        return new Erasure(
                row.getObject("id", UUID.class),
                new TenantId(row.getObject("erased_tenant_id", UUID.class)),
                row.getString("status"),
                row.getBytes("token_sha256"),
                json(row.getString("audit_head")),
                row.getString("certificate"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Columns.instant(row, "completed_at"),
                answers);
    }

    private @Nullable JsonNode json(@Nullable String text) {
        try {
            return text == null ? null : mapper.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb that is no JSON", impossible);
        }
    }
}
