package dev.parley.policy.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Work;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.credit.Account;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.engine.ReasonCode;
import dev.parley.policy.engine.Reservation;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.hold.HeldCredits;
import dev.parley.policy.hold.HoldCollision;
import dev.parley.policy.hold.HoldRequest;
import dev.parley.policy.hold.HoldService;
import dev.parley.policy.hold.OperationStep;
import dev.parley.policy.lease.Lease;
import dev.parley.policy.lease.Lease.Served;
import dev.parley.policy.lease.LeaseService;
import dev.parley.policy.rating.Rating;
import dev.parley.policy.rules.ActiveRules;
import dev.parley.policy.rules.RulesService;
import dev.parley.policy.turn.Turns;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Decides, and reserves what an allowed operation may cost. */
@ApplicationScoped
public class DecisionService {
    private static final int TRIES = 5;
    private static final long NONE_TRIED = -1;
    private static final int PLENTY = 16;

    private final Database database;
    private final EntitlementService entitlements;
    private final CreditService credits;
    private final HoldService holds;
    private final LeaseService leases;
    private final DecisionRepository decisions;
    private final DecisionLog log;
    private final DecisionConfig config;
    private final Clock clock;
    private final RulesService rules;
    private final Turns turns;
    private final Cache<TenantId, Standing> figures;
    private final Map<ReasonCode, Counter> counted = new EnumMap<>(ReasonCode.class);

    DecisionService(
            Database database,
            EntitlementService entitlements,
            CreditService credits,
            HoldService holds,
            LeaseService leases,
            RulesService rules,
            DecisionRepository decisions,
            DecisionLog log,
            DecisionConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.database = database;
        this.entitlements = entitlements;
        this.credits = credits;
        this.holds = holds;
        this.leases = leases;
        this.rules = rules;
        this.decisions = decisions;
        this.log = log;
        this.config = config;
        this.clock = clock;
        this.turns = new Turns(config.mostAtOnce(), config.turnPatience());
        this.figures = Caffeine.newBuilder()
                .expireAfterWrite(config.figuresAge())
                .maximumSize(100_000)
                .build();
        for (ReasonCode reason : ReasonCode.values()) {
            String outcome = reason == ReasonCode.ALLOWED ? "allow" : "deny";
            counted.put(reason, metrics.counter("policy.decisions", "outcome", outcome, "reason", reason.name()));
        }
    }

    /**
     * Decides about an operation without I/O and without waiting, where that is as good: a lease of the tenant's credits
     * makes it so for holds. Empty when only {@link #fromDatabase} can say.
     */
    Optional<DecisionResponse> fromMemory(TenantId tenant, DecisionRequest request) {
        if (!log.hasRoom()) {
            return Optional.empty();
        }
        return request.holds() ? heldInMemory(tenant, request) : freeInMemory(tenant, request);
    }

