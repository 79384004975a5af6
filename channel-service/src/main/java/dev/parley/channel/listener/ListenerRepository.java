package dev.parley.channel.listener;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Which tenants have queues of webhooks, or devices. */
@ApplicationScoped
class ListenerRepository {
    /**
     * What was seen at one moment.
     *
     * @param at when, by the clock that also stamps events and what it is compared to: the database's
     */
    record Look(Instant at, List<TenantId> withEndpoints, List<TenantId> withDevices) {}

    /** All tenants with a queue or a device; needs the relay role. */
    Look first(Handle acrossTenants) {
        // One step in the index per tenant: a plain distinct would read every device there is.
        return acrossTenants.createQuery("""
                        with recursive known (tenant_id) as (
                            (select tenant_id from push_device order by tenant_id limit 1)
                            union all
                            select (select d.tenant_id from push_device d where d.tenant_id > known.tenant_id
                                     order by d.tenant_id limit 1)
                              from known where known.tenant_id is not null)
                        select now() as at,
                               array(select distinct tenant_id from webhook_queue) as endpoints,
                               array(select tenant_id from known where tenant_id is not null) as devices
                        """).map((row, context) -> seen(row)).one();
    }

    /** The tenants with a queue or a device that was made since then; needs the relay role. */
    Look look(Handle acrossTenants, Instant since) {
        return acrossTenants
                .createQuery("""
                        select now() as at,
                               array(select distinct tenant_id from webhook_queue where created_at >= :since) as endpoints,
                               array(select distinct tenant_id from push_device where created_at >= :since) as devices
                        """)
                .bind("since", since.atOffset(ZoneOffset.UTC))
                .map((row, context) -> seen(row))
                .one();
    }

    private static Look seen(ResultSet row) throws SQLException {
        return new Look(
                row.getObject("at", OffsetDateTime.class).toInstant(),
                tenants(row, "endpoints"),
                tenants(row, "devices"));
    }

    private static List<TenantId> tenants(ResultSet row, String column) throws SQLException {
        return Arrays.stream((UUID[]) row.getArray(column).getArray())
                .map(TenantId::new)
                .toList();
    }
}
