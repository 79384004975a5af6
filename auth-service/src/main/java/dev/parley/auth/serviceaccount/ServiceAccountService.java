package dev.parley.auth.serviceaccount;

import dev.parley.auth.apikey.ApiKeyService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Makes, shows and disables the service accounts of a tenant. */
@ApplicationScoped
public class ServiceAccountService {
    private static final String RESOURCE = "service-account";

    private final Database database;
    private final ServiceAccountRepository accounts;
    private final ApiKeyService keys;
    private final Audit audit;

    ServiceAccountService(Database database, ServiceAccountRepository accounts, ApiKeyService keys, Audit audit) {
        this.database = database;
        this.accounts = accounts;
        this.keys = keys;
        this.audit = audit;
    }

    /** Makes one; keys are made for it afterwards. */
    public ServiceAccountResponse create(Caller caller, CreateServiceAccountRequest request) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            ServiceAccountResponse account = accounts.insert(handle, Ids.next(), request, caller.actor());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "service-account.create",
                            RESOURCE,
                            account.id().toString(),
                            null,
                            Map.of("name", account.name()),
                            null));
            return account;
        });
    }

    /** The names of accounts by id, disabled ones too, within a transaction of their tenant. */
    public Map<UUID, String> names(Handle handle, Set<UUID> ids) {
        return ids.isEmpty() ? Map.of() : accounts.names(handle, ids);
    }

    /** Those of the caller's tenant that are not disabled. */
    public Page<ServiceAccountResponse> list(Caller caller, @Nullable UUID after, int limit) {
        return database.inTenant(
                caller.tenant(),
                handle -> Page.of(accounts.list(handle, after, limit + 1), limit, account -> account.id()
                        .toString()));
    }

    /** Disables one for good, and all its keys with it. */
    public void disable(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            ServiceAccountResponse account =
                    accounts.lock(handle, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            accounts.disable(handle, id);
            keys.revokeAllOf(handle, caller, id);
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "service-account.disable",
                            RESOURCE,
                            id.toString(),
                            Map.of("name", account.name()),
                            null,
                            null));
        });
    }
}
