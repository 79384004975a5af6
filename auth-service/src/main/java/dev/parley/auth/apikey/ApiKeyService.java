package dev.parley.auth.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.auth.stock.Allowance;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Makes, shows, replaces and ends the keys of a tenant, and finds the key of a secret. */
@ApplicationScoped
public class ApiKeyService {
    private static final String RESOURCE = "api-key";
    private static final int SWEEP_AT_ONCE = 200;
    private static final Caller CLOCKWORK =
            new Caller(null, "service:auth-service", Caller.SERVICE, Set.of(Caller.SERVICE), Set.of());

    private final Database database;
    private final ApiKeyRepository keys;
    private final TenantService tenants;
    private final Outbox outbox;
    private final Audit audit;
    private final Clock clock;
    private final Cache<UUID, Boolean> usedLately = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    ApiKeyService(
            Database database, ApiKeyRepository keys, TenantService tenants, Outbox outbox, Audit audit, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.tenants = tenants;
        this.outbox = outbox;
        this.audit = audit;
        this.clock = clock;
    }

    /** How many keys of the caller's tenant work. */
    long living(Caller caller) {
        return database.inTenant(caller.tenant(), handle -> keys.countLiving(handle, null));
    }

    /** How many keys of the caller's tenant work beside that one, which has to. */
    long livingBeside(Caller caller, UUID id) {
        return database.inTenant(caller.tenant(), handle -> {
            demandLiving(handle, id);
            return keys.countLiving(handle, id);
        });
    }

    /** Makes a key; the answer is the only place that ever shows its secret. */
    CreatedApiKeyResponse create(Caller caller, CreateApiKeyRequest request, Allowance allowance) {
        ApiKeyText text = ApiKeyText.create();
        ApiKey key = new ApiKey(
                Ids.next(),
                request.name(),
                text.prefix(),
                new TreeSet<>(request.scopes()),
                request.serviceAccountId(),
                request.rateLimit() == null ? null : request.rateLimit().requestsPerMinute(),
                request.expiresAt(),
                null,
                null,
                clock.instant(),
                caller.actor());
        database.useTenant(caller.tenant(), handle -> {
            tenants.growAlone(handle);
            allowance.demand(keys.countLiving(handle, null));
            insert(handle, caller, key, text, "api-key.create", null);
        });
        return CreatedApiKeyResponse.from(key, text);
    }

    /** The keys of the caller's tenant that were not revoked. */
    public Page<ApiKeyResponse> list(Caller caller, @Nullable UUID after, int limit) {
        return database.inTenant(
                        caller.tenant(),
                        handle -> Page.of(keys.list(handle, after, limit + 1), limit, key -> key.id()
                                .toString()))
                .map(ApiKeyResponse::from);
    }

    /**
     * Makes a key with the rights of another, which ends after the overlap; the new one lives as long from now as the
     * old one did from its making. Until the old one ends there is one more, so this needs the allowance.
     */
    CreatedApiKeyResponse rotate(Caller caller, UUID id, Duration overlap, Allowance allowance) {
        return database.inTenant(caller.tenant(), handle -> {
            tenants.growAlone(handle);
            ApiKey old = demandLiving(handle, id);
            allowance.demand(keys.countLiving(handle, id));
            CreatedApiKeyResponse fresh = replace(handle, caller, old);
            keys.endAt(handle, id, clock.instant().plus(overlap));
            return fresh;
        });
    }

