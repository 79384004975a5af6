package dev.parley.policy.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.PolicyStory;
import dev.parley.policy.replica.Course.Act;
import dev.parley.policy.replica.Course.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Holds, lots and leases on a real database in random courses, each step held against the simple account;
 * LongWalkTest does 100,000 more without a database.
 */
class CourseIT {
    private static final int STEPS = 30_000;
    private static final int LONGEST = 400;
    private static final int LANES = 4;
    /**
     * A quarter more than the mean length asks for: lengths are uniform up to the longest, so their sum falls short of
     * the steps once in 100,000 runs (4.4 standard deviations).
     */
    private static final int TRIES = STEPS * 5 / 4 / (LONGEST / 2) / LANES;

    private static final Map<String, String> SETTINGS = Map.of(
            "policy.lease.worth-after",
            "3",
            "policy.lease.share",
            "4",
            "policy.lease.recall-patience",
            "0.02S",
            "policy.decision.log.gather",
            "0.001S");
    private static final List<Lane> ALL = new ArrayList<>();
    private static final LongAdder DONE = new LongAdder();

    /** Two replicas with a database of their own; the lanes run side by side. */
    private record Lane(ReplicaDatabase database, Replica[] replicas) {}

    /** What happens to one tenant. */
    record Plan(long granted, long cap, List<Act> acts) {}

    @BeforeContainer
    static void start() throws SQLException {
        for (int i = 0; i < LANES; i++) {
            ReplicaDatabase database = ReplicaDatabase.create("policy_course_" + i, 8);
            Replica[] replicas = {Replica.start(database, SETTINGS), Replica.start(database, SETTINGS)};
            ALL.add(new Lane(database, replicas));
            for (Replica replica : replicas) {
                PolicyStory.await(replica.bulletin::isCurrent);
            }
        }
    }

    @AfterContainer
    static void stop() {
        for (Lane lane : ALL) {
            for (Replica replica : lane.replicas()) {
                replica.close();
            }
        }
        assertThat(DONE.sum()).as("steps").isGreaterThanOrEqualTo(STEPS);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void whateverHappensTheAccountAgrees(@ForAll("plans") List<Plan> plans) throws Exception {
        List<Callable<Void>> courses = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            Lane lane = ALL.get(i);
            courses.add(() -> {
                Course course = new Course(lane.database(), lane.replicas(), SETTINGS, plan.granted(), plan.cap());
                plan.acts().forEach(course::run);
                course.finish();
                DONE.add(plan.acts().size());
                return null;
            });
        }
        PolicyStory.atOnce(LANES, courses);
    }

    @Provide
    Arbitrary<List<Plan>> plans() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 400), Arbitraries.longs().between(0, 5), acts())
                .as(Plan::new)
                .list()
                .ofSize(LANES);
    }

    private static Arbitrary<List<Act>> acts() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(40, Kind.DECIDE),
                Tuple.of(18, Kind.SETTLE),
                Tuple.of(4, Kind.SETTLE_WITHOUT_TOKEN),
                Tuple.of(8, Kind.RELEASE),
                Tuple.of(3, Kind.MISSED_USAGE),
                Tuple.of(8, Kind.LEASE),
                Tuple.of(3, Kind.RENEW),
                Tuple.of(2, Kind.RECALL),
                Tuple.of(3, Kind.RUN_OUT),
                Tuple.of(2, Kind.ROWS_RUN_OUT),
                Tuple.of(2, Kind.LEASES_RUN_OUT),
                Tuple.of(3, Kind.GRANT),
                Tuple.of(2, Kind.CLOSE_LOT),
                Tuple.of(2, Kind.CHANGE_TERMS),
                Tuple.of(1, Kind.DIE),
                Tuple.of(1, Kind.STOP));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.integers().between(0, 4))
                .as(Act::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(LONGEST)
                .withSizeDistribution(RandomDistribution.uniform());
    }
}
