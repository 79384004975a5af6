package dev.parley.policy.decision;

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
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.hold.HeldCredits;
import dev.parley.policy.hold.HoldCollision;
import dev.parley.policy.hold.HoldRequest;
import dev.parley.policy.hold.HoldService;
import dev.parley.policy.hold.OperationStep;
import dev.parley.policy.rating.Rating;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
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

    private final Database database;
    private final EntitlementService entitlements;
    private final CreditService credits;
    private final HoldService holds;
    private final DecisionRepository decisions;
    private final PolicyEngine engine;
    private final Map<ReasonCode, Counter> counted = new EnumMap<>(ReasonCode.class);

    DecisionService(
            Database database,
            EntitlementService entitlements,
            CreditService credits,
            HoldService holds,
            DecisionRepository decisions,
            DecisionConfig config,
            MeterRegistry metrics) {
        this.database = database;
        this.entitlements = entitlements;
        this.credits = credits;
        this.holds = holds;
        this.decisions = decisions;
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
     * Decides about an operation. The first try trusts the terms in memory, because the statement that takes the hold
     * refuses terms that are not the latest; a refusal is always decided on the latest.
     */
    DecisionResponse decide(TenantId tenant, DecisionRequest request) {
        Ask ask = request.ask();
        Terms known = entitlements.terms(tenant);
        Optional<DecisionResponse> decided = attempt(tenant, handle -> {
            Verdict admitted = engine.admit(known, ask);
            if (!admitted.allow() || !request.holds()) {
                return onLatest(handle, tenant, request, ask, NONE_TRIED);
            }
            Optional<DecisionResponse> held = hold(handle, tenant, request, known, admitted);
            return held.isPresent() ? held : onLatest(handle, tenant, request, ask, known.policyVersion());
        });
        for (int i = 0; i < TRIES && decided.isEmpty(); i++) {
            decided = attempt(tenant, handle -> onLatest(handle, tenant, request, ask, NONE_TRIED));
        }
        return decided.orElseThrow(() -> new Problem(CommonProblem.UNAVAILABLE)
                .detail("The balance changes too fast to decide; nothing was held. Try again.")
                .header("Retry-After", "1"));
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

    /** Decides on what the database says now; empty when that changed while it was decided. */
    private Optional<DecisionResponse> onLatest(
            Handle handle, TenantId tenant, DecisionRequest request, Ask ask, long triedVersion) {
        Terms terms = entitlements.latest(handle, tenant);
        Verdict admitted = engine.admit(terms, ask);
        Reservation reservation = admitted.reservation();
        if (reservation == null) {
            return Optional.of(log(handle, tenant, request, terms, admitted));
        }
        if (request.holds() && terms.policyVersion() != triedVersion) {
            Optional<DecisionResponse> held = hold(handle, tenant, request, terms, admitted);
            if (held.isPresent()) {
                return held;
            }
        }
        Account account = credits.account(handle, tenant);
        Verdict verdict = engine.fits(terms, reservation, account.standing());
        boolean changedMeanwhile =
                account.policyVersion() != terms.policyVersion() || (request.holds() && verdict.allow());
        return changedMeanwhile ? Optional.empty() : Optional.of(log(handle, tenant, request, terms, verdict));
    }

    private Optional<DecisionResponse> hold(
            Handle handle, TenantId tenant, DecisionRequest request, Terms terms, Verdict admitted) {
        Reservation reservation = admitted.reservation();
        HoldRequest wanted = new HoldRequest(
                request.operationId(),
                Ids.next(),
                request.ask(),
                request.userId(),
                request.conversationId(),
                terms.policyVersion(),
                reservation);
        Optional<HeldCredits> held = holds.reserve(handle, tenant, terms, wanted);
        held.ifPresent(placed -> count(ReasonCode.ALLOWED));
        return held.map(placed -> DecisionResponse.held(request.operationId(), terms, admitted, reservation, placed));
    }

    private DecisionResponse log(
            Handle handle, TenantId tenant, DecisionRequest request, Terms terms, Verdict verdict) {
        UUID id = Ids.next();
        decisions.log(handle, tenant, id, request, terms, verdict);
        count(verdict.reason());
        return DecisionResponse.of(id, terms, verdict);
    }

    private void count(ReasonCode reason) {
        counted.get(reason).increment();
    }
}
