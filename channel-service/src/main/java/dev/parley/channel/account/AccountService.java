package dev.parley.channel.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.Connection;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
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
    private static final String TABLE = "channel_account";
    private static final String COLUMN = "credentials";
    private static final String PREVIOUS = "previous_credentials";
    private static final int ROUTES = 10_000;
    private static final TypeReference<Map<String, String>> CREDENTIALS = new TypeReference<>() {};

    private final Database database;
    private final AccountRepository repository;
    private final SecretVault vault;
    private final Audit audit;
    private final ObjectMapper json;
    private final AccountConfig config;
    private final Adapters adapters;
    private final Clock clock;
    private final Cache<UUID, Optional<AccountRoute>> routes;

    AccountService(
            Database database,
            AccountRepository repository,
            SecretVault vault,
            Audit audit,
            ObjectMapper json,
            AccountConfig config,
            Adapters adapters,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.vault = vault;
        this.audit = audit;
        this.json = json;
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
                    sealed(handle, tenant, COLUMN, id, connection.credentials()),
                    null,
                    null,
                    SignatureMode.ENFORCE,
                    0,
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
            return new Opened(account, opened(handle, tenant, account));
        });
    }

    /** Changes an account; a connection replaces the credentials. */
    ChannelResponse change(Caller caller, UUID id, ChangeChannelRequest request, @Nullable Connection connection) {
        TenantId tenant = caller.tenant();
        ChannelResponse changed = database.inTenant(tenant, handle -> {
            ChannelAccount before =
                    repository.find(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            ChannelAccount after = changed(handle, tenant, before, request, connection);
            repository.update(handle, tenant, after);
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

    private ChannelAccount changed(
            Handle handle,
            TenantId tenant,
            ChannelAccount before,
            ChangeChannelRequest request,
            @Nullable Connection connection) {
        UUID id = before.id();
        boolean replaced = connection != null;
        SignatureMode mode =
                request.signatureMode() == null ? before.signatureMode() : SignatureMode.read(request.signatureMode());
        return new ChannelAccount(
                id,
                before.type(),
                request.name() == null ? before.name() : request.name(),
                request.agent() == null ? before.agent() : request.agent(),
                request.status() == null ? before.status() : request.status(),
                before.externalId(),
                replaced ? connection.displayName() : before.displayName(),
                replaced ? sealed(handle, tenant, COLUMN, id, connection.credentials()) : before.credentials(),
                replaced
                        ? sealed(handle, tenant, PREVIOUS, id, opened(handle, tenant, before))
                        : before.previousCredentials(),
                replaced ? clock.instant().plus(config.previousCredentials()) : before.previousUntil(),
                mode,
                mode == before.signatureMode() ? before.wouldBeRefused() : 0,
                before.createdAt(),
                clock.instant());
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
                        opened(handle, tenant, account),
                        previous(handle, tenant, account))));
    }

    private Optional<Map<String, String>> previous(Handle handle, TenantId tenant, ChannelAccount account) {
        return account.previousUntil() == null || clock.instant().isAfter(account.previousUntil())
                ? Optional.empty()
                : Optional.of(opened(handle, tenant, PREVIOUS, account.id(), account.previousCredentials()));
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
        return opened(handle, tenant, account);
    }

    /** The public address of an account's webhook. */
    public String webhookUrl(String type, UUID id) {
        return config.publicUrl() + "/webhooks/" + type + "/" + id;
    }

    private ChannelResponse response(ChannelAccount account) {
        return account.response(webhookUrl(account.type(), account.id()));
    }

    private byte[] sealed(Handle handle, TenantId tenant, String column, UUID id, Map<String, String> credentials) {
        try {
            return vault.encrypt(handle, tenant, TABLE, column, id, json.writeValueAsBytes(credentials));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts are always serializable", impossible);
        }
    }

    private Map<String, String> opened(Handle handle, TenantId tenant, ChannelAccount account) {
        return opened(handle, tenant, COLUMN, account.id(), account.credentials());
    }

    private Map<String, String> opened(Handle handle, TenantId tenant, String column, UUID id, byte[] sealed) {
        try {
            return json.readValue(vault.decrypt(handle, tenant, TABLE, column, id, sealed), CREDENTIALS);
        } catch (IOException malformed) {
            throw new IllegalStateException("the credentials of a channel cannot be read", malformed);
        }
    }

    /** An account and its credentials in clear. */
    record Opened(ChannelAccount account, Map<String, String> credentials) {}
}
