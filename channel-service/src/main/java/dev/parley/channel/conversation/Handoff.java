package dev.parley.channel.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent's wish for a person.
 *
 * @param reason why one is needed
 * @param summary what they should know of the conversation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Handoff(String reason, @Nullable String summary, Instant at) {
    /** The wish as its columns have it; null where there is none. */
    public static @Nullable Handoff of(@Nullable String reason, @Nullable String summary, @Nullable Instant at) {
        return reason == null || at == null ? null : new Handoff(reason, summary, at);
    }
}
