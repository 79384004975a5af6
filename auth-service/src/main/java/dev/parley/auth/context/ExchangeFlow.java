package dev.parley.auth.context;

import dev.parley.auth.apikey.ApiKeyService;
import dev.parley.auth.apikey.ProvenKey;
import dev.parley.auth.identity.AccessTokens;
import dev.parley.auth.identity.ProvenPerson;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.member.Membership;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.member.Role;
import dev.parley.auth.session.ArrivalFlow;
import dev.parley.auth.session.SessionFlow;
import dev.parley.auth.session.SessionService;
import dev.parley.auth.staff.BreakGlassGrant;
import dev.parley.auth.staff.BreakGlassService;
import dev.parley.auth.tenant.TenantProblem;
import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.StaffAccess;
import dev.parley.platform.security.TenantContextVerifier;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges what a client shows for a tenant context. A refused credential is 401 and says nothing more; a good one
 * for a tenant that is stopped, or that is not the caller's, is 403.
 */
@ApplicationScoped
public class ExchangeFlow {
    private static final Logger LOG = Logger.getLogger(ExchangeFlow.class);
    private static final String GATEWAY = "gateway";
    private static final String API_KEY = "api-key";
    private static final String RESTORER = "restorer";

    private final ServiceSecrets services;
    private final AccessTokens accessTokens;
    private final ArrivalFlow arrivals;
    private final MembershipService members;
    private final ApiKeyService apiKeys;
    private final SessionFlow browserSessions;
    private final SessionService sessions;
    private final BreakGlassService grants;
    private final ContextService contexts;
    private final Clock clock;

    ExchangeFlow(
            ServiceSecrets services,
            AccessTokens accessTokens,
            ArrivalFlow arrivals,
            MembershipService members,
            ApiKeyService apiKeys,
            SessionFlow browserSessions,
            SessionService sessions,
            BreakGlassService grants,
            ContextService contexts,
            Clock clock) {
        this.services = services;
        this.accessTokens = accessTokens;
        this.arrivals = arrivals;
        this.members = members;
        this.apiKeys = apiKeys;
        this.browserSessions = browserSessions;
        this.sessions = sessions;
        this.grants = grants;
        this.contexts = contexts;
        this.clock = clock;
    }

    /** Exchanges a client's credential; only the gateway may ask. */
    public ExchangeResponse exchange(ExchangeRequest request) {
        if (!GATEWAY.equals(request.service()) || !services.prove(request.service(), request.secret())) {
            LOG.error("an exchange was asked for with a wrong service secret: check PARLEY_SERVICE_SECRETS");
            throw unauthenticated();
        }
        return switch (request.kind()) {
            case "bearer" -> person(accessTokens.verify(request.credential()), request.tenantId());
            case "session" -> person(browserSessions.resolve(new SecretText(request.credential())), request.tenantId());
            case API_KEY -> key(apiKeys.prove(request.credential()), request.tenantId());
            default -> throw new Problem(CommonProblem.BAD_REQUEST).detail("kind must be bearer, api-key or session");
        };
    }

