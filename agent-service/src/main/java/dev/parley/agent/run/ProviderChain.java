package dev.parley.agent.run;

import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.ProviderBreakers;
import dev.parley.agent.provider.wire.CallBounds;
import dev.parley.agent.provider.wire.ProviderCallConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Asks providers in turn until one answers. The next is asked only as long as nothing of an answer was shown, and not
 * when the request itself is wrong; a provider that keeps failing is passed over while its breaker is open.
 */
@ApplicationScoped
class ProviderChain {
    private static final Logger LOG = Logger.getLogger(ProviderChain.class);
    private static final Duration NO_LIMIT = Duration.ofDays(1);
    private static final String REFUSED = "content_filter";
    private static final String REFUSAL = "The model refused to answer this.";

    private final LlmProviders providers;
    private final ProviderBreakers breakers;
    private final ProviderCallConfig config;
    private final Clock clock;
    private final MeterRegistry metrics;

    ProviderChain(
            LlmProviders providers,
            ProviderBreakers breakers,
            ProviderCallConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.providers = providers;
        this.breakers = breakers;
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** The reply, who gave it, and when that one was called. */
    record Answered(LlmReply reply, LlmTarget by, Instant calledAt) {}

    /** A provider that was asked in vain, or passed over. */
    @RegisterForReflection
    record FailedAttempt(Instant at, String provider, String model, String keyOwner, String reason) {}

    /**
     * Blocks until a reply is complete.
     *
     * @param deadline the {@link System#nanoTime()} at which everything has to be over
     * @param delta takes the text in pieces; null when nobody wants them
     * @param log is told who was asked in vain, and what that took
     * @throws LlmFailure the last one, when nobody answered
     */
    Answered ask(List<LlmTarget> targets, LlmRequest request, long deadline, Consumer<String> delta, RunLog log) {
        Shown shown = delta == null ? null : new Shown(delta);
        for (int i = 0; ; i++) {
            LlmTarget target = targets.get(i);
            boolean last = i == targets.size() - 1;
            Instant at = clock.instant();
            try {
                CallBounds bounds = new CallBounds(deadline, last ? NO_LIMIT : config.patienceBeforeFallback());
                return new Answered(visit(target, request, bounds, shown, log), target, at);
            } catch (LlmFailure failure) {
                LOG.infof("provider %s gave no reply: %s", target.endpoint().name(), failure.getMessage());
                LOG.debug("the provider's failure", failure);
                log.failed(new FailedAttempt(
                        at,
                        target.endpoint().name(),
                        target.model(),
                        target.keyOwner(),
                        failure.reason().name()));
                boolean over = last
                        || shown != null && shown.anything
                        || failure.reason() == LlmFailure.Reason.REJECTED
                        || System.nanoTime() >= deadline;
                if (over) {
                    throw failure;
                }
            }
        }
    }

    private LlmReply visit(LlmTarget target, LlmRequest request, CallBounds bounds, Shown shown, RunLog log) {
        Optional<ProviderBreakers.Visit> visit = breakers.visit(target.endpoint());
        if (visit.isEmpty()) {
            metrics.counter(
                            "agent.provider.passed-over",
                            "kind",
                            target.endpoint().kind())
                    .increment();
            throw new LlmFailure(
                    LlmFailure.Reason.RESTING,
                    "The model provider has failed too often of late and is not asked for a moment.",
                    breakers.rest());
        }
        Instant from = clock.instant();
        try {
            LlmReply reply = bounds.around(() -> call(target, readable(request, target), shown, log));
            visit.get().answered();
            count(target, "answered", from);
            return reply;
        } catch (LlmFailure failure) {
            visit.get().failed(failure);
            count(target, "failed", from);
            throw failure;
        } catch (RuntimeException | Error bug) {
            visit.get().abandoned();
            throw bug;
        }
    }

    /** What this target can read of it: of files that it cannot, it is told that they were sent. */
    private LlmRequest readable(LlmRequest request, LlmTarget target) {
        return request.of(target.model()).readable(providers.reads(target.endpoint()));
    }

    private LlmReply call(LlmTarget target, LlmRequest request, Shown shown, RunLog log) {
        LlmReply reply = said(target, request, shown, log);
        if (request.tools().isEmpty() && !reply.toolCalls().isEmpty()) {
            // nobody offered a function, so nobody would carry it out
            reply = new LlmReply(reply.text(), reply.model(), "stop", reply.usage());
        }
        if (!reply.text().isBlank() || !reply.toolCalls().isEmpty()) {
            return reply;
        }
        if (reply.finishReason().equals(REFUSED)) {
            if (shown != null) {
                shown.accept(REFUSAL);
            }
            return reply.saying(REFUSAL);
        }
        log.spent(target, request, reply);
        throw new LlmFailure(LlmFailure.Reason.UNUSABLE, "The model gave an empty reply.");
    }

    private LlmReply said(LlmTarget target, LlmRequest request, Shown shown, RunLog log) {
        LlmProvider provider = providers.of(target.endpoint());
        if (shown == null) {
            LlmReply raw = provider.complete(target.endpoint(), request);
            return raw.saying(PictureFilter.filter(request.messages(), ReplyText.clean(raw.text())));
        }
        PictureFilter pictures = new PictureFilter(request.messages(), shown);
        ReplyText text = new ReplyText(pictures);
        try {
            LlmReply raw = provider.stream(target.endpoint(), request, text);
            text.finish();
            return raw.saying(pictures.finish());
        } catch (LlmFailure cut) {
            if (shown.anything) {
                log.spent(target, request, new LlmReply(text.finish(), request.model(), "stop", null));
            }
            throw cut;
        }
    }

    private void count(LlmTarget target, String outcome, Instant from) {
        metrics.timer("agent.provider.call", "kind", target.endpoint().kind(), "outcome", outcome)
                .record(Duration.between(from, clock.instant()));
    }

    /** Passes pieces on and remembers that there were any. */
    private static final class Shown implements Consumer<String> {
        private final Consumer<String> next;
        private volatile boolean anything;

        Shown(Consumer<String> next) {
            this.next = next;
        }

        @Override
        public void accept(String piece) {
            anything = true;
            next.accept(piece);
        }
    }
}
