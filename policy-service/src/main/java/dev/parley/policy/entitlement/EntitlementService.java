package dev.parley.policy.entitlement;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.engine.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Knows what each tenant may do. Terms are kept in memory until the bulletin says that they changed, and are not used
 * while this replica cannot hear it.
 */
@ApplicationScoped
public class EntitlementService {
    private static final int STRIPES = 4096;

    private final Database database;
    private final EntitlementRepository entitlements;
    private final CreditService credits;
    private final Bulletin bulletin;
    private final Cache<TenantId, Terms> compiled;
    private final AtomicIntegerArray changes = new AtomicIntegerArray(STRIPES);

    EntitlementService(
            Database database,
            EntitlementRepository entitlements,
            CreditService credits,
            Bulletin bulletin,
            EntitlementConfig config) {
        this.database = database;
        this.entitlements = entitlements;
        this.credits = credits;
        this.bulletin = bulletin;
        this.compiled =
                Caffeine.newBuilder().maximumSize(config.cachedTenants()).build();
        bulletin.addReader(new Forgetting());
    }

    /** The tenant's terms; those of an unknown tenant allow nothing. */
    public Terms terms(TenantId tenant) {
        return inMemory(tenant).orElseGet(() -> database.inTenant(tenant, handle -> latest(handle, tenant)));
    }

    /** The tenant's terms without asking the database, if they are known to be the latest. */
    public Optional<Terms> inMemory(TenantId tenant) {
        return bulletin.isCurrent() ? Optional.ofNullable(compiled.getIfPresent(tenant)) : Optional.empty();
    }

    /** The tenant's terms as this transaction sees them. */
    public Terms latest(Handle handle, TenantId tenant) {
        int before = changes.get(stripe(tenant));
        Terms terms = entitlements.find(handle, tenant).orElseGet(() -> Terms.withoutSubscription(0, false));
        // What was read is kept only if no change was heard of since: it may have been read before that change.
        compiled.asMap().compute(tenant, (key, known) -> changes.get(stripe(tenant)) == before ? terms : null);
        return terms;
    }

    private static int stripe(TenantId tenant) {
        return Math.floorMod(tenant.hashCode(), STRIPES);
    }

    /** Drops terms from memory when they change, whichever replica changed them. */
    private final class Forgetting implements Bulletin.Reader {
        @Override
        public void termsChanged(TenantId tenant) {
            changes.incrementAndGet(stripe(tenant));
            compiled.invalidate(tenant);
        }

        @Override
        public void missedSome() {
            for (int i = 0; i < STRIPES; i++) {
                changes.incrementAndGet(i);
            }
            compiled.invalidateAll();
        }
    }

    /** The tenant's terms as they were at that version; empty when nobody kept them. */
    public Optional<TermsVersion> version(Handle handle, TenantId tenant, long policyVersion) {
        return entitlements.version(handle, tenant, policyVersion);
    }

    /** The tenant's terms at every version that they had, by that version; for the app and the relay role. */
    public Map<Long, TermsVersion> versions(Handle handle, TenantId tenant) {
        return entitlements.versions(handle, tenant);
    }

    /** The tenants that were ever on that plan, or on any, from behind that one; for the relay role. */
    public List<TenantId> tenantsOn(Handle relay, @Nullable String plan, @Nullable TenantId after, int limit) {
        return entitlements.tenantsOn(relay, plan, after, limit);
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
            entitlements.keepVersion(handle, tenant);
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
            entitlements.keepVersion(handle, tenant);
        }
    }
}
