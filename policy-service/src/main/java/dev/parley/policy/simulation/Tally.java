package dev.parley.policy.simulation;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.history.RecordedDecision;
import java.util.ArrayList;
import java.util.List;

/** Adds up what would change for one tenant; its size does not depend on how many decisions there are. */
final class Tally {
    private static final int MOST_EXAMPLES = 5;

    private final TenantId tenant;
    private final List<SimulationResponse.Example> examples = new ArrayList<>();
    private String plan = "none";
    private long decisions;
    private long changed;
    private long nowDenied;
    private long nowAllowed;
    private long skipped;
    private long unreproduced;
    private long creditsBefore;
    private long creditsAfter;

    Tally(TenantId tenant) {
        this.tenant = tenant;
    }

    void skip() {
        skipped++;
    }

    void add(RecordedDecision decision, String onPlan, Verdict before, Verdict after) {
        plan = onPlan;
        decisions++;
        creditsBefore = saturated(creditsBefore, credits(before));
        creditsAfter = saturated(creditsAfter, credits(after));
        if (!before.reason().name().equals(decision.reasonCode())) {
            unreproduced++;
        }
        if (before.reason() == after.reason()) {
            return;
        }
        changed++;
        nowDenied += before.allow() ? 1 : 0;
        nowAllowed += after.allow() ? 1 : 0;
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(new SimulationResponse.Example(
                    decision.id(),
                    decision.operationId(),
                    decision.at(),
                    decision.agent(),
                    decision.channel(),
                    before.reason(),
                    after.reason(),
                    after.ruleId(),
                    after.remedy()));
        }
    }

    private static long credits(Verdict verdict) {
        if (verdict.reservation() == null) {
            return 0;
        }
        Long held = verdict.heldCredits();
        return held == null ? verdict.reservation().want() : held;
    }

    private static long saturated(long sum, long more) {
        return sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more;
    }

    boolean saysAnything() {
        return changed > 0 || creditsBefore != creditsAfter;
    }

    long decisions() {
        return decisions;
    }

    long changed() {
        return changed;
    }

    long skipped() {
        return skipped;
    }

    long unreproduced() {
        return unreproduced;
    }

    SimulationResponse.TenantChange change() {
        return new SimulationResponse.TenantChange(
                tenant.value(),
                plan,
                decisions,
                changed,
                nowDenied,
                nowAllowed,
                creditsBefore,
                creditsAfter,
                List.copyOf(examples));
    }
}
