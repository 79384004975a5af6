package dev.parley.policy.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class RulesRepository {
    private static final String VERSIONS = """
            with latest as (select version from policy_rules_activation order by number desc limit 1)
            select r.version, r.document, r.created_by, r.created_at, a.created_by as activated_by,
                   a.created_at as activated_at, r.version = (select version from latest) as active
              from policy_rules r
              left join lateral (select created_by, created_at from policy_rules_activation
                                  where version = r.version order by number desc limit 1) a on true
            """;

    private final ObjectMapper mapper;

    RulesRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** One writer at a time, so that versions and activations are numbered without gaps. */
    void lock(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(hashtext('policy_rules'))");
    }

    /** Adds the next version; the writers are locked. */
    RulesVersion insert(Handle handle, RulesDocument document, String by) {
        int version = handle.createQuery("""
                        insert into policy_rules (version, document, created_by)
                        select coalesce(max(version), 0) + 1, :document::jsonb, :by from policy_rules
                        returning version
                        """)
                .bind("document", write(document))
                .bind("by", by)
                .mapTo(Integer.class)
                .one();
        return find(handle, version).orElseThrow();
    }

    /** Puts a version in force; the writers are locked. */
    void activate(Handle handle, int version, String reason, String by) {
        handle.createUpdate("""
                        insert into policy_rules_activation (number, version, reason, created_by)
                        select coalesce(max(number), 0) + 1, :version, :reason, :by from policy_rules_activation
                        """)
                .bind("version", version)
                .bind("reason", reason)
                .bind("by", by)
                .execute();
    }

    Optional<RulesVersion> find(Handle handle, int version) {
        return handle.createQuery(VERSIONS + " where r.version = :version")
                .bind("version", version)
                .map((row, context) -> version(row))
                .findOne();
    }

    /** The version in force; empty before any was activated. */
    Optional<RulesVersion> active(Handle handle) {
        return handle.createQuery(VERSIONS + " where r.version = (select version from latest)")
                .map((row, context) -> version(row))
                .findOne();
    }

    /** Newest first, from behind that one. */
    List<RulesVersion> list(Handle handle, @Nullable Integer before, int limit) {
        return handle.createQuery(VERSIONS + """
                         where cast(:before as int) is null or r.version < cast(:before as int)
                         order by r.version desc limit :limit
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> version(row))
                .list();
    }

    private RulesVersion version(ResultSet row) throws SQLException {
        Instant activated = Columns.instant(row, "activated_at");
        RulesVersion.Status status = row.getBoolean("active")
                ? RulesVersion.Status.ACTIVE
                : activated == null ? RulesVersion.Status.DRAFT : RulesVersion.Status.RETIRED;
        return new RulesVersion(
                row.getInt("version"),
                status,
                read(row.getString("document")),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("activated_by"),
                activated);
    }

    private RulesDocument read(String json) {
        try {
            return mapper.readValue(json, RulesDocument.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String write(RulesDocument document) {
        try {
            return mapper.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
