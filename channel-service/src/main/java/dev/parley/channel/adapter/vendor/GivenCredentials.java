package dev.parley.channel.adapter.vendor;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a tenant typed to connect an account; what is wrong with it is told by the name of the credential. */
public final class GivenCredentials {
    private final Map<String, String> given;
    private final String whose;

    /**
     * Refuses names that nobody asked for.
     *
     * @param whose whose credentials they should be, such as {@code a Telegram bot}
     * @throws Problem with status 422 for an unknown name
     */
    public GivenCredentials(Map<String, String> given, String whose, Set<String> names) {
        this.given = given;
        this.whose = whose;
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw invalid(name, "is not a credential of " + whose);
            }
        }
    }

    /**
     * A credential of that form.
     *
     * @param must what is said when it is missing or has another form, such as {@code must be a number}
     */
    public String required(String name, Pattern form, String must) {
        String value = optional(name, form, must);
        if (value == null) {
            throw invalid(name, must);
        }
        return value;
    }

    /** As {@link #required}, or null when it was not given. */
    public @Nullable String optional(String name, Pattern form, String must) {
        String value = given.get(name);
        if (value != null && !form.matcher(value).matches()) {
            throw invalid(name, must);
        }
        return value;
    }

    /** The problem with a credential. */
    public Problem invalid(String name, String detail) {
        return new Problem(CommonProblem.VALIDATION_FAILED)
                .detail("credentials." + name + " of " + whose + " " + detail)
                .with("errors", ProblemCompletion.error("/credentials/" + name, detail));
    }
}