    /** Gives a service a context of its own for one tenant, with which it can talk to one service. */
    public ServiceContextResponse service(ServiceContextRequest request) {
        if (!services.prove(request.service(), request.secret())) {
            throw unauthenticated();
        }
        if (!TenantContextVerifier.AUDIENCES.contains(request.audience())) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("audience must be a service of Parley");
        }
        TenantContext context = new TenantContext(
                "service:" + request.service(),
                request.tenantId(),
                "service",
                Set.of(Caller.SERVICE),
                Set.of(),
                null,
                Instant.MAX);
        ContextService.SignedContext signed = contexts.sign(context, Set.of(request.audience()));
        return new ServiceContextResponse(signed.token(), signed.expiresIn());
    }

    private ExchangeResponse person(Optional<ProvenPerson> proven, @Nullable String wanted) {
        ProvenPerson person = proven.orElseThrow(ExchangeFlow::unauthenticated);
        arrivals.arrived(person);
        if (person.sessionId() != null && !sessions.use(person.sessionId())) {
            throw unauthenticated();
        }
        List<Membership> all = members.ofUser(person.id());
        Optional<BreakGlassGrant> grant = breakGlass(person, all, wanted);
        if (grant.isPresent()) {
            return answer(glass(person, grant.get()), credentialOf(person), null);
        }
        Optional<Membership> membership = choose(all, wanted, person.platformAdmin());
        boolean deleted =
                membership.isPresent() && !membership.get().tenantStatus().works();
        Set<String> roles = new TreeSet<>();
        membership.ifPresent(
                one -> roles.addAll(deleted ? Set.of(RESTORER) : one.role().withIncluded()));
        if (person.platformAdmin()) {
            roles.add(Caller.PLATFORM_ADMIN);
        }
        Role scoped = membership.map(Membership::role).orElse(Role.MEMBER);
        String subject = person.id().toString();
        return answer(
                new TenantContext(
                        subject,
                        membership.map(Membership::tenant).orElse(null),
                        person.authProvider(),
                        roles,
                        deleted ? Set.of() : scoped.scopes(),
                        person.sessionId(),
                        person.expiresAt()),
                credentialOf(person),
                null);
    }

    private static String credentialOf(ProvenPerson person) {
        return person.sessionId() == null ? "user:" + person.id() : "session:" + person.sessionId();
    }

    /** The grant of a member of Parley's staff who asks for a tenant that is not its own; its own it enters as a member. */
    private Optional<BreakGlassGrant> breakGlass(ProvenPerson person, List<Membership> own, @Nullable String wanted) {
        if (wanted == null
                || !person.platformAdmin()
                || own.stream().anyMatch(one -> one.tenant().toString().equals(wanted))) {
            return Optional.empty();
        }
        try {
            return grants.living(person.id(), TenantId.of(wanted));
        } catch (IllegalArgumentException noTenant) {
            return Optional.empty();
        }
    }

    /** The context is that of the grant alone: nothing of what the person may do otherwise, and no longer than it. */
    private static TenantContext glass(ProvenPerson person, BreakGlassGrant grant) {
        Instant end = grant.expiresAt();
        return new TenantContext(
                person.id().toString(),
                grant.tenantId(),
                person.authProvider(),
                Set.of(Caller.BREAK_GLASS),
                Set.of("read"),
                person.sessionId(),
                person.expiresAt().isBefore(end) ? person.expiresAt() : end,
                new StaffAccess(grant.id(), grant.reason(), grant.ticket(), end));
    }

    private ExchangeResponse key(Optional<ProvenKey> proven, @Nullable String wanted) {
        ProvenKey key = proven.orElseThrow(ExchangeFlow::unauthenticated);
        if (wanted != null && !wanted.equals(key.tenant().toString())) {
            throw notAMember();
        }
        if (!key.tenantStatus().works()) {
            throw stopped(key.tenantStatus());
        }
        apiKeys.used(key);
        return answer(
                new TenantContext(
                        key.subject(),
                        key.tenant(),
                        API_KEY,
                        Set.of(API_KEY),
                        key.scopes(),
                        null,
                        key.expiresAt() == null ? Instant.MAX : key.expiresAt()),
                API_KEY + ":" + key.id(),
                key.rateLimit());
    }

    /**
     * The wanted membership, or the oldest whose tenant may work; platform staff get along without one. A deleted
     * tenant is chosen for its owners alone, who can do no more with it than to bring it back.
     */
    static Optional<Membership> choose(List<Membership> all, @Nullable String wanted, boolean platformAdmin) {
        if (wanted != null) {
            return Optional.of(all.stream()
                    .filter(one -> one.tenant().toString().equals(wanted))
                    .findFirst()
                    .map(ExchangeFlow::open)
                    .orElseThrow(ExchangeFlow::notAMember));
        }
        Optional<Membership> first =
                all.stream().filter(one -> one.tenantStatus().works()).findFirst();
        if (first.isPresent() || all.isEmpty() || platformAdmin) {
            return first;
        }
        return Optional.of(
                open(all.stream().filter(ExchangeFlow::isRestorable).findFirst().orElse(all.getFirst())));
    }

    private static Membership open(Membership membership) {
        if (membership.tenantStatus().works() || isRestorable(membership)) {
            return membership;
        }
        throw stopped(membership.tenantStatus());
    }

    private static boolean isRestorable(Membership membership) {
        return membership.tenantStatus() == TenantStatus.DELETED && membership.role() == Role.OWNER;
    }

    private ExchangeResponse answer(TenantContext context, String credentialId, @Nullable Integer rateLimit) {
        if (!context.notAfter().isAfter(clock.instant())) {
            throw unauthenticated();
        }
        ContextService.SignedContext signed = contexts.sign(context, TenantContextVerifier.AUDIENCES);
        TenantId tenant = context.tenant();
        return new ExchangeResponse(
                signed.token(), signed.expiresIn(), tenant, context.subject(), credentialId, rateLimit);
    }

    private static Problem unauthenticated() {
        return new Problem(CommonProblem.UNAUTHENTICATED).header("WWW-Authenticate", "Bearer");
    }

    private static Problem stopped(TenantStatus status) {
        return status == TenantStatus.SUSPENDED
                ? new Problem(TenantProblem.TENANT_SUSPENDED).detail("ask Parley's support why")
                : new Problem(TenantProblem.TENANT_DELETED);
    }

    private static Problem notAMember() {
        return new Problem(CommonProblem.FORBIDDEN).detail("X-Tenant-ID names no organisation of yours");
    }
}
