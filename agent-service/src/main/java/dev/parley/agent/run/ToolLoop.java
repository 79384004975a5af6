package dev.parley.agent.run;

import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ToolBox;
import dev.parley.agent.tool.ToolConfig;
import dev.parley.agent.tool.ToolContext;
import dev.parley.platform.id.Ids;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Carries out the functions that a model calls, and asks it again with their results, until it answers in words or a
 * limit is reached: steps, time, or the tokens that the caller pays for. At the limit it is asked once more, without
 * functions.
 */
@ApplicationScoped
class ToolLoop {
    private static final int LONGEST_RECORD = 2000;
    private static final int SHORTEST_RESULT = 200;
    private static final int AND_A_LAST_ONE = 2;
    private static final String CUT = "\n[the rest was cut off]";
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

    /** The last answer, what it answered, and the texts of all answers. */
    record Ended(ProviderChain.Answered answered, LlmRequest asked, String text) {}

    /**
     * @param granted the platform's functions that this run may call
     * @param budget what the calls may take; the first one is always made
     * @param delta takes the texts of all answers in pieces; null when nobody wants them
     * @param log is told what was spent and called
     */
    Ended run(
            LlmRequest request,
            Set<String> granted,
            Budget budget,
            ToolContext context,
            Model model,
            Consumer<String> delta,
            RunLog log) {
        long over = System.nanoTime() + config.maxTime().toNanos();
        Set<String> named = new HashSet<>();
        request.messages().forEach(message -> message.toolCalls().forEach(call -> named.add(call.id())));
        StringBuilder text = new StringBuilder();
        LlmRequest next = request;
        for (int step = 0; ; step++) {
            ProviderChain.Answered answered = named(model.ask(next, apart(text, delta)), named);
            log.spent(answered.by(), next, answered.reply());
            if (!answered.reply().text().isBlank()) {
                text.append(text.isEmpty() ? "" : BETWEEN)
                        .append(answered.reply().text());
            }
            boolean last = next.tools().choice() == LlmTools.Choice.NONE;
            if (answered.reply().toolCalls().isEmpty() || last || granted.isEmpty()) {
                if (last && text.isEmpty()) {
                    throw new LlmFailure(LlmFailure.Reason.UNUSABLE, "The model came to no answer within its steps.");
                }
                return new Ended(answered, next, text.toString());
            }
            LlmMessage said = said(answered.reply());
            long room = budget.room(next, log.spent(), said);
            List<LlmMessage> conversation = new ArrayList<>(next.messages());
            conversation.add(said);
            conversation.addAll(carryOut(answered.reply(), granted, context, room, over, log));
            next = budget.within(next.with(conversation), log.spent());
            boolean atLimit = step + 1 >= config.maxSteps()
                    || System.nanoTime() >= over
                    || !budget.affords(log.spent(), next, AND_A_LAST_ONE);
            if (atLimit) {
                next = next.with(next.tools().forbidden());
            }
        }
    }

    /** Calls whose provider gave them no name, or one that this conversation knows, get one of ours. */
    private static ProviderChain.Answered named(ProviderChain.Answered answered, Set<String> known) {
        if (answered.reply().toolCalls().isEmpty()) {
            return answered;
        }
        List<LlmMessage.ToolCall> calls = new ArrayList<>();
        for (LlmMessage.ToolCall call : answered.reply().toolCalls()) {
            boolean usable = !call.id().isBlank() && known.add(call.id());
            calls.add(
                    usable
                            ? call
                            : call.called(LlmMessage.ToolCall.OURS
                                    + Ids.next().toString().replace("-", "")));
        }
        return new ProviderChain.Answered(answered.reply().calling(calls), answered.by(), answered.calledAt());
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

    private List<LlmMessage> carryOut(
            LlmReply reply, Set<String> granted, ToolContext context, long room, long over, RunLog log) {
        List<LlmMessage> results = new ArrayList<>();
        long left = room;
        int done = 0;
        for (LlmMessage.ToolCall call : reply.toolCalls()) {
            Instant at = clock.instant();
            ToolBox.Result result = done++ < config.maxCallsPerStep()
                    ? inTime(context, granted, call, over)
                    : new ToolBox.Result(
                            ToolBox.Outcome.DENIED, "Too many functions at once: this one was not called.");
            String told = ReplyText.clean(result.text());
            String fitting = told.length() <= Math.max(left, SHORTEST_RESULT)
                    ? told
                    : ReplyText.clean(told.substring(0, (int) Math.max(left, SHORTEST_RESULT))) + CUT;
            left -= fitting.length();
            results.add(LlmMessage.result(call, fitting));
            if (log.steps().size() < config.maxSteps() * config.maxCallsPerStep()) {
                log.called(new ToolStep(
                        at,
                        shortened(call.name()),
                        shortened(call.arguments()),
                        result.outcome().name(),
                        shortened(result.text())));
            }
        }
        return results;
    }

    private ToolBox.Result inTime(ToolContext context, Set<String> granted, LlmMessage.ToolCall call, long over) {
        return System.nanoTime() < over
                ? tools.call(context, granted, call)
                : new ToolBox.Result(ToolBox.Outcome.DENIED, "The time is over: this one was not called.");
    }

    private static String shortened(String text) {
        String clean = ReplyText.clean(text);
        return clean.length() <= LONGEST_RECORD ? clean : ReplyText.clean(clean.substring(0, LONGEST_RECORD));
    }
}
