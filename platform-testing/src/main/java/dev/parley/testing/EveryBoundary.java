package dev.parley.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a path again and again, each time in a life of its own that dies one boundary later, until it gets through.
 * After each death comes what production would do, and then the checks.
 */
public final class EveryBoundary {
    private EveryBoundary() {}

    /** One life; making it prepares what the path needs, before the boundaries are counted. */
    public interface Life {
        /** Whose life it is. */
        MortalProcess process();

        /** The path. It may fail in any way once the process is dead, and must not before. */
        void live() throws Exception;

        /** What happens in production after the death, with the process restarted or another one in its place. */
        void recover() throws Exception;

        /** Fails when anything is not as it must be; asked after the recovery, and at last after a life without death. */
        void check() throws Exception;
    }

    /**
     * What was tried.
     *
     * @param boundaries at each of which a life ended, in their order
     */
    public record Tried(List<String> boundaries) {
        /** How many there are. */
        public int count() {
            return boundaries.size();
        }

        /** How many of these are moments after a commit. */
        public int commits() {
            return (int)
                    boundaries.stream().filter(one -> one.startsWith("after")).count();
        }
    }

    /** Dies at every boundary of the path; a check that fails names the boundary. */
    public static Tried of(Supplier<? extends Life> lives) {
        List<String> boundaries = new ArrayList<>();
        while (true) {
            Life life = lives.get();
            MortalProcess process = life.process();
            process.dieAt(boundaries.size());
            Throwable failure = null;
            try {
                life.live();
            } catch (MortalProcess.Died | AssertionError | Exception meant) {
                failure = meant;
            }
            boolean died = process.isDead();
            List<String> passed = process.passed();
            if (!died && failure != null) {
                throw new AssertionError("the path fails although nobody died: " + failure.getMessage(), failure);
            }
            try {
                if (died) {
                    life.recover();
                } else {
                    process.restart();
                }
                life.check();
            } catch (Exception | AssertionError wrong) {
                throw new AssertionError(
                        (died ? "died at boundary " + boundaries.size() + ", " + passed.getLast() : "nobody died")
                                + ": " + wrong.getMessage(),
                        wrong);
            }
            if (!passed.subList(0, boundaries.size()).equals(boundaries)) {
                throw new AssertionError("the path is another each time, so deaths are missed: first " + boundaries
                        + ", then " + passed);
            }
            if (!died) {
                return new Tried(boundaries);
            }
            boundaries.add(passed.getLast());
        }
    }
}
