package dev.parley.channel.admission;

import dev.parley.channel.outbound.PromptMessage;
import dev.parley.channel.outbound.RunParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of a caller that keeps the conversation's history itself.
 *
 * @param text what is stored: the last thing that the caller's user wrote
 * @param threadKey names the conversation within the tenant; null begins a new one
 * @param prompt the whole context, as it goes to the agent
 */
public record OutsideMessage(
        String agent,
        String channel,
        String text,
        @Nullable String threadKey,
        @Nullable String clientMessageId,
        List<PromptMessage> prompt,
        @Nullable RunParameters parameters) {}
