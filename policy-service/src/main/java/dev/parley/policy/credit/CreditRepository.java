package dev.parley.policy.credit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Standing;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CreditRepository {
    private static final String SERVED = """
            case when a.leased = 0 then 0
                 else (select coalesce(sum(least(e.served, e.credits)), 0)::bigint from credit_lease e
                        where e.tenant_id = a.tenant_id) end as served,
            a.leased > 0 and exists (select from credit_lease e
                                      where e.tenant_id = a.tenant_id and e.returned_at is null) as recallable
            """;
    private static final String ACCOUNT = """
            select policy_version, granted, available, held, leased, counters, drawn, period_end,
            """ + SERVED + """
              from credit_account a where tenant_id = :tenant
            """;
    private static final TypeReference<Map<String, Standing.Counter>> COUNTERS = new TypeReference<>() {};
    private static final TypeReference<List<CreditsTaken.Part>> PARTS = new TypeReference<>() {};

    private final ObjectMapper mapper;

    CreditRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Where many stand; for the relay role. */
    Map<TenantId, Standing> standings(Handle handle, Collection<TenantId> tenants) {
        return handle
                .createQuery("""
                        select tenant_id, policy_version, granted, available, held, leased, counters, drawn, period_end,
                        """ + SERVED + """
                          from credit_account a where tenant_id = any(:tenants)
                        """)
                .bindArray(
                        "tenants",
                        UUID.class,
                        tenants.stream().map(TenantId::value).toList())
                .map((row, context) -> Map.entry(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        account(row).standing()))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    Optional<Account> find(Handle handle, TenantId tenant) {
        return handle.createQuery(ACCOUNT)
                .bind("tenant", tenant.value())
                .map((row, context) -> account(row))
                .findOne();
    }

    /** Makes the account if there is none and locks it, so that the statements that follow see its latest state. */
    Account lock(Handle handle, TenantId tenant) {
        handle.createUpdate("insert into credit_account (tenant_id) values (:tenant) on conflict do nothing")
                .bind("tenant", tenant.value())
                .execute();
        return handle.createQuery(ACCOUNT + " for no key update")
                .bind("tenant", tenant.value())
                .map((row, context) -> account(row))
                .one();
    }

    /** Starts a new policy version, so that no hold is taken on older terms. */
    void raisePolicyVersion(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                        insert into credit_account (tenant_id, policy_version) values (:tenant, 1)
                        on conflict (tenant_id) do update
                           set policy_version = credit_account.policy_version + 1, updated_at = now()
                        """).bind("tenant", tenant.value()).execute();
    }

    /** As {@link #raisePolicyVersion}, and sets the period; the counters start again when it is another one. */
    void startPeriod(Handle handle, TenantId tenant, @Nullable Instant start, @Nullable Instant end) {
        handle.createUpdate("""
                        insert into credit_account (tenant_id, policy_version, period_start, period_end)
                        values (:tenant, 1, :start, :end)
                        on conflict (tenant_id) do update
                           set policy_version = credit_account.policy_version + 1,
                               counters = case when credit_account.period_start is distinct from excluded.period_start
                                               then '{}' else credit_account.counters end,
                               period_start = excluded.period_start,
                               period_end = excluded.period_end,
                               updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("start", start)
                .bind("end", end)
                .execute();
    }

    /** No replica takes more on the tenant's leases from here on; what is served from them stays set aside. */
    void endLeases(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                        update credit_lease set ended_at = now(), updated_at = now()
                         where tenant_id = :tenant and ended_at is null
                        """).bind("tenant", tenant.value()).execute();
    }

    /** The account with its open lots, by one query and so as of one moment. */
    CreditsResponse statement(Handle handle, TenantId tenant) {
        List<Lot> lots = new ArrayList<>();
        Account account = handle.createQuery("""
                        select a.policy_version, a.granted, a.available, a.held, a.leased, '{}' as counters, a.drawn,
                               a.period_end,
                        """ + SERVED + """
                               , l.id, l.source, l.granted as lot_granted, l.remaining, l.expires_at
                          from credit_account a
                          left join credit_lot l on l.tenant_id = a.tenant_id and l.closed_at is null
                         where a.tenant_id = :tenant
                         order by l.expires_at nulls last, l.created_at, l.id
                        """)
                .bind("tenant", tenant.value())
                .reduceResultSet(Account.NONE, (before, row, context) -> {
                    if (row.getObject("id") != null) {
                        lots.add(lot(row));
                    }
                    return account(row);
                });
        return CreditsResponse.of(account, lots);
    }

    /** Whether the lot is known, and closed. */
    Optional<Boolean> isClosed(Handle handle, TenantId tenant, UUID lot) {
        return handle.createQuery(
                        "select closed_at is not null from credit_lot where tenant_id = :tenant and id = :lot")
                .bind("tenant", tenant.value())
                .bind("lot", lot)
                .mapTo(Boolean.class)
                .findOne();
    }

    void addLot(Handle handle, TenantId tenant, CreditsGranted grant) {
        handle.createUpdate("""
                        with lot as (
                            insert into credit_lot (tenant_id, id, source, granted, remaining, reason, expires_at)
                            values (:tenant, :id, :source, :credits, :credits, :reason, :expiresAt))
                        update credit_account
                           set granted = granted + :credits, available = available + :credits, warned_percent = 0,
                               updated_at = now()
                         where tenant_id = :tenant
                        """)
                .bind("tenant", tenant.value())
                .bind("id", grant.lotId())
                .bind("source", grant.source())
                .bind("credits", grant.credits())
                .bind("reason", grant.reason())
                .bind("expiresAt", grant.expiresAt())
                .execute();
    }

    /** Notes a lot that was closed before it was granted. */
    void addClosedLot(Handle handle, TenantId tenant, CreditsClosed closed) {
        handle.createUpdate("""
                        insert into credit_lot (tenant_id, id, source, granted, remaining, reason, closed_at)
                        values (:tenant, :id, 'unknown', 0, 0, :reason, now()) on conflict do nothing
                        """)
                .bind("tenant", tenant.value())
                .bind("id", closed.lotId())
                .bind("reason", closed.reason())
                .execute();
    }

    /** Fills in what such a lot was granted with; returns whether it was such a lot, and this the first time. */
    boolean fillClosedLot(Handle handle, TenantId tenant, CreditsGranted grant) {
        return handle.createUpdate("""
                        update credit_lot
                           set source = :source, granted = :credits, unspent = :credits, expires_at = :expiresAt,
                               updated_at = now()
                         where tenant_id = :tenant and id = :id and closed_at is not null and unspent is null
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", grant.lotId())
                        .bind("source", grant.source())
                        .bind("credits", grant.credits())
                        .bind("expiresAt", grant.expiresAt())
                        .execute()
                == 1;
    }

    /**
     * Takes what was drawn since the last time from the open lots, in order of expiry. What no lot can give stays
     * drawn, and the next lot pays it. The account must be locked.
     */
    void drain(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                        with queue as (
                            select l.id, l.remaining, a.drawn,
                                   sum(l.remaining) over (order by l.expires_at nulls last, l.created_at, l.id) as upto
                              from credit_account a join credit_lot l using (tenant_id)
                             where a.tenant_id = :tenant and a.drawn > 0 and l.closed_at is null
                        ), taken as (
                            select id, least(remaining, greatest(0, drawn - (upto - remaining)))::bigint as credits
                              from queue
                        ), drained as (
                            update credit_lot l set remaining = l.remaining - t.credits, updated_at = now()
                              from taken t where l.tenant_id = :tenant and l.id = t.id and t.credits > 0)
                        update credit_account set drawn = drawn - (select coalesce(sum(credits), 0) from taken)::bigint
                         where tenant_id = :tenant and drawn > 0
                        """).bind("tenant", tenant.value()).execute();
    }

    /** Closes an open lot and takes what is left of it off the balance; returns that. The account must be drained. */
    long closeLot(Handle handle, TenantId tenant, UUID lot, @Nullable String reason) {
        return handle.createQuery("""
                        with closed as (
                            update credit_lot
                               set closed_at = now(), unspent = remaining, remaining = 0, reason = coalesce(:reason, reason),
                                   updated_at = now()
                             where tenant_id = :tenant and id = :lot and closed_at is null
                            returning granted, unspent)
                        update credit_account a
                           set granted = a.granted - c.granted, available = a.available - c.unspent, updated_at = now()
                          from closed c where a.tenant_id = :tenant
                        returning c.unspent
                        """)
                .bind("tenant", tenant.value())
                .bind("lot", lot)
                .bind("reason", reason)
                .mapTo(Long.class)
                .one();
    }

    /** The account, all lots and what is left of each, as of one moment. */
    BalancesResponse balances(Handle handle, TenantId tenant) {
        List<Lot> open = new ArrayList<>();
        List<BalancesResponse.LotBalance> closed = new ArrayList<>();
        Account account = handle.createQuery("""
                        select a.policy_version, a.granted, a.available, a.held, a.leased, '{}' as counters, a.drawn,
                               a.period_end,
                        """ + SERVED + """
                               , l.id, l.source, l.granted as lot_granted, l.remaining, l.unspent, l.expires_at, l.closed_at
                          from credit_account a left join credit_lot l on l.tenant_id = a.tenant_id
                         where a.tenant_id = :tenant
                         order by l.expires_at nulls last, l.created_at, l.id
                        """)
                .bind("tenant", tenant.value())
                .reduceResultSet(Account.NONE, (before, row, context) -> {
                    if (row.getObject("id") != null && row.getObject("closed_at") == null) {
                        open.add(lot(row));
                    } else if (row.getObject("id") != null) {
                        closed.add(new BalancesResponse.LotBalance(
                                row.getObject("id", UUID.class),
                                row.getString("source"),
                                row.getLong("lot_granted"),
                                0,
                                row.getLong("unspent"),
                                Columns.instant(row, "expires_at")));
                    }
                    return account(row);
                });
        return BalancesResponse.of(account, open, closed);
    }

    /** What a withdrawal came to, if it was made. */
    Optional<CreditsTaken> findWithdrawal(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("select credits, lots from credit_withdrawal where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((row, context) ->
                        new CreditsTaken(tenant, id, row.getLong("credits"), parts(row.getString("lots"))))
                .findOne();
    }

    void addWithdrawal(Handle handle, CreditsTaken taken) {
        try {
            handle.createUpdate("""
                            insert into credit_withdrawal (tenant_id, id, credits, lots)
                            values (:tenant, :id, :credits, :lots::jsonb)
                            """)
                    .bind("tenant", taken.tenant().value())
                    .bind("id", taken.withdrawalId())
                    .bind("credits", taken.credits())
                    .bind("lots", mapper.writeValueAsString(taken.lots()))
                    .execute();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes credits back from open lots and off the balance: from those that cost nothing first, and the newest of them
     * first. The account must be locked and drained.
     */
    List<CreditsTaken.Part> take(Handle handle, TenantId tenant, long credits) {
        return handle.createQuery("""
                        with queue as (
                            select id, remaining, sum(remaining) over (
                                       order by source in ('plan', 'pack'), created_at desc, id desc) as upto
                              from credit_lot where tenant_id = :tenant and closed_at is null and remaining > 0
                        ), taken as (
                            select id, least(remaining, greatest(0, :credits - (upto - remaining)))::bigint as credits
                              from queue
                        ), reduced as (
                            update credit_lot l
                               set remaining = l.remaining - t.credits, granted = l.granted - t.credits, updated_at = now()
                              from taken t where l.tenant_id = :tenant and l.id = t.id and t.credits > 0
                        ), account as (
                            update credit_account
                               set granted = granted - (select coalesce(sum(credits), 0) from taken)::bigint,
                                   available = available - (select coalesce(sum(credits), 0) from taken)::bigint,
                                   updated_at = now()
                             where tenant_id = :tenant)
                        select id, credits from taken where credits > 0 order by id
                        """)
                .bind("tenant", tenant.value())
                .bind("credits", credits)
                .map((row, context) -> new CreditsTaken.Part(row.getObject("id", UUID.class), row.getLong("credits")))
                .list();
    }

    /** What is left of an open lot. The account must be drained. */
    long remaining(Handle handle, TenantId tenant, UUID lot) {
        return handle.createQuery("select remaining from credit_lot where tenant_id = :tenant and id = :lot")
                .bind("tenant", tenant.value())
                .bind("lot", lot)
                .mapTo(Long.class)
                .one();
    }

    /** Takes credits back from one open lot and off the balance. The account must be locked and drained. */
    void takeFrom(Handle handle, TenantId tenant, UUID lot, long credits) {
        handle.createUpdate("""
                        with reduced as (
                            update credit_lot
                               set remaining = remaining - :credits, granted = granted - :credits, updated_at = now()
                             where tenant_id = :tenant and id = :lot)
                        update credit_account
                           set granted = granted - :credits, available = available - :credits, updated_at = now()
                         where tenant_id = :tenant
                        """)
                .bind("tenant", tenant.value())
                .bind("lot", lot)
                .bind("credits", credits)
                .execute();
    }

    private List<CreditsTaken.Part> parts(String json) {
        try {
            return mapper.readValue(json, PARTS);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The open lots of the tenant whose time is over. */
    List<UUID> dueLots(Handle handle, TenantId tenant) {
        return handle.createQuery("""
                        select id from credit_lot
                         where tenant_id = :tenant and closed_at is null and expires_at <= now() order by expires_at, id
                        """)
                .bind("tenant", tenant.value())
                .mapTo(UUID.class)
                .list();
    }

    /** The tenants that have such lots; for the relay role. */
    List<TenantId> tenantsWithDueLots(Handle handle) {
        return handle.createQuery(
                        "select distinct tenant_id from credit_lot where closed_at is null and expires_at <= now()")
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** How many accounts that moved lately do not agree with their lots and holds; for the relay role. */
    long drifting(Handle handle) {
        return handle.createQuery("""
                        with moved as (
                            select tenant_id, granted, available, held, leased, drawn from credit_account
                             where updated_at > now() - interval '1 hour'
                        ), lots as (
                            select tenant_id, sum(granted) as granted, sum(remaining) as remaining
                              from credit_lot where tenant_id in (select tenant_id from moved) and closed_at is null group by tenant_id
                        ), holds as (
                            select tenant_id, sum(credits) as held from hold
                             where state = 'held' and expires_at > now() - interval '1 hour' group by tenant_id
                        ), leases as (
                            select tenant_id, sum(credits) as leased from credit_lease group by tenant_id)
                        select count(*)
                          from moved m left join lots l using (tenant_id) left join holds h using (tenant_id)
                               left join leases e using (tenant_id)
                         where m.granted <> coalesce(l.granted, 0)
                            or m.available <> coalesce(l.remaining, 0) - m.drawn
                            or m.held <> coalesce(h.held, 0)
                            or m.leased <> coalesce(e.leased, 0)
                        """).mapTo(Long.class).one();
    }

    private Account account(ResultSet row) throws SQLException {
        long served = row.getLong("served");
        Standing standing = new Standing(
                row.getLong("granted"),
                row.getLong("available"),
                row.getLong("held") + served,
                counters(row.getString("counters")));
        return new Account(
                row.getLong("policy_version"),
                standing,
                row.getLong("leased"),
                served,
                row.getBoolean("recallable"),
                row.getLong("drawn"),
                Columns.instant(row, "period_end"));
    }

    private Map<String, Standing.Counter> counters(String json) {
        try {
            return "{}".equals(json) ? Map.of() : mapper.readValue(json, COUNTERS);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Lot lot(ResultSet row) throws SQLException {
        return new Lot(
                row.getObject("id", UUID.class),
                row.getString("source"),
                row.getLong("lot_granted"),
                row.getLong("remaining"),
                Columns.instant(row, "expires_at"));
    }
}
