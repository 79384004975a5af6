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
import dev.parley.policy.engine.Sizing;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.hold.HeldCredits;
import dev.parley.policy.hold.HoldCollision;
import dev.parley.policy.hold.HoldRequest;
import dev.parley.policy.hold.HoldService;
import dev.parley.policy.hold.OperationStep;
import dev.parley.policy.lease.Lease.Served;
import dev.parley.policy.lease.LeaseService;
import dev.parley.policy.rating.Rating;
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
    private final PolicyEngine engine;
    private final Cache<TenantId, Standing> figures;
    private final Map<ReasonCode, Counter> counted = new EnumMap<>(ReasonCode.class);

    DecisionService(
            Database database,
            EntitlementService entitlements,
            CreditService credits,
            HoldService holds,
            LeaseService leases,
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
        this.decisions = decisions;
        this.log = log;
        this.config = config;
        this.clock = clock;
        this.figures = Caffeine.newBuilder()
                .expireAfterWrite(config.figuresAge())
                .maximumSize(100_000)
                .build();
        this.engine = new PolicyEngine(new Sizing(
                config.maxInputTokens(),
                config.systemPromptTokens(),
                config.defaultOutputTokens(),
                config.minOutputTokens()));
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
        if (terms == null) {
            return Optional.empty();
        }
        Verdict admitted = engine.admit(terms, request.ask());
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
            log.append(DecisionEntry.of(tenant, one.hold(), request, terms, admitted, now));
            return DecisionResponse.held(terms, admitted, reservation, one);
        });
    }

    /** Nothing is held, so figures from a while ago will do while they are far from the limit. */
    private Optional<DecisionResponse> freeInMemory(TenantId tenant, DecisionRequest request) {
        Terms terms = entitlements.inMemory(tenant).filter(request::accepts).orElse(null);
        if (terms == null) {
            return Optional.empty();
        }
        Verdict verdict = engine.admit(terms, request.ask());
        Reservation reservation = verdict.reservation();
        if (reservation != null) {
            Standing standing = figures.getIfPresent(tenant);
            boolean plenty = standing != null && standing.remaining() / PLENTY >= reservation.want();
            if (!reservation.claims().isEmpty() || !plenty && reservation.want() > 0) {
                return Optional.empty();
            }
            verdict = engine.fits(terms, reservation, standing == null ? Standing.EMPTY : standing);
        }
        count(verdict.reason());
        UUID id = Ids.next();
        if (config.log().enabled()) {
            log.append(DecisionEntry.of(tenant, id, request, terms, verdict, clock.instant()));
        }
        return Optional.of(DecisionResponse.of(id, terms, verdict));
    }

    /**
     * Decides about an operation by statements. The first try trusts the terms in memory, because the statement that takes the hold
     * refuses terms that are not the latest; a refusal is always decided on the latest, and for want of credits only
     * when no replica has any set aside for nobody.
     */
    DecisionResponse fromDatabase(TenantId tenant, DecisionRequest request) {
        Ask ask = request.ask();
        boolean whole = true;
        Terms known = entitlements.terms(tenant);
        Optional<DecisionResponse> decided =
                request.accepts(known) ? heldBefore(tenant, request, known) : Optional.empty();
        if (decided.isPresent()) {
            return decided.get();
        }
        if (request.accepts(known)) {
            decided = attempt(tenant, handle -> {
                Verdict admitted = engine.admit(known, ask);
                if (!admitted.allow() || !request.holds()) {
                    return onLatest(handle, tenant, request, ask, NONE_TRIED, true);
                }
                Optional<DecisionResponse> held = hold(handle, tenant, request, known, admitted, true);
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
            Verdict admitted = engine.admit(terms, request.ask());
            return admitted.allow()
                    ? Optional.of(DecisionResponse.held(terms, admitted, admitted.reservation(), served))
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
        return new AgentsResponse(request.agents().stream()
                .map(agent -> {
                    Verdict verdict = engine.admit(terms, new Ask(agent, request.channel(), Map.of()));
                    return new AgentsResponse.Item(agent, verdict.allow(), verdict.allow() ? null : verdict.reason());
                })
                .toList());
    }

    /** Says what the decision would be now, and why. */
    ExplainResponse explain(TenantId tenant, ExplainRequest request) {
        Ask ask = request.ask();
        return database.inTenant(tenant, handle -> {
            Terms terms = entitlements.latest(handle, tenant);
            Verdict verdict =
                    engine.decide(terms, ask, credits.account(handle, tenant).standing());
            return ExplainResponse.of(terms, verdict, Rating.rate(terms.rates(), ask.estimate()));
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
            return database.inTenant(tenant, work);
        } catch (HoldCollision placedByAnother) {
            return Optional.empty();
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
        Verdict admitted = engine.admit(terms, ask);
        Reservation reservation = admitted.reservation();
        if (reservation == null) {
            return Optional.of(log(handle, tenant, request, terms, admitted));
        }
        if (request.holds() && terms.policyVersion() != triedVersion) {
            Optional<DecisionResponse> held = hold(handle, tenant, request, terms, admitted, orRecall);
            if (held.isPresent()) {
                return held;
            }
        }
        Account account = credits.account(handle, tenant);
        figures.put(tenant, account.standing());
        Verdict verdict = engine.fits(terms, reservation, account.committed());
        boolean changedMeanwhile =
                account.policyVersion() != terms.policyVersion() || (request.holds() && verdict.allow());
        boolean recallFirst = orRecall && account.recallable() && verdict.reason() == ReasonCode.CREDITS_EXHAUSTED;
        return changedMeanwhile || recallFirst
                ? Optional.empty()
                : Optional.of(log(handle, tenant, request, terms, verdict));
    }

    private Optional<DecisionResponse> hold(
            Handle handle, TenantId tenant, DecisionRequest request, Terms terms, Verdict admitted, boolean whole) {
        Reservation reservation = admitted.reservation();
        HoldRequest wanted = new HoldRequest(
                request.operationId(),
                Ids.next(),
                request.ask(),
                request.userId(),
                request.conversationId(),
                terms.policyVersion(),
                reservation);
        Optional<HeldCredits> held = holds.reserve(handle, tenant, terms, wanted, whole);
        held.ifPresent(placed -> count(ReasonCode.ALLOWED));
        return held.map(placed -> DecisionResponse.held(request.operationId(), terms, admitted, reservation, placed));
    }

    private DecisionResponse log(
            Handle handle, TenantId tenant, DecisionRequest request, Terms terms, Verdict verdict) {
        UUID id = Ids.next();
        if (request.holds() || config.log().enabled()) {
            decisions.log(handle, tenant, id, request, terms, verdict);
        }
        count(verdict.reason());
        return DecisionResponse.of(id, terms, verdict);
    }

    private void count(ReasonCode reason) {
        counted.get(reason).increment();
    }
}
