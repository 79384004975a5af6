package dev.parley.channel.stream;

import dev.parley.platform.data.Columns;
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
        return handle.createQuery("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
                .mapTo(Long.class)
                .map(xid -> new StreamCursor(xid, 0))
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
                .map((rs, context) -> new Told(
                        new StreamCursor(rs.getLong("xid"), rs.getLong("seq")),
                        rs.getString("type"),
                        rs.getString("payload"),
                        rs.getObject("occurred_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Whether all that happened behind a place was still known when it was read, and the place is one of the past. */
    boolean remembers(Handle handle, TenantId tenant, StreamCursor place) {
        return handle.createQuery("""
                        select cast(:xid as text)::xid8 <= pg_snapshot_xmin(pg_current_snapshot())
                               and not exists (select from stream_mark
                                                where tenant_id = :tenant
                                                  and (xid, seq) > (cast(:xid as text)::xid8, :seq))
                        """)
                .bind("tenant", tenant.value())
                .bind("xid", Long.toString(place.xid()))
                .bind("seq", place.seq())
                .mapTo(Boolean.class)
                .one();
    }

    /** Forgets some of what is too old to be asked for, and notes up to where; needs the relay role. */
    int forget(Handle acrossTenants, Duration memory, int limit) {
        return acrossTenants
                .createQuery("""
                        with mine as materialized (
                            select pg_try_advisory_xact_lock(hashtext('stream_event')) as ours
                        ), old as (
                            select tenant_id, xid, seq from stream_event
                             where created_at < now() - make_interval(secs => :age) and (select ours from mine)
                             order by created_at, xid, seq limit :limit
                        ), gone as (
                            delete from stream_event where (tenant_id, xid, seq) in (select tenant_id, xid, seq from old)
                            returning tenant_id, xid, seq
                        ), marked as (
                            insert into stream_mark (tenant_id, xid, seq)
                            select distinct on (tenant_id) tenant_id, xid, seq from gone
                             order by tenant_id, xid desc, seq desc
                            on conflict (tenant_id) do update
                                set xid = excluded.xid, seq = excluded.seq, updated_at = now()
                              where (stream_mark.xid, stream_mark.seq) < (excluded.xid, excluded.seq)
                        )
                        select count(*) from gone
                        """)
                .bind("age", Columns.seconds(memory))
                .bind("limit", limit)
                .mapTo(Integer.class)
                .one();
    }

    /** One event, and its place. */
    record Told(StreamCursor cursor, String type, String payload, Instant at) {}
}
