package dev.parley.auth.stock;

import dev.parley.auth.outbound.PolicyClient;
import dev.parley.auth.outbound.PolicyDecision;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Adds to what a plan limits in number, if policy-service allows it. */
@ApplicationScoped
public class StockFlow {
    private static final int TRIES = 3;

    private final PolicyClient policy;

    StockFlow(PolicyClient policy) {
        this.policy = policy;
    }

    /**
     * Adds one. A refusal is policy's own 402 or 403 problem, with the limit and what to do; without an answer of
     * policy-service it is a 503 problem and nothing is added.
     *
     * @param present how many there are beside the one to be added; every call counts again
     * @param addition adds it in a transaction of its own, in which it shows the allowance how many there are then
     */
    public <T> T addOne(
            Caller caller, TenantId tenant, Stock stock, LongSupplier present, Function<Allowance, T> addition) {
        for (int i = 0; i < TRIES; i++) {
            PolicyDecision decision = policy.oneMore(tenant, caller.subject(), stock.meter(), present.getAsLong());
            if (!decision.allow()) {
                throw decision.denial();
            }
            try {
                return addition.apply(new Allowance(decision.limitOf(stock.meter())));
            } catch (Allowance.StockGrown meanwhile) {
                // Policy itself says no, with a decision that can be looked up, as soon as it knows the new count.
            }
        }
        throw new Problem(CommonProblem.UNAVAILABLE)
                .detail("Too many were added at the same time; nothing was done. Try again.")
                .header("Retry-After", "1");
    }
}
