package dev.parley.agent.prompt.trial;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.golden.Trial;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks a version's own provider as a run would, but for no tenant: nothing is stored or metered. */
@ApplicationScoped
class DraftCall {
    private static final String CHANNEL = "web";
    private static final int LETTERS_PER_TOKEN = 4;

    private final LlmProviders providers;
    private final Clock clock;

    DraftCall(LlmProviders providers, Clock clock) {
        this.providers = providers;
        this.clock = clock;
    }

    /** A reply, what it cost and how long it took. */
    record Answer(String text, String finishReason, String model, Trial.Cost cost, long durationMs) {}

    /**
     * @param given values of the prompt's variables
     * @param conversation oldest first
     * @throws dev.parley.agent.provider.LlmFailure when the provider gives no reply
     */
    Answer ask(ActivePrompt prompt, Map<String, String> given, List<LlmMessage> conversation) {
        Map<String, String> values = new HashMap<>(Map.of("agent", prompt.agent(), "channel", CHANNEL));
        values.putAll(given);
        List<LlmMessage> context = new ArrayList<>(conversation.size() + 1);
        context.add(LlmMessage.of(Role.SYSTEM, prompt.systemPrompt(values)));
        context.addAll(conversation);
        Instant from = clock.instant();
        LlmReply reply = providers
                .of(prompt.endpoint())
                .complete(
                        prompt.endpoint(),
                        new LlmRequest(prompt.model(), context, prompt.temperature(), prompt.maxTokens(), List.of()));
        return new Answer(
                storable(reply.text()),
                storable(reply.finishReason()),
                storable(reply.model()),
                cost(context, reply),
                Duration.between(from, clock.instant()).toMillis());
    }

    private static Trial.Cost cost(List<LlmMessage> context, LlmReply reply) {
        if (reply.usage() != null) {
            return new Trial.Cost(reply.usage().inputTokens(), reply.usage().outputTokens(), false);
        }
        int letters =
                context.stream().mapToInt(message -> message.text().length()).sum();
        return new Trial.Cost(letters / LETTERS_PER_TOKEN + 1, reply.text().length() / LETTERS_PER_TOKEN + 1, true);
    }

    /** A model's text without NUL and halves of characters, which the database refuses. */
    private static String storable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }
}
