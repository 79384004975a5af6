package dev.parley.policy.entitlement;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.engine.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Knows what each tenant may do. */
@ApplicationScoped
public class EntitlementService {
    private final Database database;
    private final EntitlementRepository entitlements;
    private final CreditService credits;
    private final Cache<TenantId, Terms> compiled;

    EntitlementService(
            Database database, EntitlementRepository entitlements, CreditService credits, EntitlementConfig config) {
        this.database = database;
        this.entitlements = entitlements;
        this.credits = credits;
        this.compiled = Caffeine.newBuilder()
                .expireAfterWrite(config.maxStaleness())
                .maximumSize(config.cachedTenants())
                .build();
    }

    /** The tenant's terms, at most two seconds old by default; those of an unknown tenant allow nothing. */
    public Terms terms(TenantId tenant) {
        Terms known = compiled.getIfPresent(tenant);
        return known != null ? known : database.inTenant(tenant, handle -> latest(handle, tenant));
    }

    /** The tenant's terms as this transaction sees them. */
    public Terms latest(Handle handle, TenantId tenant) {
        Terms terms = entitlements.find(handle, tenant).orElseGet(() -> Terms.withoutSubscription(0, false));
        compiled.put(tenant, terms);
        return terms;
    }

    /** What is known of the tenant's subscription now, if anything is. */
    Optional<EntitlementResponse> find(TenantId tenant) {
        return database.inTenant(tenant, handle -> {
            Terms terms = latest(handle, tenant);
            return terms.version() == 0
                    ? Optional.empty()
                    : Optional.of(new EntitlementResponse(
                            terms.plan(),
                            terms.planVersion(),
                            terms.status().name().toLowerCase(Locale.ROOT),
                            terms.version(),
                            credits.account(handle, tenant).standing().remaining()));
        });
    }

    /** Applies a change of the subscription, unless a newer one was applied before. */
    public void apply(Handle handle, TenantId tenant, SubscriptionChanged change) {
        Terms checked = change.terms(0, false);
        if (entitlements.replace(handle, tenant, change)) {
            credits.termsChanged(handle, tenant, checked.periodStart(), checked.periodEnd());
            evict(tenant);
        }
    }

    /** Refuses everything to the tenant from now on. */
    public void suspend(Handle handle, TenantId tenant, @Nullable String reason, Instant decidedAt) {
        setSuspended(handle, tenant, true, reason, decidedAt);
    }

    /** Takes a suspension back. */
    public void restore(Handle handle, TenantId tenant, Instant decidedAt) {
        setSuspended(handle, tenant, false, null, decidedAt);
    }

    private void setSuspended(
            Handle handle, TenantId tenant, boolean suspended, @Nullable String reason, Instant decidedAt) {
        if (entitlements.setSuspended(handle, tenant, suspended, reason, decidedAt)) {
            credits.termsChanged(handle, tenant);
            evict(tenant);
        }
    }

    /** Forgets what is in memory of a tenant. */
    public void evict(TenantId tenant) {
        compiled.invalidate(tenant);
    }
}
