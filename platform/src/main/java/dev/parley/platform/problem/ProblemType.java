package dev.parley.platform.problem;

import java.net.URI;
import java.util.Locale;

/** A kind of failure that a client can tell apart; implemented by one enum per feature. */
public interface ProblemType {
    /** The constant's name, sent as {@code code}, for example {@code CREDITS_EXHAUSTED}. */
    String name();

    /** The HTTP status code. */
    int status();

    /** One short sentence that is the same for every occurrence. */
    String title();

    /** The stable identifier of RFC 9457, derived from the name and documented under docs/problems. */
    default URI type() {
        return uriOf(name());
    }

    /** The identifier of a problem code: {@code CREDITS_EXHAUSTED} is {@code …/problems/credits-exhausted}. */
    static URI uriOf(String code) {
        return URI.create(
                "https://parley.dev/problems/" + code.toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
