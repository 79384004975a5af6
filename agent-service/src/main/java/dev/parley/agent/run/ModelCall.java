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
    private static final int LONGEST_NAME = 200;
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

    /** A result with the times at which the provider was called and had answered, and what happened on the way. */
    record Made(
            RunResult result,
            Instant calledAt,
            Instant answeredAt,
            List<ProviderChain.FailedAttempt> failedBefore,
            List<ToolLoop.ToolStep> steps) {}

    /**
     * Asks the model; blocks until the reply is complete.
     *
     * @param delta takes the text in pieces; null when nobody wants them
     * @throws LlmFailure when there is no reply
     */
    Made make(TenantId tenant, UUID runId, RunRequest request, RunPlan plan, Consumer<String> delta) {
        Optional<Made> before = answers.find(tenant, plan).map(answer -> again(runId, plan, answer));
        if (before.isPresent()) {
            if (delta != null) {
                delta.accept(before.get().result().text());
            }
            return before.get();
        }
        Made made = ask(tenant, runId, request, plan, delta);
        answers.keep(tenant, plan, made.result());
        return made;
    }

    private Made again(UUID runId, RunPlan plan, KeptAnswers.Answer answer) {
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
        return new Made(result, now, now, List.of(), List.of());
    }

    private Made ask(TenantId tenant, UUID runId, RunRequest request, RunPlan plan, Consumer<String> delta) {
        List<LlmTarget> targets =
                keys.targets(tenant, plan.endpoint(), plan.ask().model());
        long deadline = System.nanoTime() + config.totalTimeout().toNanos();
        ToolEffects effects = new ToolEffects();
        ToolContext context =
                new ToolContext(tenant, runId, request.conversationId(), request.agent(), request.channel(), effects);
        List<ProviderChain.FailedAttempt> failed = new ArrayList<>();
        ToolLoop.Model model = (ask, pieces) -> {
            ProviderChain.Answered answered = chain.ask(targets, ask, deadline, pieces);
            failed.addAll(answered.before());
            return answered;
        };
        Instant calledAt = clock.instant();
        ToolLoop.Ended ended = plan.form() == null
                ? loop.run(plan.ask(), plan.granted(), context, model, delta)
                : formed(plan, context, model, delta);
        Instant answeredAt = clock.instant();
        return new Made(
                result(runId, plan, ended, effects.handoff()),
                failed.isEmpty() ? calledAt : ended.answered().calledAt(),
                answeredAt,
                failed,
                ended.steps());
    }

    /** What must have a form is shown only when it has it; the model may mend it once. */
    private ToolLoop.Ended formed(RunPlan plan, ToolContext context, ToolLoop.Model model, Consumer<String> delta) {
        ToolLoop.Ended ended = loop.run(plan.ask(), plan.granted(), context, model, null);
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
        ProviderChain.Answered mended = model.ask(again, null);
        plan.form().objection(mended.reply().text()).ifPresent(still -> {
            throw new LlmFailure(
                    LlmFailure.Reason.FAILED, "The model did not answer in the form that was asked for: " + still);
        });
        return whole(
                new ToolLoop.Ended(mended, again, "", ended.spent().and(again, mended.reply()), ended.steps()),
                JsonForm.unfenced(mended.reply().text()),
                delta);
    }

    private static ToolLoop.Ended whole(ToolLoop.Ended ended, String text, Consumer<String> delta) {
        if (delta != null && !text.isEmpty()) {
            delta.accept(text);
        }
        return new ToolLoop.Ended(ended.answered(), ended.asked(), text, ended.spent(), ended.steps());
    }

    private static RunResult result(UUID runId, RunPlan plan, ToolLoop.Ended ended, ToolEffects.Handoff handoff) {
        LlmReply reply = ended.answered().reply();
        LlmTarget by = ended.answered().by();
        return new RunResult(
                runId,
                ended.text(),
                plan.promptVersion(),
                plan.promptVersionId(),
                plan.releaseId(),
                plan.granted().isEmpty() || reply.toolCalls().isEmpty() ? shortened(reply.finishReason()) : "length",
                ended.spent().usage(),
                by.endpoint().name(),
                shortened(reply.model()),
                plan.granted().isEmpty() ? toolCalls(reply) : null,
                by.keyOwner(),
                handoff == null
                        ? null
                        : new RunResult.Handoff(ReplyText.clean(handoff.reason()), ReplyText.clean(handoff.summary())),
                false);
    }

    private static List<RunResult.ToolCall> toolCalls(LlmReply reply) {
        return reply.toolCalls().isEmpty()
                ? null
                : reply.toolCalls().stream()
                        .map(call -> new RunResult.ToolCall(
                                shortened(call.id()), shortened(call.name()), ReplyText.clean(call.arguments())))
                        .toList();
    }

    /** A provider's name for something, fit to be stored whatever it sends. */
    private static String shortened(String name) {
        String clean = ReplyText.clean(name);
        return clean.length() <= LONGEST_NAME ? clean : ReplyText.clean(clean.substring(0, LONGEST_NAME));
    }
}
