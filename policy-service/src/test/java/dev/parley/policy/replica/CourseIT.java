package dev.parley.policy.replica;

import dev.parley.policy.PolicyStory;
import dev.parley.policy.replica.Course.Act;
import dev.parley.policy.replica.Course.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Holds, lots and leases on a real database: 100,000 steps in random courses, each held against the simple account. */
class CourseIT {
    private static final int COURSES = 500;
    private static final int STEPS = 200;
    private static final Map<String, String> SETTINGS =
            Map.of("policy.lease.worth-after", "3", "policy.lease.share", "4", "policy.lease.recall-patience", "2S");
    private static ReplicaDatabase database;
    private static Replica[] replicas;

    @BeforeContainer
    static void start() throws SQLException {
        database = ReplicaDatabase.create("policy_course", 12);
        replicas = new Replica[] {Replica.start(database, SETTINGS), Replica.start(database, SETTINGS)};
        for (Replica replica : replicas) {
            PolicyStory.await(replica.bulletin::isCurrent);
        }
    }

    @AfterContainer
    static void stop() {
        for (Replica replica : replicas) {
            replica.close();
        }
    }

    @Property(tries = COURSES, shrinking = ShrinkingMode.BOUNDED)
    void whateverHappensTheAccountAgrees(
            @ForAll @LongRange(min = 0, max = 400) long granted,
            @ForAll @LongRange(min = 0, max = 5) long cap,
            @ForAll("acts") List<Act> acts) {
        Course course = new Course(database, replicas, SETTINGS, granted, cap);
        acts.forEach(course::run);
        course.finish();
    }

    @Provide
    Arbitrary<List<Act>> acts() {
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
                .ofMaxSize(2 * STEPS)
                .withSizeDistribution(RandomDistribution.uniform());
    }
}
