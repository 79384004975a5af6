package dev.parley.agent.provider.wire;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Bounds around all calls of one run: langchain4j's clients have no way to hand them down to the transport.
 *
 * @param deadline the {@link System#nanoTime()} at which everything has to be over
 * @param longestPause the longest pause before another try that is worth waiting for
 */
public record CallBounds(long deadline, Duration longestPause) {
    private static final ScopedValue<CallBounds> CURRENT = ScopedValue.newInstance();

    /** Makes calls within these bounds. */
    public <T> T around(Supplier<T> calls) {
        return ScopedValue.where(CURRENT, this).call(calls::get);
    }

    /** The bounds of the calling thread, or none but the given deadline. */
    static CallBounds current(long deadline) {
        if (!CURRENT.isBound()) {
            return new CallBounds(deadline, Duration.ofDays(1));
        }
        CallBounds bounds = CURRENT.get();
        return new CallBounds(Math.min(deadline, bounds.deadline), bounds.longestPause);
    }
}