    /** As {@link #rotate}, but the old key ends at once, so that there are as many as before. */
    CreatedApiKeyResponse rotateAtOnce(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            ApiKey old = demandLiving(handle, id);
            CreatedApiKeyResponse fresh = replace(handle, caller, old);
            end(handle, caller, tenant, old, "api-key.revoke");
            return fresh;
        });
    }

    /** Revokes a key for good; a key that was revoked before stays so. */
    public void revoke(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            ApiKey key = found(keys.lock(handle, id));
            if (key.revokedAt() == null) {
                end(handle, caller, tenant, key, "api-key.revoke");
            }
        });
    }

    /** Revokes all keys of a service account, within a transaction of the caller's tenant. */
    public void revokeAllOf(Handle handle, Caller caller, UUID serviceAccountId) {
        keys.lockOf(handle, serviceAccountId)
                .forEach(key -> end(handle, caller, caller.tenant(), key, "api-key.revoke"));
    }

    /** Revokes every key that a person made in the caller's tenant, who is that person. */
    public void revokeMadeBy(Caller maker) {
        TenantId tenant = maker.tenant();
        database.useTenant(tenant, handle -> keys.lockMadeBy(handle, maker.actor())
                .forEach(key -> end(handle, maker, tenant, key, "api-key.revoke")));
    }

    /** The living key of a secret; a text with a wrong form or checksum is refused without a query. */
    public Optional<ProvenKey> prove(String secret) {
        return ApiKeyText.parse(secret)
                .flatMap(text -> database.acrossTenants(
                        handle -> keys.byHash(handle, text.secret().sha256())));
    }

    /** The names of keys by id, revoked ones too, within a transaction of their tenant. */
    public Map<UUID, String> names(Handle handle, Set<UUID> ids) {
        return ids.isEmpty() ? Map.of() : keys.names(handle, ids);
    }

    /** Notes that a key was used, at most once a minute. */
    public void used(ProvenKey key) {
        if (usedLately.asMap().putIfAbsent(key.id(), true) == null) {
            keys.touch(database, key.tenant(), key.id());
        }
    }

    /** Tells everybody of keys whose time is over, so that sockets they opened end with them. */
    @Scheduled(
            every = "10s",
            delayed = "10s",
            identity = "api-key-expiry",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void endThoseRunOut() {
        for (Map.Entry<TenantId, UUID> one : database.acrossTenants(handle -> keys.runOut(handle, SWEEP_AT_ONCE))) {
            Operation.enter(null);
            try {
                database.useTenant(one.getKey(), handle -> keys.lock(handle, one.getValue())
                        .filter(key -> key.revokedAt() == null && !key.lives(clock.instant()))
                        .ifPresent(key -> end(handle, CLOCKWORK, one.getKey(), key, "api-key.expire")));
            } finally {
                Operation.leave();
            }
        }
    }

    private ApiKey demandLiving(Handle handle, UUID id) {
        ApiKey key = found(keys.lock(handle, id));
        if (!key.lives(clock.instant())) {
            throw new Problem(ApiKeyProblem.API_KEY_ENDED).detail("make a new key");
        }
        return key;
    }

    private CreatedApiKeyResponse replace(Handle handle, Caller caller, ApiKey old) {
        ApiKeyText text = ApiKeyText.create();
        Instant now = clock.instant();
        ApiKey fresh = new ApiKey(
                Ids.next(),
                old.name(),
                text.prefix(),
                old.scopes(),
                old.serviceAccountId(),
                old.rateLimit(),
                old.expiresAt() == null ? null : now.plus(Duration.between(old.createdAt(), old.expiresAt())),
                null,
                null,
                now,
                caller.actor());
        insert(handle, caller, fresh, text, "api-key.rotate", old);
        return CreatedApiKeyResponse.from(fresh, text);
    }

    private void insert(
            Handle handle, Caller caller, ApiKey key, ApiKeyText text, String action, @Nullable ApiKey replaced) {
        if (!keys.insert(handle, key, text.secret().sha256())) {
            throw new Problem(CommonProblem.NOT_FOUND).detail("there is no such service account, or it is disabled");
        }
        Map<String, Object> after = new LinkedHashMap<>(view(key));
        if (replaced != null) {
            after.put("replaces", replaced.id());
        }
        record(handle, caller, caller.tenant(), action, key.id(), replaced == null ? null : view(replaced), after);
    }

    private void end(Handle handle, Caller actor, TenantId tenant, ApiKey key, String action) {
        keys.revoke(handle, key.id());
        outbox.append(handle, tenant, new ApiKeyRevoked(tenant, key.id(), key.serviceAccountId()));
        record(handle, actor, tenant, action, key.id(), view(key), null);
    }

    private void record(
            Handle handle,
            Caller actor,
            TenantId tenant,
            String action,
            UUID id,
            @Nullable Object before,
            @Nullable Object after) {
        audit.record(handle, actor, tenant, new AuditEntry(action, RESOURCE, id.toString(), before, after, null));
    }

    /** What the audit trail keeps of a key: never its secret. */
    private static Map<String, Object> view(ApiKey key) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", key.name());
        view.put("scopes", key.scopes());
        if (key.serviceAccountId() != null) {
            view.put("service_account_id", key.serviceAccountId());
        }
        if (key.rateLimit() != null) {
            view.put("requests_per_minute", key.rateLimit());
        }
        if (key.expiresAt() != null) {
            view.put("expires_at", key.expiresAt());
        }
        return view;
    }

    private static ApiKey found(Optional<ApiKey> key) {
        return key.orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }
}
