package dev.parley.auth.apikey;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes, shows and revokes the keys of a tenant, and finds the key of a secret. */
@ApplicationScoped
public class ApiKeyService {
    private static final String RESOURCE = "api-key";

    private final Database database;
    private final ApiKeyRepository keys;
    private final Outbox outbox;
    private final Audit audit;

    ApiKeyService(Database database, ApiKeyRepository keys, Outbox outbox, Audit audit) {
        this.database = database;
        this.keys = keys;
        this.outbox = outbox;
        this.audit = audit;
    }

    /** Makes a key; the answer is the only place that ever shows its secret. */
    public CreatedApiKeyResponse create(Caller caller, CreateApiKeyRequest request) {
        TenantId tenant = caller.tenant();
        UUID id = Ids.next();
        ApiKeyText text = ApiKeyText.create();
        database.useTenant(tenant, handle -> {
            keys.insert(handle, id, request, text.prefix(), text.secret().sha256(), caller.actor());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "api-key.create",
                            RESOURCE,
                            id.toString(),
                            null,
                            Map.of("name", request.name(), "scopes", new TreeSet<>(request.scopes())),
                            null));
        });
        return new CreatedApiKeyResponse(
                id,
                request.name(),
                text.prefix(),
                text.secret().value(),
                new TreeSet<>(request.scopes()),
                request.expiresAt());
    }

    /** The keys of the caller's tenant that were not revoked. */
    public Page<ApiKeyResponse> list(Caller caller, @Nullable UUID after, int limit) {
        return database.inTenant(
                caller.tenant(),
                handle -> Page.of(keys.list(handle, after, limit + 1), limit, key -> key.id()
                        .toString()));
    }

    /** Revokes a key for good; a key that was revoked before stays so. */
    public void revoke(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            ApiKeyRepository.NamedKey key =
                    keys.lock(handle, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            if (key.living()) {
                keys.revoke(handle, id);
                outbox.append(handle, tenant, new ApiKeyRevoked(tenant, id));
                audit.record(
                        handle,
                        caller,
                        tenant,
                        new AuditEntry(
                                "api-key.revoke", RESOURCE, id.toString(), Map.of("name", key.name()), null, null));
            }
        });
    }

    /** The living key of a secret; a text with a wrong form or checksum is refused without a query. */
    public Optional<ProvenKey> prove(String secret) {
        return ApiKeyText.parse(secret)
                .flatMap(text -> database.acrossTenants(
                        handle -> keys.byHash(handle, text.secret().sha256())));
    }

    /** Notes that a key was used. */
    public void used(ProvenKey key) {
        database.useTenant(key.tenant(), handle -> keys.touch(handle, key.id()));
    }
}
