package dev.parley.agent.run;

import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ToolBox;
import dev.parley.agent.tool.ToolConfig;
import dev.parley.agent.tool.ToolContext;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Carries out the functions that a model calls, and asks it again with their results, until it answers in words or a
 * limit is reached: steps, time, or tokens. At the limit it is asked once more, without functions.
 */
@ApplicationScoped
class ToolLoop {
    private static final int LONGEST_RECORD = 2000;
    private static final String BETWEEN = "\n\n";

    private final ToolBox tools;
    private final ToolConfig config;
    private final Clock clock;

    ToolLoop(ToolBox tools, ToolConfig config, Clock clock) {
        this.tools = tools;
        this.config = config;
        this.clock = clock;
    }

    /** One function that the model called, for the trace. */
    @RegisterForReflection
    record ToolStep(Instant at, String tool, String arguments, String outcome, String result) {}

    /** Asks the model; the pieces of what it says go to the consumer, if there is one. */
    @FunctionalInterface
    interface Model {
        ProviderChain.Answered ask(LlmRequest request, Consumer<String> delta);
    }

    /** The last answer and what it answered, the texts of all answers, all that they took, and the steps. */
    record Ended(ProviderChain.Answered answered, LlmRequest asked, String text, Spent spent, List<ToolStep> steps) {}

    /**
     * @param granted the platform's functions that this run may call
     * @param delta takes the texts of all answers in pieces; null when nobody wants them
     */
    Ended run(LlmRequest request, Set<String> granted, ToolContext context, Model model, Consumer<String> delta) {
        long over = System.nanoTime() + config.maxTime().toNanos();
        Spent spent = Spent.NOTHING;
        List<ToolStep> steps = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        LlmRequest next = request;
        for (int step = 0; ; step++) {
            ProviderChain.Answered answered = model.ask(next, apart(text, delta));
            spent = spent.and(next, answered.reply());
            if (!answered.reply().text().isBlank()) {
                text.append(text.isEmpty() ? "" : BETWEEN)
                        .append(answered.reply().text());
            }
            boolean last = next.tools().choice() == LlmTools.Choice.NONE;
            if (answered.reply().toolCalls().isEmpty() || last || granted.isEmpty()) {
                if (last && text.isEmpty()) {
                    throw new LlmFailure(LlmFailure.Reason.FAILED, "The model came to no answer within its steps.");
                }
                return new Ended(answered, next, text.toString(), spent, steps);
            }
            List<LlmMessage> conversation = new ArrayList<>(next.messages());
            conversation.add(said(answered.reply()));
            conversation.addAll(carryOut(answered.reply(), granted, context, steps));
            next = next.with(conversation);
            boolean atLimit =
                    step + 1 >= config.maxSteps() || System.nanoTime() >= over || spent.tokens() >= config.maxTokens();
            if (atLimit) {
                next = next.with(next.tools().forbidden());
            }
        }
    }

    /** Keeps the text of a later answer apart from those before. */
    private static Consumer<String> apart(StringBuilder before, Consumer<String> delta) {
        if (delta == null || before.isEmpty()) {
            return delta;
        }
        boolean[] begun = {false};
        return piece -> {
            delta.accept(begun[0] ? piece : BETWEEN + piece);
            begun[0] = true;
        };
    }

    private static LlmMessage said(LlmReply reply) {
        List<LlmMessage.Part> parts = new ArrayList<>();
        if (!reply.text().isBlank()) {
            parts.add(new LlmMessage.Text(reply.text()));
        }
        parts.addAll(reply.toolCalls());
        return new LlmMessage(LlmMessage.Role.ASSISTANT, parts);
    }

    private List<LlmMessage> carryOut(LlmReply reply, Set<String> granted, ToolContext context, List<ToolStep> steps) {
        List<LlmMessage> results = new ArrayList<>();
        int done = 0;
        for (LlmMessage.ToolCall call : reply.toolCalls()) {
            Instant at = clock.instant();
            ToolBox.Result result = done++ < config.maxCallsPerStep()
                    ? tools.call(context, granted, call)
                    : new ToolBox.Result(
                            ToolBox.Outcome.DENIED, "Too many functions at once: this one was not called.");
            results.add(LlmMessage.result(call, ReplyText.clean(result.text())));
            if (steps.size() < config.maxSteps() * config.maxCallsPerStep()) {
                steps.add(new ToolStep(
                        at,
                        shortened(call.name()),
                        shortened(call.arguments()),
                        result.outcome().name(),
                        shortened(result.text())));
            }
        }
        return results;
    }

    private static String shortened(String text) {
        String clean = ReplyText.clean(text);
        return clean.length() <= LONGEST_RECORD ? clean : ReplyText.clean(clean.substring(0, LONGEST_RECORD));
    }
}
