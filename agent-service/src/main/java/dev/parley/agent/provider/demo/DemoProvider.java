package dev.parley.agent.provider.demo;

import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Answers without any network: the same conversation always gets the same reply, which says what was understood and what
 * to do to get a real model. It costs no tokens of anyone and reports none, so they are counted.
 */
@Singleton
public class DemoProvider implements LlmProvider {
    /** The model that the demo answers as. */
    public static final String MODEL = "demo";

    private static final int QUOTED = 120;
    private static final Set<String> GREETINGS =
            Set.of("hi", "hello", "hey", "hola", "namaste", "good morning", "good evening");

    @Override
    public String kind() {
        return "demo";
    }

    @Override
    public LlmReply complete(LlmEndpoint endpoint, LlmRequest request) {
        return new LlmReply(answer(request), MODEL, "stop", null);
    }

    @Override
    public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
        String text = answer(request);
        int from = 0;
        while (from < text.length()) {
            int space = text.indexOf(' ', from);
            int to = space < 0 ? text.length() : space + 1;
            delta.accept(text.substring(from, to));
            from = to;
        }
        return new LlmReply(text, MODEL, "stop", null);
    }

    private static String answer(LlmRequest request) {
        String asked = lastQuestion(request);
        String plain = asked.toLowerCase(Locale.ROOT).replaceAll("[!.,?]+$", "");
        if (plain.isBlank()) {
            return "I received your message, but there is no text in it. Tell me in words what you need.";
        }
        if (GREETINGS.contains(plain)) {
            return "Hello! I am the demo model, so I answer without any account. Ask me anything to see how a"
                    + " conversation looks.";
        }
        if (plain.startsWith("thank")) {
            return "You are welcome! Is there anything else I can help with?";
        }
        long turns = request.messages().stream()
                .filter(message -> message.role() == LlmMessage.Role.USER)
                .count();
        String opening = asked.endsWith("?") ? "You asked: “" : "You wrote: “";
        String memory = turns > 1 ? " It is message " + turns + " of this conversation." : "";
        return opening + quoted(asked) + "”." + memory
                + " I am the demo model: I can carry a conversation, but know no facts. Point PARLEY_LLM_BASE_URL at an"
                + " OpenAI-compatible server, or choose another provider for this agent, to get real answers.";
    }

    private static String lastQuestion(LlmRequest request) {
        return request.messages().reversed().stream()
                .filter(message -> message.role() == LlmMessage.Role.USER)
                .findFirst()
                .map(message -> message.text().strip())
                .orElse("");
    }

    private static String quoted(String text) {
        if (text.codePointCount(0, text.length()) <= QUOTED) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, QUOTED)) + "…";
    }
}
