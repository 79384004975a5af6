package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What agent-service has to answer.
 *
 * @param contact what agents may know of who is answered; absent when nothing is known
 * @param hold the id of the hold that pays for it, as the decision gave it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunRequest(
        UUID operationId,
        UUID conversationId,
        String agent,
        String channel,
        List<PromptMessage> messages,
        @Nullable RunLimits limits,
        @Nullable RunParameters parameters,
        @Nullable String hold,
        @Nullable Contact contact) {
    /**
     * Of a person agents are told the language, and nothing that would say who it is.
     *
     * @param language a BCP 47 tag
     */
    public record Contact(String language) {
        private static final int LONGEST = 35;

        /** Of a person with that language; null when it is none. */
        public static @Nullable Contact of(@Nullable String language) {
            if (language == null || language.length() > LONGEST) {
                return null;
            }
            String tag = Locale.forLanguageTag(language.replace('_', '-')).toLanguageTag();
            return tag.equals("und") ? null : new Contact(tag);
        }
    }
}
