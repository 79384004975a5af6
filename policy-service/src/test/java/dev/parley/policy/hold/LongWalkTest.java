package dev.parley.policy.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.hold.SmallModelTest.Size;
import dev.parley.policy.hold.SmallModelTest.Step;
import dev.parley.policy.hold.SmallModelTest.World;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** What {@link SmallModelTest} does in every order for a few steps, in random order for hundreds and with more of everything. */
class LongWalkTest {
    private static final int STEPS = 100_000;
    private static final int LONG = 600;
    private static final Size LARGE = new Size(60, 3, 40);
    private static final AtomicInteger DONE = new AtomicInteger();

    @AfterContainer
    static void thatWasALot() {
        assertThat(DONE.get()).as("steps that changed something").isGreaterThanOrEqualTo(STEPS);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void everyStepLeavesAWorldThatAddsUp(@ForAll("walks") List<Step> walk) {
        World world = new World(LARGE);
        for (Step step : walk) {
            if (world.does(step)) {
                world.check();
                DONE.incrementAndGet();
            }
        }
        world.finish();
    }

    @Provide
    Arbitrary<List<Step>> walks() {
        Arbitrary<String> kinds = Arbitraries.frequency(
                Tuple.of(20, "take"),
                Tuple.of(40, "serve"),
                Tuple.of(15, "place"),
                Tuple.of(10, "settle"),
                Tuple.of(10, "release"),
                Tuple.of(10, "runOut"),
                Tuple.of(10, "rowRunsOut"),
                Tuple.of(4, "giveBack"),
                Tuple.of(1, "die"),
                Tuple.of(2, "takeAway"),
                Tuple.of(1, "stop"));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, LARGE.replicas() - 1),
                        Arbitraries.integers().between(0, LARGE.operations() - 1),
                        Arbitraries.integers().between(0, 3))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(LONG)
                .withSizeDistribution(RandomDistribution.uniform());
    }
}
