package dev.parley.channel.webhooklog;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.webhook.EndpointService;
import dev.parley.channel.webhook.EventCatalogue;
import dev.parley.channel.webhookdelivery.DeliveryConfig;
import dev.parley.channel.webhookdelivery.Dispatcher;
import dev.parley.channel.webhookdelivery.Happening;
import dev.parley.channel.webhookevent.Payloads;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Shows what endpoints were told, and tells it again. */
@ApplicationScoped
public class LogService {
    private static final int CHUNK = 1_000;
    private static final int MOST_AT_ONCE = 10_000;
    private static final int PURGED_AT_A_TIME = 2_000;
    private static final String RESOURCE = "webhook-endpoint";

    private final Database database;
    private final LogRepository repository;
    private final EndpointService endpoints;
    private final Payloads payloads;
    private final Dispatcher dispatcher;
    private final Audit audit;
    private final ObjectMapper json;
    private final DeliveryConfig config;
    private final Clock clock;

    LogService(
            Database database,
            LogRepository repository,
            EndpointService endpoints,
            Payloads payloads,
            Dispatcher dispatcher,
            Audit audit,
            ObjectMapper json,
            DeliveryConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.endpoints = endpoints;
        this.payloads = payloads;
        this.dispatcher = dispatcher;
        this.audit = audit;
        this.json = json;
        this.config = config;
        this.clock = clock;
    }

    /** An endpoint's deliveries, latest first; 404 when the tenant has no such endpoint. */
    Page<DeliveryResponse> list(
            TenantId tenant, UUID endpoint, @Nullable String state, @Nullable String cursor, @Nullable Integer limit) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        List<DeliveryResponse> rows = database.inTenant(tenant, handle -> {
            endpoints.demand(handle, tenant, endpoint);
            return repository.list(handle, tenant, endpoint, state, before, size + 1);
        });
        return Page.of(rows, size, row -> row.id().toString());
    }

    /** One delivery with its payload and attempts. */
    DeliveryResponse get(TenantId tenant, UUID endpoint, UUID event) {
        return database.inTenant(tenant, handle -> {
            endpoints.demand(handle, tenant, endpoint);
            return repository
                    .find(handle, tenant, endpoint, event)
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        });
    }

    /** Sends one delivery again, under the same id. */
    ReplayResponse replay(Caller caller, UUID endpoint, UUID event) {
        TenantId tenant = caller.tenant();
        int replayed = database.inTenant(tenant, handle -> {
            endpoints.demandActive(handle, tenant, endpoint);
            repository.wake(handle, tenant, endpoint);
            if (repository.again(handle, tenant, endpoint, event) == 0) {
                throw new Problem(CommonProblem.NOT_FOUND);
            }
            record(handle, caller, "replay", endpoint, Map.of("delivery", event));
            return 1;
        });
        dispatcher.wake();
        return new ReplayResponse(replayed, null);
    }

    /** Sends what ended in that time again, in its order, a part in each transaction; where to go on when it is much. */
    ReplayResponse replay(Caller caller, UUID endpoint, ReplayRequest request) {
        TenantId tenant = caller.tenant();
        Instant to = Objects.requireNonNullElse(request.to(), clock.instant());
        UUID after = Cursor.decodeId(request.cursor());
        boolean delivered = Boolean.TRUE.equals(request.delivered());
        database.useTenant(tenant, handle -> {
            endpoints.demandActive(handle, tenant, endpoint);
            record(
                    handle,
                    caller,
                    "replay",
                    endpoint,
                    Map.of("from", request.from(), "to", to, "delivered", delivered));
        });
        int replayed = 0;
        while (replayed < MOST_AT_ONCE) {
            UUID since = after;
            List<UUID> chunk = database.inTenant(tenant, handle -> {
                endpoints.demandActive(handle, tenant, endpoint);
                repository.wake(handle, tenant, endpoint);
                List<UUID> again =
                        repository.again(handle, tenant, endpoint, request.from(), to, delivered, since, CHUNK);
                return again;
            });
            dispatcher.wake();
            replayed += chunk.size();
            if (chunk.size() < CHUNK) {
                return new ReplayResponse(replayed, null);
            }
            after = chunk.stream().max(Comparator.comparing(UUID::toString)).orElseThrow();
        }
        return new ReplayResponse(replayed, Cursor.encode(String.valueOf(after)));
    }

    /** Sends a test event to that endpoint alone. */
    TestResponse test(Caller caller, UUID endpoint) {
        TenantId tenant = caller.tenant();
        ObjectNode data = json.createObjectNode().put("endpoint_id", endpoint.toString());
        Happening test = payloads.of(Ids.next(), EventCatalogue.TEST, clock.instant(), data);
        database.useTenant(tenant, handle -> {
            endpoints.demandActive(handle, tenant, endpoint);
            repository.wake(handle, tenant, endpoint);
            repository.insert(handle, tenant, endpoint, test);
            record(handle, caller, "test", endpoint, Map.of("delivery", test.id()));
        });
        dispatcher.wake();
        return new TestResponse(test.id());
    }

    /** Ends what the log need not hold any more, a part of it; returns whether there may be more. */
    public boolean purge() {
        return database.acrossTenants(handle -> {
            int purged = repository.purge(handle, config.retention(), PURGED_AT_A_TIME);
            repository.purgeEndpoints(handle, PURGED_AT_A_TIME);
            return purged == PURGED_AT_A_TIME;
        });
    }

    private void record(Handle handle, Caller caller, String verb, UUID endpoint, Map<String, Object> what) {
        audit.record(
                handle,
                caller,
                caller.tenant(),
                new AuditEntry(RESOURCE + "." + verb, RESOURCE, endpoint.toString(), null, what, null));
    }
}
