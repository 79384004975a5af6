package dev.parley.channel.stream;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Rows of what sockets are told. */
@ApplicationScoped
class StreamRepository {
    /** The place behind everything that nobody can overtake any more. */
    StreamCursor now(Handle handle) {
        return handle.createQuery("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xid, now() as at")
                .map((rs, context) -> new StreamCursor(
                        rs.getLong("xid"),
                        0,
                        rs.getObject("at", OffsetDateTime.class).toInstant()))
                .one();
    }

    /** What happened behind a place, in order. */
    List<Told> after(Handle handle, TenantId tenant, StreamCursor place, int limit) {
        return handle.createQuery("""
                        select xid::text::bigint as xid, seq, type, payload::text as payload, occurred_at
                          from stream_event
                         where tenant_id = :tenant and (xid, seq) > (cast(:xid as text)::xid8, :seq)
                           and xid < pg_snapshot_xmin(pg_current_snapshot())
                         order by xid, seq limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("xid", Long.toString(place.xid()))
                .bind("seq", place.seq())
                .bind("limit", limit)
                .map((rs, context) -> {
                    Instant at =
                            rs.getObject("occurred_at", OffsetDateTime.class).toInstant();
                    return new Told(
                            new StreamCursor(rs.getLong("xid"), rs.getLong("seq"), at),
                            rs.getString("type"),
                            rs.getString("payload"),
                            at);
                })
                .list();
    }

    /** Forgets what is too old to be asked for; needs the relay role. */
    int forget(Handle acrossTenants, Duration memory) {
        return acrossTenants
                .createUpdate("delete from stream_event where created_at < now() - make_interval(secs => :age)")
                .bind("age", memory.toMillis() / 1000.0)
                .execute();
    }

    /** One event, and its place. */
    record Told(StreamCursor cursor, String type, String payload, Instant at) {}
}
