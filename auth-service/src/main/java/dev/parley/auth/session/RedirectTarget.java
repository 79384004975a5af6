package dev.parley.auth.session;

import dev.parley.platform.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Where a browser goes after the login: a path on Parley's own site, never another site. */
record RedirectTarget(String path) {
    private static final String CONSOLE = "/console";
    private static final int LONGEST = 2000;

    /** Reads what a client asked for; nothing means the console, anything but a relative path is a 400 problem. */
    static RedirectTarget of(@Nullable String asked) {
        if (asked == null || asked.isEmpty()) {
            return new RedirectTarget(CONSOLE);
        }
        if (asked.length() > LONGEST || !isOwnPath(asked)) {
            throw new Problem(SessionProblem.REDIRECT_NOT_ALLOWED)
                    .detail("redirect_to must be a path that begins with /");
        }
        return new RedirectTarget(asked);
    }

    /** Browsers read a backslash as a slash and drop control characters, so none of them may come. */
    private static boolean isOwnPath(String text) {
        boolean plain = text.chars().allMatch(sign -> sign > ' ' && sign < 0x7f && sign != '\\');
        if (!plain || !text.startsWith("/") || text.startsWith("//")) {
            return false;
        }
        try {
            URI target = new URI(text);
            return target.getScheme() == null && target.getRawAuthority() == null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
