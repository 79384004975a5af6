package dev.parley.policy.hold;

import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.rating.Rate;
import dev.parley.policy.rating.RatedLine;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Registers for native builds what is stored as JSON but lives in packages that know no framework. */
@RegisterForReflection(targets = {RatedLine.class, Rate.class, Standing.Counter.class, Verdict.Figures.class})
final class PureTypes {
    private PureTypes() {}
}
