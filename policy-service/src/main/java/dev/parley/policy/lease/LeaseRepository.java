package dev.parley.policy.lease;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Whatever changes an account and its leases locks the account first. */
@ApplicationScoped
class LeaseRepository {
    /**
     * Takes a slice in one statement, for a lease that begins or for one that still lives: one that was taken away must
     * not rise again, because its replica may have served from it. Only while the policy version is the one asked for, and only when the part of
     * what is free that a lease may be is worth something.
     */
    private static final String TAKE = """
            with taken as (
                update credit_account a
                   set leased = a.leased + least(:most, (a.available - a.held - a.leased + :cap) / :share),
                       updated_at = now()
                 where a.tenant_id = :tenant and a.policy_version = :policyVersion
                   and (a.available - a.held - a.leased + :cap) / :share >= :least
                returning new.leased - old.leased as credits, a.granted, a.available, a.held
            ), begun as (
                insert into credit_lease (tenant_id, id, replica, policy_version, credits, expires_at)
                select :tenant, :lease, :replica, :policyVersion, credits, now() + make_interval(secs => :lifetime)
                  from taken where :fresh
                returning id
            ), grown as (
                update credit_lease l
                   set credits = l.credits + t.credits, expires_at = now() + make_interval(secs => :lifetime),
                       updated_at = now()
                  from taken t
                 where not :fresh and l.tenant_id = :tenant and l.id = :lease
                   and l.ended_at is null and l.expires_at > now()
                returning l.id)
            select t.credits, t.granted, t.available,
                   t.held + (select coalesce(sum(least(o.served, o.credits)), 0)::bigint from credit_lease o
                              where o.tenant_id = :tenant and o.id <> :lease) as held,
                   exists (select from begun) or exists (select from grown) as written
              from taken t
            """;

    /** What a take gave, and where the balance stands with it. */
    record Slice(long credits, Lease.Figures figures, boolean written) {}

    Optional<Slice> take(
            Handle handle,
            TenantId tenant,
            UUID lease,
            boolean fresh,
            UUID replica,
            long policyVersion,
            long least,
            long most,
            long cap,
            int share,
            Duration lifetime) {
        return handle.createQuery(TAKE)
                .bind("tenant", tenant.value())
                .bind("lease", lease)
                .bind("fresh", fresh)
                .bind("replica", replica)
                .bind("policyVersion", policyVersion)
                .bind("least", least)
                .bind("most", most)
                .bind("cap", cap)
                .bind("share", share)
                .bind("lifetime", Columns.seconds(lifetime))
                .map((row, context) -> new Slice(
                        row.getLong("credits"),
                        new Lease.Figures(row.getLong("granted"), row.getLong("available"), row.getLong("held")),
                        row.getBoolean("written")))
                .findOne();
    }

    private static void lockAccount(Handle handle, TenantId tenant) {
        handle.createQuery("select 1 from credit_account where tenant_id = :tenant for no key update")
                .bind("tenant", tenant.value())
                .mapTo(Integer.class)
                .findOne();
    }

    /** Ends a lease of this replica and gives back what nobody holds of it; a lease that is gone has nothing to give. */
    void giveBack(Handle handle, TenantId tenant, UUID lease, long credits) {
        lockAccount(handle, tenant);
        handle.createUpdate("""
                        with lease as (
                            update credit_lease
                               set credits = credits - :credits, ended_at = coalesce(ended_at, now()),
                                   returned_at = now(), updated_at = now()
                             where tenant_id = :tenant and id = :lease returning id)
                        update credit_account set leased = leased - :credits, updated_at = now()
                         where tenant_id = :tenant and exists (select from lease)
                        """)
                .bind("tenant", tenant.value())
                .bind("lease", lease)
                .bind("credits", credits)
                .execute();
    }

    /** Takes away the tenant's leases that nobody renewed. */
    void reclaim(Handle handle, TenantId tenant) {
        lockAccount(handle, tenant);
        handle.createUpdate("""
                        with gone as (
                            delete from credit_lease where tenant_id = :tenant and expires_at <= now() returning credits)
                        update credit_account set leased = leased - (select sum(credits) from gone), updated_at = now()
                         where tenant_id = :tenant and exists (select from gone)
                        """).bind("tenant", tenant.value()).execute();
    }

    /** Whether a replica may still have credits of the tenant set aside that nobody holds. */
    boolean isRecallable(Handle handle, TenantId tenant) {
        return handle.createQuery("""
                        select exists (select from credit_lease where tenant_id = :tenant and returned_at is null)
                        """)
                .bind("tenant", tenant.value())
                .mapTo(Boolean.class)
                .one();
    }

    /** The tenants that have leases which nobody renewed; for the relay role. */
    List<TenantId> tenantsWithDeadLeases(Handle handle) {
        return handle.createQuery("select distinct tenant_id from credit_lease where expires_at <= now()")
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** What became of a lease that was to live on. */
    enum Renewal {
        /** It lives on. */
        RENEWED,
        /** It lives on for what is held in it, and takes no more. */
        ENDED,
        /** Somebody works on its row; it lives as long as before. */
        BUSY
    }

    /**
     * Lets leases live on, all of them in one statement, which waits for nobody: one transaction that stands still must
     * not end the leases of all tenants. For the relay role.
     *
     * @return what became of each that still lives; what is missing is lost
     */
    Map<UUID, Renewal> renew(Handle handle, List<Lease> leases, Duration lifetime) {
        Map<UUID, Renewal> renewals = new HashMap<>();
        handle.createQuery("""
                        with asked as (
                            select * from unnest(cast(:tenants as uuid[]), cast(:leases as uuid[]), cast(:served as bigint[]))
                                       as r (tenant_id, id, served)
                        ), mine as (
                            select l.tenant_id, l.id, r.served from credit_lease l join asked r using (tenant_id, id)
                             where l.expires_at > now() for no key update of l skip locked
                        ), renewed as (
                            update credit_lease l
                               set expires_at = now() + make_interval(secs => :lifetime), served = m.served,
                                   updated_at = now()
                              from mine m where l.tenant_id = m.tenant_id and l.id = m.id
                            returning l.id, l.ended_at is not null as ended)
                        select l.id, case when n.id is null then 'BUSY' when n.ended then 'ENDED' else 'RENEWED' end as renewal
                          from credit_lease l join asked using (tenant_id, id) left join renewed n on n.id = l.id
                         where l.expires_at > now()
                        """)
                .bind("lifetime", Columns.seconds(lifetime))
                .bind("tenants", array(leases, Lease::tenant))
                .bind("leases", array(leases, Lease::id))
                .bind("served", array(leases, Lease::served))
                .map((row, context) ->
                        renewals.put(row.getObject("id", UUID.class), Renewal.valueOf(row.getString("renewal"))))
                .list();
        return renewals;
    }

    private static String array(List<Lease> leases, java.util.function.Function<Lease, Object> member) {
        return leases.stream().map(lease -> member.apply(lease).toString()).collect(Collectors.joining(",", "{", "}"));
    }
}
