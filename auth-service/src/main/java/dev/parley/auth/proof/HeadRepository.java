package dev.parley.auth.proof;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class HeadRepository {
    private static final String COLUMNS =
            "select seq, hash, signed_at, jws from app.audit_head where tenant_id = app.tenant()";

    /** Tenants whose trail grew since its head was signed; needs the transaction of the relay role. */
    List<TenantId> moved(Handle handle, int limit) {
        return handle.createQuery("select tenant_id from app.audit_moved order by created_at limit :limit")
                .bind("limit", limit)
                .map((row, context) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .list();
    }

    /** Notes that the head of the transaction's tenant is signed. */
    void settled(Handle handle) {
        handle.execute("delete from app.audit_moved where tenant_id = app.tenant()");
    }

    Optional<SignedHead> last(Handle handle) {
        return handle.createQuery(COLUMNS + " order by seq desc limit 1")
                .map((row, context) -> head(row))
                .findOne();
    }

    /** The signed heads from one place, exclusive, to another. */
    List<SignedHead> between(Handle handle, long after, long to) {
        return handle.createQuery(COLUMNS + " and seq > :after and seq <= :to order by seq")
                .bind("after", after)
                .bind("to", to)
                .map((row, context) -> head(row))
                .list();
    }

    void insert(Handle handle, SignedHead head) {
        handle.createUpdate("""
                        insert into app.audit_head (tenant_id, seq, hash, signed_at, jws)
                        values (app.tenant(), :seq, :hash, :at, :jws)
                        """)
                .bind("seq", head.seq())
                .bind("hash", head.hash())
                .bind("at", head.signedAt())
                .bind("jws", head.jws())
                .execute();
    }

    private static SignedHead head(ResultSet row) throws SQLException {
        return new SignedHead(
                row.getLong("seq"),
                row.getString("hash"),
                row.getObject("signed_at", OffsetDateTime.class).toInstant(),
                row.getString("jws"));
    }
}
