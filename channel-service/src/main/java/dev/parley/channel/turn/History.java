package dev.parley.channel.turn;

import dev.parley.channel.outbound.PromptMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Chooses what an agent is told of a conversation: answered turns only, the latest ones, within the limits. */
public final class History {
    private static final int CHARACTERS_PER_TOKEN = 3;

    private History() {}

    /**
     * The context that ends in the new message.
     *
     * @param newestFirst earlier messages, latest first, replies before what they answer
     * @param latest the content of the new message
     */
    static List<PromptMessage> prompt(List<Line> newestFirst, Object latest, int mostMessages, int mostTokens) {
        List<PromptMessage> chosen = new ArrayList<>();
        chosen.add(new PromptMessage("user", latest));
        Set<Long> answered = new HashSet<>();
        long left = characters(mostTokens);
        for (Line line : newestFirst) {
            if (line.part() == 1) {
                answered.add(line.seq());
            } else if (!answered.contains(line.seq()) && !line.told()) {
                continue;
            }
            left -= line.text().length();
            if (left < 0 || chosen.size() > mostMessages) {
                break;
            }
            add(chosen, line);
        }
        dropLeadingReply(chosen);
        Collections.reverse(chosen);
        return chosen;
    }

    /** What a person of the tenant wrote was said by the same side as the agent; pieces in a row are one message. */
    private static void add(List<PromptMessage> newestFirst, Line line) {
        String role = "staff".equals(line.role()) ? "assistant" : line.role();
        PromptMessage next = newestFirst.getLast();
        if (newestFirst.size() > 1 && next.role().equals(role)) {
            newestFirst.set(newestFirst.size() - 1, new PromptMessage(role, line.text() + "\n" + next.content()));
        } else {
            newestFirst.add(new PromptMessage(role, line.text()));
        }
    }

    /** A context that begins with a reply to something unseen confuses models, and some providers refuse it. */
    private static void dropLeadingReply(List<PromptMessage> newestFirst) {
        if (newestFirst.size() > 1 && "assistant".equals(newestFirst.getLast().role())) {
            newestFirst.removeLast();
        }
    }

    /** How many characters that many tokens are taken for. */
    static long characters(int tokens) {
        return (long) tokens * CHARACTERS_PER_TOKEN;
    }

    /**
     * How many tokens a context is expected to have: a third of its characters, and what is attached by type and size; at
     * least 1.
     *
     * @param kept the tokens of what is kept here
     */
    static long estimate(List<PromptMessage> prompt, Map<UUID, Long> kept) {
        long characters = prompt.stream()
                .mapToLong(message -> characters(message.content(), kept)
                        + (message.toolCalls() == null
                                ? 0
                                : message.toolCalls().toString().length()))
                .sum();
        return Math.max(1, (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN);
    }

    private static long characters(Object content, Map<UUID, Long> kept) {
        if (content instanceof String text) {
            return text.length();
        }
        if (content instanceof List<?> parts) {
            return parts.stream().mapToLong(part -> partCharacters(part, kept)).sum();
        }
        return 0;
    }

    private static long partCharacters(Object part, Map<UUID, Long> kept) {
        return part instanceof Map<?, ?> map && map.get("text") instanceof String text
                ? text.length()
                : Images.tokens(part, kept) * CHARACTERS_PER_TOKEN;
    }

    /**
     * An earlier message.
     *
     * @param told whether the agent hears of it although its turn has no reply
     */
    public record Line(long seq, int part, String role, String text, boolean told) {
        public Line(long seq, int part, String role, String text) {
            this(seq, part, role, text, false);
        }
    }
}
