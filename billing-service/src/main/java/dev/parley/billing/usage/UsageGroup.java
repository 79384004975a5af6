package dev.parley.billing.usage;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** By what usage is summed up. */
enum UsageGroup {
    /** The day in UTC. */
    DAY,
    /** The agent's slug. */
    AGENT,
    /** The channel. */
    CHANNEL,
    /** The meter. */
    METER;

    static UsageGroup of(@Nullable String name) {
        return name == null
                ? DAY
                : Arrays.stream(values())
                        .filter(group -> group.name().toLowerCase(Locale.ROOT).equals(name))
                        .findFirst()
                        .orElseThrow(() -> new Problem(CommonProblem.VALIDATION_FAILED)
                                .with(
                                        "errors",
                                        ProblemCompletion.error("/group_by", "must be day, agent, channel or meter")));
    }
}
