package dev.parley.billing.webhook;

import dev.parley.platform.data.Columns;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ProviderEventRepository {
    private static final String AGAIN = """
            update app.provider_event set state = 'received', attempts = 0, claimed_until = now(), last_error = null,
                processed_at = null
            where provider = :provider and state <> 'received'
            """;

    /** Which events are asked for, from behind a position. */
    record Filter(
            @Nullable String provider,
            @Nullable String state,
            @Nullable Instant beforeTime,
            @Nullable String beforeId) {}

    /** Newest first. */
    List<ProviderEventView> list(Handle handle, Filter filter, int limit) {
        return handle.createQuery("""
                        select provider, account, event_id, type, object_kind, object_id, state, attempts, last_error,
                            received_at, processed_at
                        from app.provider_event
                        where (cast(:provider as text) is null or provider = :provider)
                          and (cast(:state as text) is null or state = :state)
                          and (cast(:time as timestamptz) is null
                            or (received_at, event_id) < (cast(:time as timestamptz), cast(:event as text)))
                        order by received_at desc, event_id desc limit :limit
                        """)
                .bind("provider", filter.provider())
                .bind("state", filter.state())
                .bind("time", filter.beforeTime())
                .bind("event", filter.beforeId())
                .bind("limit", limit)
                .map(ProviderEventRepository::event)
                .list();
    }

    int replay(Handle relay, String provider, Instant from, Instant to) {
        return relay.createUpdate(AGAIN + "and received_at >= :from and received_at < :to")
                .bind("provider", provider)
                .bind("from", from)
                .bind("to", to)
                .execute();
    }

    int replay(Handle relay, String provider, List<String> eventIds) {
        return relay.createUpdate(AGAIN + "and event_id = any(:events)")
                .bind("provider", provider)
                .bindArray("events", String.class, eventIds)
                .execute();
    }

    private static ProviderEventView event(ResultSet row, StatementContext context) throws SQLException {
        return new ProviderEventView(
                row.getString("provider"),
                row.getString("account"),
                row.getString("event_id"),
                row.getString("type"),
                row.getString("object_kind"),
                row.getString("object_id"),
                row.getString("state"),
                row.getInt("attempts"),
                row.getString("last_error"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                Columns.instant(row, "processed_at"));
    }
}
