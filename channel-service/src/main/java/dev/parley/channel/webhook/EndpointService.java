package dev.parley.channel.webhook;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps a tenant's endpoints; a secret is shown once, when it is made. */
@ApplicationScoped
public class EndpointService {
    @Produces
    static final SealedColumn SECRET = SealedColumn.of("webhook_endpoint", "secret");

    @Produces
    static final SealedColumn PREVIOUS_SECRET = SealedColumn.of("webhook_endpoint", "previous_secret");

    private static final String RESOURCE = "webhook-endpoint";
    private static final int CONCURRENCY = 8;
    private static final Caller SELF =
            new Caller(null, "service:channel-service", Caller.SERVICE, Set.of(Caller.SERVICE), Set.of());

    private final Database database;
    private final EndpointRepository repository;
    private final SecretVault vault;
    private final Audit audit;
    private final Outbox outbox;
    private final WebhookConfig config;
    private final Clock clock;

    EndpointService(
            Database database,
            EndpointRepository repository,
            SecretVault vault,
            Audit audit,
            Outbox outbox,
            WebhookConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.vault = vault;
        this.audit = audit;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /** The endpoints as that caller may see them, latest first. */
    Page<EndpointResponse> list(Caller caller, @Nullable String cursor, @Nullable Integer limit) {
        TenantId tenant = caller.tenant();
        UUID after = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        List<Endpoint> rows = database.inTenant(tenant, handle -> repository.list(handle, tenant, after, size + 1));
        return Page.of(rows, size, endpoint -> endpoint.id().toString()).map(endpoint -> seen(caller, endpoint));
    }

    /** One endpoint as that caller may see it; 404 when the tenant has none of that id. */
    EndpointResponse get(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> seen(caller, found(repository.find(handle, tenant, id))));
    }

    private static EndpointResponse seen(Caller caller, Endpoint endpoint) {
        EndpointResponse whole = endpoint.response(null);
        return caller.scopes().contains("write") ? whole : whole.withoutPath();
    }

    /** Stores a new endpoint, whose address was checked, and shows its secret. */
    EndpointResponse create(Caller caller, CreateEndpointRequest request) {
        TenantId tenant = caller.tenant();
        List<String> events = known(request.events());
        String secret = Secrets.fresh();
        return database.inTenant(tenant, handle -> {
            if (repository.count(handle, tenant) >= config.mostEndpoints()) {
                throw new Problem(WebhookProblem.WEBHOOK_ENDPOINT_LIMIT)
                        .detail("There may be " + config.mostEndpoints()
                                + " endpoints. Delete one that is not needed.");
            }
            UUID id = Ids.next();
            Instant now = clock.instant();
            Endpoint endpoint = new Endpoint(
                    id,
                    request.url(),
                    Objects.requireNonNullElse(request.description(), ""),
                    events,
                    Boolean.TRUE.equals(request.fifo()),
                    Objects.requireNonNullElse(request.concurrency(), CONCURRENCY),
                    Endpoint.ACTIVE,
                    null,
                    null,
                    1,
                    sealed(handle, tenant, id, SECRET, secret),
                    null,
                    null,
                    null,
                    now,
                    now);
            repository.insert(handle, tenant, endpoint, caller.actor());
            record(handle, caller, tenant, "create", id, null, endpoint.response(null));
            return endpoint.response(secret);
        });
    }

    /** Changes an endpoint, whose new address was checked. */
    EndpointResponse change(Caller caller, UUID id, ChangeEndpointRequest request) {
        TenantId tenant = caller.tenant();
        List<String> events = request.events() == null ? null : known(request.events());
        return database.inTenant(tenant, handle -> {
            Endpoint before = found(repository.lock(handle, tenant, id));
            Endpoint changed = changed(before, request, events);
            repository.change(handle, tenant, changed);
            if (!changed.url().equals(before.url()) || changed.fifo() != before.fifo()) {
                repository.forgive(handle, tenant, id);
            }
            if (request.status() != null && !request.status().equals(before.status())) {
                if (request.status().equals(Endpoint.ACTIVE)) {
                    repository.enable(handle, tenant, id);
                } else {
                    repository.disable(handle, tenant, id, "by hand");
                }
            }
            EndpointResponse after = found(repository.find(handle, tenant, id)).response(null);
            record(handle, caller, tenant, "change", id, before.response(null), after);
            return after;
        });
    }

    private static Endpoint changed(Endpoint old, ChangeEndpointRequest to, @Nullable List<String> events) {
        return new Endpoint(
                old.id(),
                Objects.requireNonNullElse(to.url(), old.url()),
                Objects.requireNonNullElse(to.description(), old.description()),
                Objects.requireNonNullElse(events, old.events()),
                Objects.requireNonNullElse(to.fifo(), old.fifo()),
                Objects.requireNonNullElse(to.concurrency(), old.concurrency()),
                old.status(),
                old.disabledReason(),
                old.disabledAt(),
                old.version(),
                old.secret(),
                old.previousSecret(),
                old.previousUntil(),
                old.failingSince(),
                old.createdAt(),
                old.updatedAt());
    }

