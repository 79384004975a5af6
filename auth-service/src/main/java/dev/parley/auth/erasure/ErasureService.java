package dev.parley.auth.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Begins erasures, asks all services until each has answered, and then signs the certificate. Everything about an
 * erasure is a row of the platform, because the tenant's rows end.
 */
@ApplicationScoped
public class ErasureService {
    private static final String DONE = "done";

    private final Database database;
    private final ErasureRepository erasures;
    private final CertificateKeys keys;
    private final TenantService tenants;
    private final Outbox outbox;
    private final Audit audit;
    private final ErasureConfig config;
    private final ObjectMapper mapper;
    private final Clock clock;

    ErasureService(
            Database database,
            ErasureRepository erasures,
            CertificateKeys keys,
            TenantService tenants,
            Outbox outbox,
            Audit audit,
            ErasureConfig config,
            ObjectMapper mapper,
            Clock clock) {
        this.database = database;
        this.erasures = erasures;
        this.keys = keys;
        this.tenants = tenants;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** Erases the caller's tenant: nobody gets in any more, and there is no way back. */
    public ErasureResponse request(Caller owner, String confirmation) {
        TenantId tenant = owner.tenant();
        database.useTenant(tenant, handle -> tenants.beginErasure(handle, owner, tenant, confirmation));
        SecretText token = SecretText.random();
        Erasure begun = begin(tenant, token, owner);
        return new ErasureResponse(
                begun.id(),
                begun.status(),
                config.publicUrl() + "/api/v1/erasure-certificates/" + begun.id() + "?token=" + token.value());
    }

    /** The erasure and, at its end, the certificate; a 404 problem for a wrong token. */
    public CertificateResponse certificate(UUID id, @Nullable String token) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            Erasure erasure = erasures.find(handle, id)
                    .filter(found -> token != null
                            && found.tokenSha256() != null
                            && new SecretText(token).matches(found.tokenSha256()))
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            return new CertificateResponse(
                    erasure.id(),
                    erasure.status(),
                    erasure.requestedAt(),
                    erasure.completedAt(),
                    waitingFor(erasure),
                    erasure.certificate(),
                    keys.published(handle));
        });
    }

    /** Keeps what identifies the last state of the audit trail that is about to be deleted. */
    public void noteAuditHead(TenantId tenant, String head) {
        database.useTenant(TenantId.PLATFORM, handle -> erasures.noteAuditHead(handle, tenant, head));
    }

    /** Leaves of the tenant's own row only that it was. */
    public void endTenant(TenantId tenant) {
        if (database.acrossTenants(erasures::erasing).contains(tenant)) {
            database.useTenant(tenant, handle -> tenants.endErasure(handle, tenant));
        }
    }

    /** Notes a service's answer, in a transaction of the platform; the last one completes the erasure. */
    void answered(Handle handle, UUID id, String service, JsonNode answer) {
        erasures.note(handle, id, service, answer);
        erasures.find(handle, id)
                .filter(erasure ->
                        !erasure.status().equals(DONE) && waitingFor(erasure).isEmpty())
                .ifPresent(erasure -> complete(handle, erasure));
    }

    /** Goes on after a crash: begins what was confirmed and asks again who is silent. */
    @Scheduled(every = "30s", delayed = "20s", identity = "erasure-sweep")
    void sweep() {
        database.acrossTenants(erasures::erasing).forEach(tenant -> begin(tenant, null, null));
        database.useTenant(TenantId.PLATFORM, handle -> erasures.silent(
                        handle, clock.instant().minus(config.repeat()))
                .forEach(silent ->
                        outbox.append(handle, TenantId.PLATFORM, new ErasureRequested(silent.tenant(), silent.id()))));
    }

    private Erasure begin(TenantId tenant, @Nullable SecretText token, @Nullable Caller owner) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            UUID id = Ids.next();
            if (erasures.begin(handle, id, tenant, token == null ? null : token.sha256())) {
                outbox.append(handle, TenantId.PLATFORM, new ErasureRequested(tenant, id));
                if (owner != null) {
                    audit.record(
                            handle,
                            owner,
                            TenantId.PLATFORM,
                            new AuditEntry("tenant.erase", "tenant", tenant.toString(), null, null, null));
                }
            }
            return erasures.of(handle, tenant).orElseThrow();
        });
    }

    private void complete(Handle handle, Erasure erasure) {
        erasures.complete(handle, erasure.id(), keys.sign(handle, claims(erasure)));
        outbox.append(handle, TenantId.PLATFORM, new TenantErased(erasure.tenant(), erasure.id()));
    }

    private ObjectNode claims(Erasure erasure) {
        ObjectNode claims = mapper.createObjectNode()
                .put("iss", "parley-auth")
                .put("sub", erasure.tenant().toString())
                .put("jti", erasure.id().toString())
                .put("iat", clock.instant().getEpochSecond())
                .put("requested_at", erasure.requestedAt().toString())
                .put("completed_at", clock.instant().toString())
                .put("keys", "the event key and the data key of the tenant are destroyed in every service");
        claims.set("audit_head", erasure.auditHead());
        ObjectNode services = claims.putObject("services");
        erasure.answers().forEach(services::set);
        return claims;
    }

    private List<String> waitingFor(Erasure erasure) {
        return config.services().stream()
                .filter(service -> !erasure.answers().containsKey(service))
                .toList();
    }
}
