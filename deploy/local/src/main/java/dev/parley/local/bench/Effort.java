package dev.parley.local.bench;

import java.io.IOException;

/**
 * How long to measure; the defaults give a verdict, smaller numbers only show that it works.
 *
 * @param rounds how often the sides take turns
 * @param seconds of one side in one round
 * @param warm seconds of one slice of warming up
 * @param tenants the greatest number of tenants
 */
record Effort(int rounds, int seconds, int warm, int tenants) {

    private static final double FASTER = 1.05;
    private static final int CALM = 2;
    private static final int MOST_SLICES = 40;
    // Of one processor, over all JVMs.
    private static final double IDLE_COMPILERS = 0.05;

    /** One slice of a load. */
    interface Slice {
        /** Runs so long, and returns how much was answered in a second. */
        double run(int seconds) throws IOException, InterruptedException;
    }

    /**
     * Runs a side until its compilers have done their work: until two slices in a row were not a twentieth faster than the
     * fastest before them, and compilers had almost nothing to do meanwhile. The services take minutes for that at the
     * rates of two processors.
     */
    void warmUp(Slice side) throws IOException, InterruptedException {
        double fastest = 0;
        int calm = 0;
        for (int slice = 0; slice < (smoke() ? 1 : MOST_SLICES) && calm < CALM; slice++) {
            CompilerTime before = CompilerTime.now();
            double rate = side.run(warm);
            boolean compiled = CompilerTime.now().since(before) < IDLE_COMPILERS * warm;
            calm = compiled && rate < FASTER * fastest ? calm + 1 : 0;
            fastest = Math.max(fastest, rate);
        }
    }

    /** What the system properties of the same names say. */
    static Effort fromProperties() {
        return new Effort(
                Integer.getInteger("rounds", 5),
                Integer.getInteger("seconds", 5),
                Integer.getInteger("warm", 8),
                Integer.getInteger("tenants", 100_000));
    }

    /** Whether it is too short to judge by. */
    boolean smoke() {
        return rounds < 3 || seconds < 2 || warm < 4;
    }
}