    private Optional<DecisionResponse> heldInMemory(TenantId tenant, DecisionRequest request) {
        Terms terms = leases.terms(tenant).filter(request::accepts).orElse(null);
        PolicyEngine engine = engineInMemory();
        if (terms == null || engine == null) {
            return Optional.empty();
        }
        Verdict admitted = engine.admit(terms, request.ask(tenant));
        Reservation reservation = admitted.reservation();
        if (reservation == null || !reservation.claims().isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Served> served = holds.reserveInMemory(
                tenant,
                terms,
                new LeaseService.Wish(
                        request.operationId(),
                        request.agent(),
                        request.channel(),
                        request.userId(),
                        request.conversationId(),
                        reservation.want()));
        return served.map(one -> {
            count(ReasonCode.ALLOWED);
            Decided decided = new Decided(terms, engine.rules().version(), admitted, before(one));
            log.append(DecisionEntry.of(tenant, one.hold(), request, decided, now));
            return DecisionResponse.held(engine, terms, reservation, one);
        });
    }

    private @Nullable PolicyEngine engineInMemory() {
        return rules.inMemory().map(ActiveRules::engine).orElse(null);
    }

    /** Where the balance stood before a hold that a lease served. */
    private static Standing before(Served served) {
        Lease.Figures figures = served.figures();
        return new Standing(
                figures.granted(),
                figures.available(),
                figures.held() - served.hold().credits(),
                Map.of());
    }

    /** Nothing is held, so figures from a while ago will do while they are far from the limit. */
    private Optional<DecisionResponse> freeInMemory(TenantId tenant, DecisionRequest request) {
        Terms terms = entitlements.inMemory(tenant).filter(request::accepts).orElse(null);
        PolicyEngine engine = engineInMemory();
        if (terms == null || engine == null) {
            return Optional.empty();
        }
        Verdict verdict = engine.admit(terms, request.ask(tenant));
        Reservation reservation = verdict.reservation();
        Standing standing = figures.getIfPresent(tenant);
        if (reservation != null) {
            boolean plenty = standing != null && standing.remaining() / PLENTY >= reservation.want();
            boolean limitsUnknown = standing == null && !reservation.stocks().isEmpty();
            if (!reservation.claims().isEmpty() || limitsUnknown || !plenty && reservation.want() > 0) {
                return Optional.empty();
            }
            verdict = standing == null ? verdict : engine.fits(terms, reservation, standing);
        }
        count(verdict.reason());
        UUID id = Ids.next();
        Decided decided = new Decided(terms, engine.rules().version(), verdict, standing);
        if (config.log().enabled()) {
            log.append(DecisionEntry.of(tenant, id, request, decided, clock.instant()));
        }
        return Optional.of(DecisionResponse.of(id, decided));
    }

    /**
     * Decides about an operation by statements. The first try trusts the terms in memory, because the statement that takes the hold
     * refuses terms that are not the latest; a refusal is always decided on the latest, and for want of credits only
     * when no replica has any set aside for nobody.
     */
    DecisionResponse fromDatabase(TenantId tenant, DecisionRequest request) {
        Ask ask = request.ask(tenant);
        boolean whole = true;
        Terms known = entitlements.terms(tenant);
        Optional<DecisionResponse> decided =
                request.accepts(known) ? heldBefore(tenant, request, known) : Optional.empty();
        if (decided.isPresent()) {
            return decided.get();
        }
        if (request.accepts(known)) {
            decided = attempt(tenant, handle -> {
                PolicyEngine engine = rules.active(handle).engine();
                Verdict admitted = engine.admit(known, ask);
                if (!admitted.allow() || !request.holds()) {
                    return onLatest(handle, tenant, request, ask, NONE_TRIED, true);
                }
                Optional<DecisionResponse> held =
                        hold(handle, tenant, request, engine, known, admitted.reservation(), true);
                return held.isPresent() ? held : onLatest(handle, tenant, request, ask, known.policyVersion(), true);
            });
        }
        for (int i = 0; i < TRIES && decided.isEmpty(); i++) {
            if (whole) {
                // What made the first try fail may be credits that a replica has set aside.
                recallIfLeased(tenant);
                whole = false;
            }
            decided = attempt(tenant, handle -> onLatest(handle, tenant, request, ask, NONE_TRIED, false));
        }
        DecisionResponse response = decided.orElseThrow(() -> new Problem(CommonProblem.UNAVAILABLE)
                .detail("The balance changes too fast to decide; nothing was held. Try again.")
                .header("Retry-After", "1"));
        if (response.hold() != null) {
            entitlements
                    .inMemory(tenant)
                    .ifPresent(terms -> leases.heldByStatement(
                            tenant, terms, response.hold().credits()));
        }
        return response;
    }

    /** The hold that the operation has in memory, although none is served from there now. */
    private Optional<DecisionResponse> heldBefore(TenantId tenant, DecisionRequest request, Terms terms) {
        Optional<Served> before = request.holds() ? holds.inMemory(tenant, request.operationId()) : Optional.empty();
        return before.flatMap(served -> {
            PolicyEngine engine = rules.active().engine();
            Verdict admitted = engine.admit(terms, request.ask(tenant));
            return admitted.allow()
                    ? Optional.of(DecisionResponse.held(engine, terms, admitted.reservation(), served))
                    : Optional.empty();
        });
    }

    private void recallIfLeased(TenantId tenant) {
        boolean recallable = database.inTenant(
                tenant, handle -> credits.account(handle, tenant).recallable());
        if (recallable) {
            leases.recall(tenant);
        }
    }

    /** Says for each agent whether the tenant may use it on that channel; nothing is logged. */
    AgentsResponse agents(TenantId tenant, AgentsRequest request) {
        Terms terms = entitlements.terms(tenant);
        PolicyEngine engine = rules.active().engine();
        return new AgentsResponse(request.agents().stream()
                .map(agent -> {
                    Verdict verdict =
                            engine.admit(terms, new Ask(tenant.value(), agent, request.channel(), null, Map.of()));
                    return new AgentsResponse.Item(agent, verdict.allow(), verdict.allow() ? null : verdict.reason());
                })
                .toList());
    }

    /** Says what the decision would be now, and why. */
    ExplainResponse explain(TenantId tenant, ExplainRequest request) {
        Ask ask = request.ask(tenant);
        return database.inTenant(tenant, handle -> {
            PolicyEngine engine = rules.active(handle).engine();
            Terms terms = entitlements.latest(handle, tenant);
            Verdict verdict =
                    engine.decide(terms, ask, credits.account(handle, tenant).standing());
            return ExplainResponse.of(
                    terms, engine.rules().version(), verdict, Rating.rate(terms.ratesOf(ask.agent()), ask.estimate()));
        });
    }

    /** Everything that this service did for an operation, in order of time. */
    OperationResponse operation(TenantId tenant, UUID operation) {
        return database.inTenant(tenant, handle -> {
            List<OperationStep> steps = new ArrayList<>(decisions.steps(handle, tenant, operation));
            steps.addAll(holds.steps(handle, tenant, operation));
            steps.sort((a, b) -> a.at().compareTo(b.at()));
            return new OperationResponse(steps);
        });
    }

    private Optional<DecisionResponse> attempt(TenantId tenant, Work<Optional<DecisionResponse>> work) {
        try {
            return turns.take(tenant, () -> database.inTenant(tenant, work));
        } catch (HoldCollision | OtherRules meanwhile) {
            return Optional.empty();
        }
    }

    /** Other rules came into force while a hold waited for the balance: it is not taken. */
    private static final class OtherRules extends RuntimeException {
        OtherRules() {
            super("other rules are in force", null, false, false);
        }
    }

    /**
     * Decides on what the database says now; empty when that changed while it was decided, or when replicas have credits
     * set aside that nobody holds and {@code orRecall} says that they shall be asked first.
     */
    private Optional<DecisionResponse> onLatest(
            Handle handle, TenantId tenant, DecisionRequest request, Ask ask, long triedVersion, boolean orRecall) {
        Terms terms = entitlements.latest(handle, tenant);
        if (!request.accepts(terms)) {
            throw new Problem(DecisionProblem.POLICY_VERSION_NOT_REACHED)
                    .detail("The terms of this tenant are at version " + terms.policyVersion() + ".")
                    .header("Retry-After", "1");
        }
        PolicyEngine engine = rules.active(handle).engine();
        int rulesVersion = engine.rules().version();
        Verdict admitted = engine.admit(terms, ask);
        Reservation reservation = admitted.reservation();
        if (reservation == null) {
            Standing standing = credits.account(handle, tenant).committed();
            return Optional.of(log(handle, tenant, request, new Decided(terms, rulesVersion, admitted, standing)));
        }
        if (request.holds() && terms.policyVersion() != triedVersion) {
            Optional<DecisionResponse> held = hold(handle, tenant, request, engine, terms, reservation, orRecall);
            if (held.isPresent()) {
                return held;
            }
        }
        Account account = credits.account(handle, tenant);
        figures.put(tenant, account.standing());
        Standing standing = account.committed();
        Verdict verdict = engine.fits(terms, reservation, standing);
        boolean changedMeanwhile =
                account.policyVersion() != terms.policyVersion() || (request.holds() && verdict.allow());
        boolean recallFirst = orRecall && account.recallable() && verdict.reason() == ReasonCode.CREDITS_EXHAUSTED;
        return changedMeanwhile || recallFirst
                ? Optional.empty()
                : Optional.of(log(handle, tenant, request, new Decided(terms, rulesVersion, verdict, standing)));
    }

    private Optional<DecisionResponse> hold(
            Handle handle,
            TenantId tenant,
            DecisionRequest request,
            PolicyEngine engine,
            Terms terms,
            Reservation reservation,
            boolean whole) {
        HoldRequest wanted = new HoldRequest(
                request.operationId(),
                Ids.next(),
                request.ask(tenant),
                request.userId(),
                request.conversationId(),
                terms.policyVersion(),
                engine.rules().version(),
                reservation);
        Optional<HeldCredits> held = holds.reserve(handle, tenant, terms, wanted, whole);
        if (held.isPresent()
                && rules.active(handle).engine().rules().version()
                        != engine.rules().version()) {
            throw new OtherRules();
        }
        held.ifPresent(placed -> count(ReasonCode.ALLOWED));
        return held.map(placed -> DecisionResponse.held(engine, terms, reservation, request.operationId(), placed));
    }

    private DecisionResponse log(Handle handle, TenantId tenant, DecisionRequest request, Decided decided) {
        UUID id = Ids.next();
        if (request.holds() || config.log().enabled()) {
            decisions.log(handle, tenant, id, request, decided);
        }
        count(decided.verdict().reason());
        return DecisionResponse.of(id, decided);
    }

    private void count(ReasonCode reason) {
        counted.get(reason).increment();
    }
}
