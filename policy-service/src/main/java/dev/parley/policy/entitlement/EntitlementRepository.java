package dev.parley.policy.entitlement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.entitlement.SubscriptionChanged.Granted;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class EntitlementRepository {
    private static final int KNOWN_PLANS = 1_000;

    private final ObjectMapper mapper;
    private final Cache<Granted, Granted> plans =
            Caffeine.newBuilder().maximumSize(KNOWN_PLANS).build();

    EntitlementRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Reads the terms and the policy version that they belong to. */
    Optional<Terms> find(Handle handle, TenantId tenant) {
        return handle.createQuery("""
                        select a.policy_version, e.suspended, e.subscription
                          from entitlement e join credit_account a using (tenant_id)
                         where e.tenant_id = :tenant
                        """)
                .bind("tenant", tenant.value())
                .map((row, context) -> terms(row))
                .findOne();
    }

    /** Replaces the subscription if this one is newer; returns whether it was. */
    boolean replace(Handle handle, TenantId tenant, SubscriptionChanged subscription) {
        return handle.createUpdate("""
                        insert into entitlement (tenant_id, version, subscription)
                        values (:tenant, :version, :subscription::jsonb)
                        on conflict (tenant_id) do update
                           set version = excluded.version, subscription = excluded.subscription, updated_at = now()
                         where entitlement.version < excluded.version
                        """)
                        .bind("tenant", tenant.value())
                        .bind("version", subscription.version())
                        .bind("subscription", write(subscription))
                        .execute()
                == 1;
    }

    /** Sets whether the tenant is suspended, unless a later event said so already; returns whether it was set. */
    boolean setSuspended(
            Handle handle, TenantId tenant, boolean suspended, @Nullable String reason, Instant decidedAt) {
        return handle.createUpdate("""
                        insert into entitlement (tenant_id, suspended, suspension_reason, suspension_set_at)
                        values (:tenant, :suspended, :reason, :decidedAt)
                        on conflict (tenant_id) do update
                           set suspended = excluded.suspended,
                               suspension_reason = excluded.suspension_reason,
                               suspension_set_at = excluded.suspension_set_at,
                               updated_at = now()
                         where entitlement.suspension_set_at is null
                            or entitlement.suspension_set_at <= excluded.suspension_set_at
                        """)
                        .bind("tenant", tenant.value())
                        .bind("suspended", suspended)
                        .bind("reason", reason)
                        .bind("decidedAt", decidedAt)
                        .execute()
                == 1;
    }

    /** Keeps what the terms are at the policy version that this transaction made. */
    void keepVersion(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                        insert into entitlement_version (tenant_id, policy_version, suspended, subscription)
                        select tenant_id, a.policy_version, e.suspended, e.subscription
                          from entitlement e join credit_account a using (tenant_id)
                         where tenant_id = :tenant
                        """).bind("tenant", tenant.value()).execute();
    }

    Optional<TermsVersion> version(Handle handle, TenantId tenant, long policyVersion) {
        return handle.createQuery("""
                        select policy_version, suspended, subscription from entitlement_version
                         where tenant_id = :tenant and policy_version = :version
                        """)
                .bind("tenant", tenant.value())
                .bind("version", policyVersion)
                .map((row, context) -> version(row))
                .findOne();
    }

    Map<Long, TermsVersion> versions(Handle handle, TenantId tenant) {
        Map<Long, TermsVersion> versions = new HashMap<>();
        handle.createQuery("""
                        select policy_version, suspended, subscription from entitlement_version
                         where tenant_id = :tenant
                        """)
                .bind("tenant", tenant.value())
                .map((row, context) -> versions.put(row.getLong("policy_version"), version(row)))
                .list();
        return versions;
    }

    List<TenantId> tenantsOn(Handle relay, @Nullable String plan, @Nullable TenantId after, int limit) {
        return relay.createQuery("""
                        select distinct tenant_id from entitlement_version
                         where (cast(:plan as text) is null or subscription ->> 'plan' = cast(:plan as text))
                           and (cast(:after as uuid) is null or tenant_id > cast(:after as uuid))
                         order by tenant_id limit :limit
                        """)
                .bind("plan", plan)
                .bind("after", after == null ? null : after.value())
                .bind("limit", limit)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    private Terms terms(ResultSet row) throws SQLException {
        return version(row).terms();
    }

    private TermsVersion version(ResultSet row) throws SQLException {
        String json = row.getString("subscription");
        long policyVersion = row.getLong("policy_version");
        boolean suspended = row.getBoolean("suspended");
        if (json == null) {
            return new TermsVersion(Terms.withoutSubscription(policyVersion, suspended), null);
        }
        SubscriptionChanged subscription = read(json);
        return new TermsVersion(
                subscription.terms(policyVersion, suspended),
                subscription.entitlement() == null
                        ? null
                        : subscription.entitlement().credits());
    }

    /** Tenants on the same plan share it in memory. */
    private SubscriptionChanged read(String json) {
        try {
            SubscriptionChanged subscription = mapper.readValue(json, SubscriptionChanged.class);
            Granted granted = subscription.entitlement();
            return granted == null ? subscription : subscription.on(plans.get(granted, same -> same));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String write(SubscriptionChanged subscription) {
        try {
            return mapper.writeValueAsString(subscription);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
