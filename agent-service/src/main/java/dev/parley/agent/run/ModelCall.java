package dev.parley.agent.run;

import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/** The third step of a run: calls the provider and makes its reply fit to be stored and sent. */
@ApplicationScoped
class ModelCall {
    private static final int LONGEST_NAME = 200;

    private final LlmProviders providers;
    private final Clock clock;
    private final MeterRegistry metrics;

    ModelCall(LlmProviders providers, Clock clock, MeterRegistry metrics) {
        this.providers = providers;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** A result with the times at which the provider was called and had answered. */
    record Made(RunResult result, Instant calledAt, Instant answeredAt) {}

    /**
     * Calls the provider; blocks until the reply is complete.
     *
     * @param delta takes the text in pieces; null when nobody wants them
     * @throws LlmFailure when there is no reply
     */
    Made make(UUID runId, RunPlan plan, Consumer<String> delta) {
        LlmEndpoint endpoint = plan.prompt().endpoint();
        Instant calledAt = clock.instant();
        LlmReply reply;
        try {
            reply = call(endpoint, plan, delta);
        } catch (LlmFailure failure) {
            count(endpoint, "failed", calledAt, clock.instant());
            throw failure;
        }
        Instant answeredAt = clock.instant();
        count(endpoint, "answered", calledAt, answeredAt);
        return new Made(result(runId, plan, reply), calledAt, answeredAt);
    }

    private LlmReply call(LlmEndpoint endpoint, RunPlan plan, Consumer<String> delta) {
        LlmProvider provider = providers.of(endpoint);
        LlmReply reply;
        if (delta == null) {
            reply = provider.complete(endpoint, plan.ask());
            reply = new LlmReply(ReplyText.clean(reply.text()), reply.model(), reply.finishReason(), reply.usage());
        } else {
            ReplyText text = new ReplyText(delta);
            LlmReply raw = provider.stream(endpoint, plan.ask(), text);
            reply = new LlmReply(text.finish(), raw.model(), raw.finishReason(), raw.usage());
        }
        if (reply.text().isBlank()) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider gave an empty reply.");
        }
        return reply;
    }

    private static RunResult result(UUID runId, RunPlan plan, LlmReply reply) {
        RunResult.Usage usage = reply.usage() == null
                ? new RunResult.Usage(TokenEstimate.of(plan.ask().messages()), TokenEstimate.of(reply.text()), true)
                : new RunResult.Usage(reply.usage().inputTokens(), reply.usage().outputTokens(), false);
        return new RunResult(
                runId,
                reply.text(),
                plan.prompt().number(),
                plan.prompt().versionId(),
                plan.prompt().releaseId(),
                shortened(reply.finishReason()),
                usage,
                plan.prompt().endpoint().name(),
                shortened(reply.model()));
    }

    /** A provider's name for something, fit to be stored whatever it sends. */
    private static String shortened(String name) {
        String clean = ReplyText.clean(name);
        return clean.length() <= LONGEST_NAME ? clean : ReplyText.clean(clean.substring(0, LONGEST_NAME));
    }

    private void count(LlmEndpoint endpoint, String outcome, Instant from, Instant to) {
        metrics.timer("agent.provider.call", "kind", endpoint.kind(), "outcome", outcome)
                .record(Duration.between(from, to));
    }
}
