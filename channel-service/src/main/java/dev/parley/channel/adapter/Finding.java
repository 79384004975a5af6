package dev.parley.channel.adapter;

import dev.parley.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at when somebody tested a channel.
 *
 * @param name what was looked at, such as {@code credentials} or {@code webhook}
 * @param detail what was found, without secrets
 * @param remedy what to do about it; null when it is well
 */
public record Finding(
        String name, boolean ok, String detail, @Nullable String remedy) {
    /** It is as it should be. */
    public static Finding ok(String name, String detail) {
        return new Finding(name, true, detail, null);
    }

    /**
     * It could not be looked at: the vendor refused, or did not answer, which says nothing of what was looked at.
     *
     * @param remedy what to do when the vendor refused
     */
    public static Finding of(Problem problem, String name, String remedy) {
        return problem.type() == AdapterProblem.CHANNEL_UNREACHABLE
                ? wrong("vendor", String.valueOf(problem.detail()), "Nothing has to be changed: test again later.")
                : wrong(name, String.valueOf(problem.detail()), remedy);
    }

    /** It is not as it should be. */
    public static Finding wrong(String name, String detail, String remedy) {
        return new Finding(name, false, detail, remedy);
    }
}
