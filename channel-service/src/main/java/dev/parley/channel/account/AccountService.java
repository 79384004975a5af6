package dev.parley.channel.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.Connection;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps a tenant's accounts at messengers; their credentials go in encrypted and are never shown. */
@ApplicationScoped
public class AccountService {
    private static final int ROUTES = 10_000;

    private final Database database;
    private final AccountRepository repository;
    private final AccountVault vault;
    private final AccountChange changes;
    private final TroubleRepository troubles;
    private final Audit audit;
    private final AccountConfig config;
    private final Adapters adapters;
    private final Clock clock;
    private final Cache<UUID, Optional<AccountRoute>> routes;

    AccountService(
            Database database,
            AccountRepository repository,
            AccountVault vault,
            AccountChange changes,
            TroubleRepository troubles,
            Audit audit,
            AccountConfig config,
            Adapters adapters,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.vault = vault;
        this.changes = changes;
        this.troubles = troubles;
        this.audit = audit;
        this.config = config;
        this.adapters = adapters;
        this.clock = clock;
        this.routes = Caffeine.newBuilder()
                .maximumSize(ROUTES)
                .expireAfterWrite(config.cacheTime())
                .build();
    }

    /** The accounts, latest first. */
    Page<ChannelResponse> list(TenantId tenant, @Nullable String cursor, @Nullable Integer limit) {
        UUID after = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        List<ChannelAccount> rows =
                database.inTenant(tenant, handle -> repository.list(handle, tenant, after, size + 1));
        return Page.of(rows, size, account -> account.id().toString()).map(this::response);
    }

    /** The ids of all accounts that are connected. */
    List<UUID> connected(TenantId tenant) {
        return database.inTenant(tenant, handle -> repository.list(handle, tenant, null, Integer.MAX_VALUE).stream()
                .map(ChannelAccount::id)
                .toList());
    }

    /** Refuses an account of a messenger that this tenant has connected already. */
    void demandUnconnected(TenantId tenant, String type, Connection connection) {
        if (database.inTenant(
                tenant, handle -> repository.isConnected(handle, tenant, type, connection.externalId()))) {
            throw alreadyConnected(connection);
        }
    }

    private static Problem alreadyConnected(Connection connection) {
        return new Problem(AccountProblem.CHANNEL_ALREADY_CONNECTED)
                .detail(connection.displayName() + " is connected already.");
    }

