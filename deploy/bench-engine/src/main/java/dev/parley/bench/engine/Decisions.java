package dev.parley.bench.engine;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decisions a second on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Decisions {
    private static final int QUESTIONS = 4096;
    private static final long SEED = 20261121;

    /** Whose decisions. */
    @Param({"parley", "jcasbin", "cedar"})
    public String engine;

    /** How many tenants have a policy of their own. */
    @Param({"1", "1000"})
    public int tenants;

    private Question[] questions;
    private Judge judge;
    private int next;

    /** Loads the policy of all tenants. */
    @Setup
    public void load() {
        World world = World.of(tenants, QUESTIONS, SEED);
        questions = world.questions().toArray(Question[]::new);
        judge = Judge.of(engine, world);
    }

    /** One decision. */
    @Benchmark
    public boolean decide() {
        return judge.allows(questions[next++ & QUESTIONS - 1]);
    }
}
