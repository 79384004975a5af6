package dev.parley.channel.contact;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Knows from where phone numbers are that are written without their country: each tenant's own region, else the
 * platform's. It answers from memory, for every message there is: a change counts here at once, and on other replicas
 * after {@link ContactConfig#regionRefresh()}.
 */
@ApplicationScoped
public class Regions {
    private static final Logger LOG = Logger.getLogger(Regions.class);

    private final Database database;
    private final RegionRepository repository;
    private final Audit audit;
    private final ContactConfig config;
    private final ReentrantLock learning = new ReentrantLock();
    private volatile Map<TenantId, String> set = Map.of();
    private volatile boolean stopping;

    Regions(Database database, RegionRepository repository, Audit audit, ContactConfig config) {
        this.database = database;
        this.repository = repository;
        this.audit = audit;
        this.config = config;
    }

    /** The region that holds for a tenant. */
    public String of(TenantId tenant) {
        return own(tenant).orElseGet(config::defaultRegion);
    }

    /** The region that a tenant set; empty where it set none. */
    Optional<String> own(TenantId tenant) {
        return Optional.ofNullable(set.get(tenant));
    }

    /** What a tenant set, as it is stored. */
    ContactSettingsResponse settings(TenantId tenant) {
        return response(database.inTenant(tenant, handle -> repository.find(handle, tenant))
                .orElse(null));
    }

    /** Sets a tenant's region, or leaves it to the platform's. Numbers that are known stay what they were read as. */
    ContactSettingsResponse change(Caller caller, @Nullable String region) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            String before = repository.lock(handle, tenant).orElse(null);
            if (region == null) {
                repository.remove(handle, tenant);
            } else {
                repository.put(handle, tenant, region, caller.actor());
            }
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "contact-settings.change",
                            "contact-settings",
                            tenant.toString(),
                            response(before),
                            response(region),
                            null));
        });
        learn(tenant, region);
        return response(region);
    }

    void start(@Observes StartupEvent started) {
        look();
        Thread.ofVirtual().name("regions").start(() -> {
            while (!stopping) {
                LockSupport.parkNanos(config.regionRefresh().toNanos());
                look();
            }
        });
    }

    void stop(@Observes ShutdownEvent stopped) {
        stopping = true;
    }

    private void look() {
        learning.lock();
        try {
            set = Map.copyOf(database.acrossTenants(repository::all));
        } catch (RuntimeException failure) {
            if (!stopping) {
                LOG.warnf("the regions of tenants stay what they were: %s", failure.getMessage());
            }
        } finally {
            learning.unlock();
        }
    }

    private void learn(TenantId tenant, @Nullable String region) {
        learning.lock();
        try {
            Map<TenantId, String> known = new HashMap<>(set);
            if (region == null) {
                known.remove(tenant);
            } else {
                known.put(tenant, region);
            }
            set = Map.copyOf(known);
        } finally {
            learning.unlock();
        }
    }

    private ContactSettingsResponse response(@Nullable String region) {
        return new ContactSettingsResponse(region, region == null ? config.defaultRegion() : region);
    }
}
