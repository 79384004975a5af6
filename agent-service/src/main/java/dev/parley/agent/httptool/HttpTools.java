package dev.parley.agent.httptool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.agent.tool.CheckedTool;
import dev.parley.agent.tool.TenantTools;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/** Makes functions of what tenants stored, from memory where it can: a run asks for them several times. */
@ApplicationScoped
public class HttpTools implements TenantTools {
    @Produces
    static final SealedColumn SECRET = SealedColumn.of("http_tool", "secret");

    private static final Logger LOG = Logger.getLogger(HttpTools.class);
    private static final int TENANTS_KEPT = 20_000;

    private final Database database;
    private final HttpToolRepository tools;
    private final SecretVault vault;
    private final HttpToolClient client;
    private final Cache<TenantId, Map<String, CheckedTool>> known;
    private final AtomicLong evictions = new AtomicLong();

    HttpTools(
            Database database,
            HttpToolRepository tools,
            SecretVault vault,
            HttpToolClient client,
            HttpToolConfig config) {
        this.database = database;
        this.tools = tools;
        this.vault = vault;
        this.client = client;
        this.known = Caffeine.newBuilder()
                .maximumSize(TENANTS_KEPT)
                .expireAfterWrite(config.staleness())
                .build();
    }

    @Override
    public Map<String, CheckedTool> of(TenantId tenant) {
        if (tenant.equals(TenantId.PLATFORM)) {
            return Map.of();
        }
        Map<String, CheckedTool> here = known.getIfPresent(tenant);
        if (here != null) {
            return here;
        }
        // not inside the cache: it would keep tenants waiting that have nothing to do with this one
        long before = evictions.get();
        Map<String, CheckedTool> loaded = database.inTenant(tenant, handle -> read(handle, tenant));
        known.put(tenant, loaded);
        if (evictions.get() != before) {
            known.invalidate(tenant);
        }
        return loaded;
    }

    /** Forgets a tenant's functions, so that its next run reads them. Call it after the commit. */
    public void evict(TenantId tenant) {
        evictions.incrementAndGet();
        known.invalidate(tenant);
    }

    private Map<String, CheckedTool> read(Handle handle, TenantId tenant) {
        Map<String, CheckedTool> read = new HashMap<>();
        for (HttpToolRepository.Row row : tools.list(handle, tenant)) {
            String secret = row.secret() == null
                    ? null
                    : new String(vault.decrypt(handle, tenant, SECRET, row.id(), row.secret()), StandardCharsets.UTF_8);
            try {
                read.put(row.name(), CheckedTool.of(new HttpTool(row, secret, client)));
            } catch (IllegalArgumentException unusable) {
                LOG.warnf("the function %s of tenant %s has a schema that is of no use any more", row.id(), tenant);
            }
        }
        return Map.copyOf(read);
    }
}