    /** Deletes an endpoint; nothing more is sent to it. */
    void delete(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            Endpoint endpoint = found(repository.lock(handle, tenant, id));
            repository.delete(handle, tenant, id);
            record(handle, caller, tenant, "delete", id, endpoint.response(null), null);
        });
    }

    /**
     * Makes a new secret and shows it; the one before signs too for a while, unless it is revoked. 409 while a secret from
     * an earlier rotation still signs: its receiver would be left with none that is good.
     */
    EndpointResponse rotate(Caller caller, UUID id, boolean revoke) {
        TenantId tenant = caller.tenant();
        String secret = Secrets.fresh();
        return database.inTenant(tenant, handle -> {
            Endpoint before = found(repository.lock(handle, tenant, id));
            if (before.previousUntil() != null && !revoke) {
                throw new Problem(WebhookProblem.WEBHOOK_SECRET_ROTATING)
                        .detail("The secret before this one signs until " + before.previousUntil()
                                + ". Wait until then, or revoke both with ?previous=revoke.")
                        .with("previous_secret_until", before.previousUntil());
            }
            byte[] previous = revoke
                    ? null
                    : sealed(handle, tenant, id, PREVIOUS_SECRET, opened(handle, tenant, id, SECRET, before.secret()));
            repository.rotate(
                    handle, tenant, id, sealed(handle, tenant, id, SECRET, secret), previous, config.secretOverlap());
            Endpoint after = found(repository.find(handle, tenant, id));
            record(handle, caller, tenant, "rotate-secret", id, before.response(null), after.response(null));
            return after.response(secret);
        });
    }

    /** Sees, within a transaction, that there is such an endpoint and that it is sent something. */
    public void demandActive(Handle handle, TenantId tenant, UUID id) {
        if (!found(repository.lock(handle, tenant, id)).active()) {
            throw new Problem(WebhookProblem.WEBHOOK_ENDPOINT_DISABLED)
                    .detail("The endpoint is sent nothing until it is active again.");
        }
    }

    /** Sees, within a transaction, that the tenant has that endpoint. */
    public void demand(Handle handle, TenantId tenant, UUID id) {
        found(repository.find(handle, tenant, id));
    }

    /** What a delivery needs; empty when the endpoint is gone. */
    public Optional<Target> target(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> repository
                .find(handle, tenant, id)
                .map(endpoint -> new Target(
                        endpoint.version(),
                        endpoint.url(),
                        endpoint.fifo(),
                        endpoint.concurrency(),
                        Secrets.signer(opened(handle, tenant, id, SECRET, endpoint.secret())),
                        endpoint.previousSecret() == null || endpoint.previousUntil() == null
                                ? null
                                : Secrets.signer(
                                        opened(handle, tenant, id, PREVIOUS_SECRET, endpoint.previousSecret())),
                        endpoint.previousUntil())));
    }

    /** Disables an endpoint that takes nothing, and tells its owners, once. */
    public void giveUp(TenantId tenant, UUID id, String reason) {
        database.useTenant(tenant, handle -> {
            Optional<Endpoint> before = repository.lock(handle, tenant, id);
            if (before.isEmpty() || !repository.disable(handle, tenant, id, reason)) {
                return;
            }
            EndpointResponse after = found(repository.find(handle, tenant, id)).response(null);
            record(handle, SELF, tenant, "disable", id, before.get().response(null), after);
            outbox.append(handle, tenant, EndpointDisabled.of(after, reason, clock.instant()));
        });
    }

    private static List<String> known(List<String> events) {
        List<String> unknown = EventCatalogue.unknown(events);
        if (!unknown.isEmpty()) {
            throw new Problem(WebhookProblem.WEBHOOK_EVENT_UNKNOWN)
                    .detail("There are " + String.join(", ", EventCatalogue.types()) + ", and * for all.")
                    .with("unknown", unknown);
        }
        return List.copyOf(new LinkedHashSet<>(events));
    }

    private static Endpoint found(Optional<Endpoint> endpoint) {
        return endpoint.orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private byte[] sealed(Handle handle, TenantId tenant, UUID id, SealedColumn column, String secret) {
        return vault.encrypt(handle, tenant, column, id, secret.getBytes(StandardCharsets.UTF_8));
    }

    private String opened(Handle handle, TenantId tenant, UUID id, SealedColumn column, byte[] secret) {
        return new String(vault.decrypt(handle, tenant, column, id, secret), StandardCharsets.UTF_8);
    }

    private void record(
            Handle handle,
            Caller caller,
            TenantId tenant,
            String verb,
            UUID id,
            @Nullable EndpointResponse before,
            @Nullable EndpointResponse after) {
        audit.record(
                handle,
                caller,
                tenant,
                new AuditEntry(
                        RESOURCE + "." + verb, RESOURCE, id.toString(), withoutPath(before), withoutPath(after), null));
    }

    private static @Nullable EndpointResponse withoutPath(@Nullable EndpointResponse endpoint) {
        return endpoint == null ? null : endpoint.withoutPath();
    }
}