    /** Stores an account that the vendor accepted; 409 when the tenant has it already. */
    ChannelResponse add(Caller caller, UUID id, ConnectChannelRequest request, Connection connection) {
        TenantId tenant = caller.tenant();
        ChannelResponse added = database.inTenant(tenant, handle -> {
            Instant now = clock.instant();
            ChannelAccount account = new ChannelAccount(
                    id,
                    request.type(),
                    request.name(),
                    request.agent(),
                    "active",
                    connection.externalId(),
                    connection.displayName(),
                    vault.sealed(handle, tenant, id, connection.credentials()),
                    1,
                    null,
                    null,
                    SignatureMode.ENFORCE,
                    null,
                    0,
                    null,
                    now,
                    now);
            if (!repository.insert(handle, tenant, account, caller.actor())) {
                throw alreadyConnected(connection);
            }
            ChannelResponse response = response(account);
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry("channel.connect", "channel", id.toString(), null, response, null));
            return connection.setup().isEmpty()
                    ? response
                    : account.response(response.webhookUrl(), connection.setup());
        });
        routes.invalidate(id);
        return added;
    }

    /** An account with its credentials in clear; 404 when the tenant has none of that id. */
    Opened open(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> {
            ChannelAccount account =
                    repository.find(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            return new Opened(account, vault.opened(handle, tenant, account));
        });
    }

    /**
     * Changes an account; a connection replaces the credentials.
     *
     * @param openedNo the number of the credentials from which the connection was made; 409 when there are others now
     */
    ChannelResponse change(
            Caller caller, UUID id, ChangeChannelRequest request, @Nullable Connection connection, long openedNo) {
        TenantId tenant = caller.tenant();
        ChannelResponse changed = database.inTenant(tenant, handle -> {
            ChannelAccount before =
                    repository.lock(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            if (connection != null && before.credentialsNo() != openedNo) {
                throw new Problem(AccountProblem.CHANNEL_CHANGED)
                        .detail("Somebody changed the credentials at the same time; look at them and try again.");
            }
            ChannelAccount after = changes.apply(handle, tenant, before, request, connection);
            repository.update(handle, tenant, after);
            if (connection != null) {
                troubles.over(handle, tenant, id);
            }
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "channel.change", "channel", id.toString(), response(before), response(after), null));
            return response(after);
        });
        routes.invalidate(id);
        return changed;
    }

    /** Disconnects an account; what it received stays. */
    void remove(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            ChannelAccount account =
                    repository.find(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            repository.delete(handle, tenant, id);
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry("channel.disconnect", "channel", id.toString(), response(account), null, null));
        });
        routes.invalidate(id);
    }

    /** The account that a webhook's address names, whosever it is; empty when there is none. */
    public Optional<AccountRoute> route(UUID id) {
        Optional<AccountRoute> known = routes.getIfPresent(id);
        if (known != null) {
            return known;
        }
        Optional<AccountRoute> read = database.acrossTenants(handle -> repository.tenantOf(handle, id))
                .flatMap(tenant -> route(tenant, id));
        routes.put(id, read);
        return read;
    }

    /** Another account of the same tenant and type, by the vendor's id; empty when it is not connected. */
    public Optional<AccountRoute> sibling(AccountRoute route, String externalId) {
        return database.inTenant(
                        route.tenant(),
                        handle -> repository.withExternalId(handle, route.tenant(), route.type(), externalId))
                .flatMap(this::route);
    }

    private Optional<AccountRoute> route(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> repository
                .find(handle, tenant, id)
                .map(account -> new AccountRoute(
                        tenant,
                        id,
                        account.type(),
                        adapters.ofAccount(account.type()).orElseThrow().type(),
                        account.agent(),
                        account.status().equals("active"),
                        account.signatureMode() == SignatureMode.ENFORCE,
                        account.createdAt(),
                        vault.opened(handle, tenant, account),
                        previous(handle, tenant, account))));
    }

    private Optional<Map<String, String>> previous(Handle handle, TenantId tenant, ChannelAccount account) {
        return account.previousUntil() == null || clock.instant().isAfter(account.previousUntil())
                ? Optional.empty()
                : Optional.of(vault.openedPrevious(handle, tenant, account));
    }

    /** Counts a webhook call that is taken although its signature is wrong. */
    public void countWouldBeRefused(AccountRoute route) {
        database.useTenant(
                route.tenant(), handle -> repository.countWouldBeRefused(handle, route.tenant(), route.accountId()));
    }

    /** An account's credentials in clear, for a send in the same transaction. */
    public Map<String, String> credentials(Handle handle, TenantId tenant, UUID id) {
        ChannelAccount account = repository
                .findEvenDeleted(handle, tenant, id)
                .orElseThrow(() -> new IllegalStateException("a send has an account"));
        return vault.opened(handle, tenant, account);
    }

    /** What an account sends to a customer who wrote too long ago to get an answer itself; empty for nothing. */
    public Optional<OutboundPart.Template> heldTemplate(Handle handle, TenantId tenant, UUID id) {
        return repository
                .findEvenDeleted(handle, tenant, id)
                .map(ChannelAccount::heldTemplate)
                .map(held -> new OutboundPart.Template(held.name(), held.language(), List.of()));
    }

    /** The public address of an account's webhook. */
    public String webhookUrl(String type, UUID id) {
        return config.publicUrl() + "/webhooks/" + type + "/" + id;
    }

    private ChannelResponse response(ChannelAccount account) {
        return account.response(
                adapters.messengerOfAccount(account.type()).isPresent()
                        ? webhookUrl(account.type(), account.id())
                        : null);
    }

    /** An account and its credentials in clear. */
    record Opened(ChannelAccount account, Map<String, String> credentials) {
        @Override
        public String toString() {
            return "Opened[" + account.id() + "]";
        }
    }
}
