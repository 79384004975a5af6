package dev.parley.agent.run;

import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the context of a run together: the agent's system prompt, the caller's system messages, and as much of the newest
 * conversation as fits. The last question, with the functions called for it and their results, is never dropped; what is
 * attached to it is only mentioned where it is too large.
 */
final class ContextAssembly {
    private ContextAssembly() {}

    /**
     * @param conversation oldest first
     * @param maxTokens the room for everything
     * @throws Problem 422 when the instructions and the last question do not fit, or there is nothing to answer
     */
    static List<LlmMessage> assemble(String systemPrompt, List<LlmMessage> conversation, int maxTokens) {
        return assemble(systemPrompt, null, conversation, maxTokens);
    }

    /**
     * @param summary of what was before the conversation; null for none. Not dropped before the oldest messages are
     * @param conversation oldest first
     * @param maxTokens the room for everything
     * @throws Problem 422 when the instructions and the last question do not fit, or there is nothing to answer
     */
    static List<LlmMessage> assemble(
            String systemPrompt, LlmMessage summary, List<LlmMessage> conversation, int maxTokens) {
        List<LlmMessage> context = new ArrayList<>(conversation.size() + 1);
        context.add(LlmMessage.of(Role.SYSTEM, systemPrompt));
        List<LlmMessage> turns = new ArrayList<>(conversation.size());
        for (LlmMessage message : conversation) {
            (message.role() == Role.SYSTEM ? context : turns).add(message);
        }
        if (summary != null) {
            context.add(summary);
        }
        int question = question(turns);
        long room = maxTokens - TokenEstimate.of(context);
        turns.set(
                question,
                fitting(turns.get(question), room - TokenEstimate.of(turns.subList(question + 1, turns.size()))));
        int first = turns.size();
        while (first > 0) {
            int tokens = TokenEstimate.of(turns.get(first - 1));
            if (tokens > room) {
                break;
            }
            room -= tokens;
            first--;
        }
        if (first > question) {
            throw new Problem(RunProblem.CONTEXT_TOO_LARGE)
                    .detail("The instructions and the last message need more than " + maxTokens + " tokens.")
                    .with("max_input_tokens", maxTokens);
        }
        if (first > 0) {
            // what remains starts with a question: some models refuse a conversation that starts with an answer, and
            // all refuse a result without its call
            while (turns.get(first).role() != Role.USER) {
                first++;
            }
        }
        context.addAll(turns.subList(first, turns.size()));
        return context;
    }

    /** A question whose attachments are mentioned instead of given, the largest first, until it fits or none is left. */
    private static LlmMessage fitting(LlmMessage question, long room) {
        long tokens = TokenEstimate.of(question);
        if (tokens <= room) {
            return question;
        }
        List<LlmMessage.Part> parts = new ArrayList<>(question.parts());
        while (tokens > room) {
            int largest = largestAttachment(parts);
            if (largest < 0) {
                break;
            }
            LlmMessage.Text mention = mention(parts.get(largest));
            tokens -= saved(parts.get(largest));
            parts.set(largest, mention);
        }
        return new LlmMessage(question.role(), parts);
    }

    /** The last one of those that take most room; -1 when no attachment takes more than its mention. */
    private static int largestAttachment(List<LlmMessage.Part> parts) {
        int largest = -1;
        int most = 0;
        for (int i = 0; i < parts.size(); i++) {
            int saved = saved(parts.get(i));
            if (saved > 0 && saved >= most) {
                largest = i;
                most = saved;
            }
        }
        return largest;
    }

    private static int saved(LlmMessage.Part part) {
        LlmMessage.Text mention = mention(part);
        return mention == null ? 0 : TokenEstimate.of(part) - TokenEstimate.of(mention);
    }

    private static LlmMessage.Text mention(LlmMessage.Part part) {
        return switch (part) {
            case LlmMessage.Image image -> image.tooLarge();
            case LlmMessage.File file -> file.tooLarge();
            default -> null;
        };
    }

    /** Where the last question is. */
    private static int question(List<LlmMessage> turns) {
        Role last = turns.isEmpty() ? Role.SYSTEM : turns.getLast().role();
        if (last == Role.USER || last == Role.TOOL) {
            for (int i = turns.size() - 1; i >= 0; i--) {
                if (turns.get(i).role() == Role.USER) {
                    return i;
                }
            }
        }
        throw new Problem(RunProblem.MESSAGE_INVALID)
                .detail("The last message is neither the user's nor the result of a function.");
    }
}
