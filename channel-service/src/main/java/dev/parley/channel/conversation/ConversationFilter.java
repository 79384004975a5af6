package dev.parley.channel.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which conversations are listed; what is null does not matter. */
record ConversationFilter(
        @Nullable String channel,
        @Nullable String owner,
        @Nullable String assignedTo,
        @Nullable UUID contact) {
    /** Without U+0000, which the database takes for no text. */
    static ConversationFilter of(
            @Nullable String channel, @Nullable String owner, @Nullable String assignedTo, @Nullable UUID contact) {
        return new ConversationFilter(clean(channel), clean(owner), clean(assignedTo), contact);
    }

    private static @Nullable String clean(@Nullable String text) {
        return text == null ? null : text.replace("\0", "");
    }
}
