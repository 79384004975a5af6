package dev.parley.platform.paging;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Opaque positions in lists, and the bounds of a page. */
public final class Cursor {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    private Cursor() {}

    /** Makes a position opaque. */
    public static String encode(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a position back; null stays null, anything that is no cursor is a 400 problem. */
    public static @Nullable String decode(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw invalid();
        }
    }

    /** Reads a position that is a UUID; null stays null. */
    public static @Nullable UUID decodeId(@Nullable String cursor) {
        String position = decode(cursor);
        try {
            return position == null ? null : UUID.fromString(position);
        } catch (IllegalArgumentException malformed) {
            throw invalid();
        }
    }

    /** The page size to use: 50 unless told, at least 1, at most 200. */
    public static int limit(@Nullable Integer asked) {
        return asked == null ? DEFAULT_LIMIT : Math.clamp(asked, 1, MAX_LIMIT);
    }

    private static Problem invalid() {
        return new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
    }
}
