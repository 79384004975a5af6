package dev.parley.agent.run;

import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.wire.ProviderCallConfig;
import dev.parley.agent.providerkey.ProviderKeyService;
import dev.parley.agent.tool.JsonForm;
import dev.parley.agent.tool.ToolContext;
import dev.parley.agent.tool.ToolEffects;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The third step of a run: asks the model, and makes a result of what it says. */
@ApplicationScoped
class ModelCall {
    private static final String MEND =
            "Your answer does not have the form that was asked for. %s Answer again, with nothing but the JSON.";

    private final KeptAnswers answers;
    private final ProviderKeyService keys;
    private final ProviderChain chain;
    private final ToolLoop loop;
    private final ProviderCallConfig config;
    private final Clock clock;

    ModelCall(
            KeptAnswers answers,
            ProviderKeyService keys,
            ProviderChain chain,
            ToolLoop loop,
            ProviderCallConfig config,
            Clock clock) {
        this.answers = answers;
        this.keys = keys;
        this.chain = chain;
        this.loop = loop;
        this.config = config;
        this.clock = clock;
    }

    /**
     * A result with the times at which the provider was called and had answered, and what happened on the way.
     *
     * @param asked what the last answer was the answer to
     * @param by who gave it
     */
    record Made(RunResult result, LlmRequest asked, LlmTarget by, Instant calledAt, Instant answeredAt, RunLog log) {}

    /**
     * Asks the model; blocks until the reply is complete.
     *
     * @param delta takes the text in pieces; null when nobody wants them
     * @param log is told what happened, also where there is no reply in the end
     * @throws LlmFailure when there is no reply
     */
    Made make(TenantId tenant, UUID runId, RunRequest request, RunPlan plan, Consumer<String> delta, RunLog log) {
        Optional<Made> before = answers.find(tenant, plan).map(answer -> again(runId, plan, answer, log));
        if (before.isPresent()) {
            if (delta != null) {
                delta.accept(before.get().result().text());
            }
            return before.get();
        }
        Made made = ask(tenant, runId, request, plan, delta, log);
        answers.keep(tenant, plan, made.result());
        return made;
    }

    private Made again(UUID runId, RunPlan plan, KeptAnswers.Answer answer, RunLog log) {
        Instant now = clock.instant();
        RunResult result = new RunResult(
                runId,
                answer.text(),
                plan.promptVersion(),
                plan.promptVersionId(),
                plan.releaseId(),
                answer.finishReason(),
                new RunResult.Usage(0, 0, false),
                answer.provider(),
                answer.model(),
                null,
                answer.keyOwner(),
                null,
                true);
        return new Made(
                result, plan.ask(), new LlmTarget(plan.endpoint(), plan.ask().model()), now, now, log);
    }

    private Made ask(
            TenantId tenant, UUID runId, RunRequest request, RunPlan plan, Consumer<String> delta, RunLog log) {
        List<LlmTarget> targets =
                keys.targets(tenant, plan.endpoint(), plan.ask().model());
        long deadline = System.nanoTime() + config.totalTimeout().toNanos();
        ToolContext context = new ToolContext(
                tenant,
                request.operationId(),
                runId,
                request.conversationId(),
                request.agent(),
                request.channel(),
                log.effects(),
                plan.trial());
        Instant calledAt = clock.instant();
        ToolLoop.Model model = (ask, pieces) -> chain.ask(targets, ask, deadline, pieces, log);
        ToolLoop.Ended ended = plan.form() == null
                ? loop.run(plan.ask(), plan.granted(), plan.budget(), context, model, delta, log)
                : formed(plan, context, model, delta, log);
        Instant answeredAt = clock.instant();
        return new Made(
                result(runId, plan, ended, log),
                ended.asked(),
                ended.answered().by(),
                log.attempts().isEmpty() ? calledAt : ended.answered().calledAt(),
                answeredAt,
                log);
    }

    /** What must have a form is shown only when it has it; the model may mend it once, where that can be paid. */
    private ToolLoop.Ended formed(
            RunPlan plan, ToolContext context, ToolLoop.Model model, Consumer<String> delta, RunLog log) {
        ToolLoop.Ended ended = loop.run(plan.ask(), plan.granted(), plan.budget(), context, model, null, log);
        LlmReply reply = ended.answered().reply();
        if (!reply.finishReason().equals("stop") || !reply.toolCalls().isEmpty()) {
            return whole(ended, reply.text(), delta);
        }
        Optional<String> objection = plan.form().objection(reply.text());
        if (objection.isEmpty()) {
            return whole(ended, JsonForm.unfenced(reply.text()), delta);
        }
        List<LlmMessage> conversation = new ArrayList<>(ended.asked().messages());
        conversation.add(LlmMessage.of(LlmMessage.Role.ASSISTANT, reply.text()));
        conversation.add(LlmMessage.of(LlmMessage.Role.USER, MEND.formatted(objection.get())));
        LlmRequest again =
                ended.asked().with(conversation).with(ended.asked().tools().forbidden());
        if (!plan.budget().affords(log.spent(), again, 1)) {
            throw unformed(objection.get());
        }
        ProviderChain.Answered mended = model.ask(again, null);
        log.spent(mended.by(), again, mended.reply());
        plan.form().objection(mended.reply().text()).ifPresent(still -> {
            throw unformed(still);
        });
        return whole(
                new ToolLoop.Ended(mended, again, ""),
                JsonForm.unfenced(mended.reply().text()),
                delta);
    }

    private static LlmFailure unformed(String objection) {
        return new LlmFailure(
                LlmFailure.Reason.UNUSABLE, "The model did not answer in the form that was asked for: " + objection);
    }

    private static ToolLoop.Ended whole(ToolLoop.Ended ended, String text, Consumer<String> delta) {
        if (delta != null && !text.isEmpty()) {
            delta.accept(text);
        }
        return new ToolLoop.Ended(ended.answered(), ended.asked(), text);
    }

    private static RunResult result(UUID runId, RunPlan plan, ToolLoop.Ended ended, RunLog log) {
        LlmReply reply = ended.answered().reply();
        LlmTarget by = ended.answered().by();
        ToolEffects.Handoff handoff = log.effects().handoff();
        return new RunResult(
                runId,
                ended.text(),
                plan.promptVersion(),
                plan.promptVersionId(),
                plan.releaseId(),
                finishReason(plan, reply),
                log.spent().usage(),
                by.endpoint().name(),
                ReplyText.name(reply.model()),
                plan.granted().isEmpty() ? toolCalls(reply) : null,
                log.spent().keyOwner(),
                handoff == null
                        ? null
                        : new RunResult.Handoff(ReplyText.clean(handoff.reason()), ReplyText.clean(handoff.summary())),
                false);
    }

    /** Some providers say "stop" where they call functions. Ours are carried out, unless a limit was reached. */
    private static String finishReason(RunPlan plan, LlmReply reply) {
        if (reply.toolCalls().isEmpty()) {
            return ReplyText.name(reply.finishReason());
        }
        return plan.granted().isEmpty() ? "tool_calls" : "length";
    }

    private static List<RunResult.ToolCall> toolCalls(LlmReply reply) {
        return reply.toolCalls().isEmpty()
                ? null
                : reply.toolCalls().stream()
                        .map(call -> new RunResult.ToolCall(
                                ReplyText.name(call.id()),
                                ReplyText.name(call.name()),
                                ReplyText.clean(call.arguments())))
                        .toList();
    }
}
