package dev.parley.channel.adapter;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast a vendor takes messages of an account to one recipient. What may not go yet waits for its turn; nothing is
 * tried for that.
 *
 * @param account of all messages of the account, whoever gets them; null when there is no such rule
 * @param apart the least time between two messages to the recipient; zero when there is no such rule
 * @param recipient of the messages to the recipient; null when there is no rule beside {@code apart}
 */
public record Pacing(
        @Nullable Rate account, Duration apart, @Nullable Rate recipient) {
    /** As fast as one can. */
    public static final Pacing NONE = new Pacing(null, Duration.ZERO, null);

    /** Whatever the account sends, with that time between two messages to the recipient. */
    public static Pacing ofAccount(Rate account, Duration apart) {
        return new Pacing(account, apart, null);
    }

    /** The recipient's messages that far apart, and no other rule. */
    public static Pacing apart(Duration apart) {
        return new Pacing(null, apart, null);
    }
}
