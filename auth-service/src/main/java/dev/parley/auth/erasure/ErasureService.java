package dev.parley.auth.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.mail.MailOutbox;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Begins erasures, asks all services until each has answered, and then signs the certificate. Everything about an
 * erasure is a row of the platform, because the tenant's rows end.
 */
@ApplicationScoped
public class ErasureService {
    private static final Logger LOG = Logger.getLogger(ErasureService.class);
    private static final String DONE = "done";
    private static final int BATCH = 100;
    private static final Caller SELF =
            new Caller(null, "service:auth-service", Caller.SERVICE, Set.of(Caller.SERVICE), Set.of());

    private final Database database;
    private final ErasureRepository erasures;
    private final CertificateKeys keys;
    private final TenantService tenants;
    private final MembershipService members;
    private final MailOutbox mails;
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
            MembershipService members,
            MailOutbox mails,
            Outbox outbox,
            Audit audit,
            ErasureConfig config,
            ObjectMapper mapper,
            Clock clock) {
        this.database = database;
        this.erasures = erasures;
        this.keys = keys;
        this.tenants = tenants;
        this.members = members;
        this.mails = mails;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** Erases the caller's tenant: nobody gets in any more, and there is no way back. */
    public ErasureResponse request(Caller owner, String confirmation) {
        TenantId tenant = owner.tenant();
        Farewell farewell = database.inTenant(
                tenant, handle -> farewell(handle, owner, tenants.beginErasure(handle, owner, confirmation)));
        Erasure begun = begin(tenant, farewell);
        return new ErasureResponse(
                begun.id(), begun.status(), link(begun, farewell).toString());
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
    void answered(Handle handle, TenantId tenant, UUID id, String service, JsonNode answer) {
        erasures.note(handle, tenant, id, service, answer);
        erasures.find(handle, id)
                .filter(erasure ->
                        !erasure.status().equals(DONE) && waitingFor(erasure).isEmpty())
                .ifPresent(erasure -> complete(handle, erasure));
    }

    /** Ends what was deleted too long ago, and goes on after a crash: begins what was confirmed, asks who is silent. */
    @Scheduled(every = "30s", delayed = "20s", identity = "erasure-sweep")
    void sweep() {
        tenants.pastRestoration(BATCH).forEach(this::endDeleted);
        database.acrossTenants(erasures::erasing).forEach(tenant -> begin(tenant, null));
        database.useTenant(TenantId.PLATFORM, handle -> erasures.silent(
                        handle, clock.instant().minus(config.repeat()))
                .forEach(silent ->
                        outbox.append(handle, TenantId.PLATFORM, new ErasureRequested(silent.tenant(), silent.id()))));
    }

    private void endDeleted(TenantId tenant) {
        try {
            begin(
                    tenant,
                    database.inTenant(
                            tenant, handle -> farewell(handle, SELF, tenants.beginErasureOfDeleted(handle, SELF))));
        } catch (Problem changed) {
            // Another replica was faster, or does not agree about the time; or this one comes to it again.
            LOG.debugf("tenant %s is not erased now: %s", tenant, changed.getMessage());
        }
    }

    private Farewell farewell(Handle handle, Caller actor, String name) {
        return new Farewell(actor, name, members.ownerAddresses(handle), SecretText.random());
    }

    /**
     * Notes the erasure of a tenant that nobody gets into any more, and asks the services. Whoever stopped it brings
     * the farewell, and the sweep may have been here before: then only that is added.
     */
    Erasure begin(TenantId tenant, @Nullable Farewell farewell) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            UUID id = Ids.next();
            if (erasures.begin(handle, id, tenant)) {
                outbox.append(handle, TenantId.PLATFORM, new ErasureRequested(tenant, id));
            }
            Erasure begun = erasures.of(handle, tenant).orElseThrow();
            if (farewell != null) {
                erasures.openWith(handle, tenant, farewell.token().sha256());
                audit.record(
                        handle,
                        farewell.actor(),
                        TenantId.PLATFORM,
                        new AuditEntry("tenant.erase", "tenant", tenant.toString(), null, null, null));
                farewell.addresses()
                        .forEach(address -> mails.append(
                                handle,
                                TenantId.PLATFORM,
                                FarewellMail.write(address, farewell.name(), link(begun, farewell))));
            }
            return begun;
        });
    }

    private URI link(Erasure erasure, Farewell farewell) {
        return URI.create(config.publicUrl() + "/api/v1/erasure-certificates/" + erasure.id() + "?token="
                + farewell.token().value());
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

    /**
     * What is known of a tenant at the moment that nobody gets into it any more.
     *
     * @param actor who wanted that
     * @param name the tenant's
     * @param addresses those of its owners
     * @param token opens the certificate
     */
    record Farewell(Caller actor, String name, List<String> addresses, SecretText token) {
        @Override
        public String toString() {
            return "Farewell[actor=" + actor.actor() + "]";
        }
    }
}
