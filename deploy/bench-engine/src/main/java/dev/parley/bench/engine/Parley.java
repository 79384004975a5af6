package dev.parley.bench.engine;

import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.Meters;
import dev.parley.policy.engine.Overage;
import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.engine.Rules;
import dev.parley.policy.engine.Sizing;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.rating.Rate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Ours, whole: it also rates the worst case of the call and compares it with the credits, which the peers do not. */
final class Parley implements Judge {
    private static final Map<String, Rate> RATES = Map.of(
            Meters.MESSAGE, new Rate(1, 1),
            Meters.INPUT_TOKENS, new Rate(1, 1000),
            Meters.OUTPUT_TOKENS, new Rate(3, 1000));
    private static final Map<String, Long> ESTIMATE = Map.of(Meters.MESSAGE, 1L, Meters.INPUT_TOKENS, 120L);
    private static final Standing STANDING = new Standing(1_000_000, 900_000, 1_000, Map.of());

    private final PolicyEngine engine;
    private final Map<UUID, Terms> terms = new HashMap<>();

    Parley(World world) {
        engine = new PolicyEngine(new Rules(1, new Sizing(8000, 1000, 1024, 64), List.of()));
        for (Entitlement one : world.entitlements()) {
            terms.put(
                    one.tenant(),
                    new Terms(
                            1,
                            1,
                            one.suspended(),
                            one.status(),
                            "bench",
                            1,
                            one.agents(),
                            one.channels(),
                            RATES,
                            Map.of(),
                            Set.of(),
                            Map.of(),
                            Overage.NONE,
                            null,
                            null));
        }
    }

    @Override
    public boolean allows(Question question) {
        return decide(question).allow();
    }

    Verdict decide(Question question) {
        Ask ask = new Ask(question.tenant(), question.agent(), question.channel(), null, ESTIMATE);
        return engine.decide(terms.get(question.tenant()), ask, STANDING);
    }
}
