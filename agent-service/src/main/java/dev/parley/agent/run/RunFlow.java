package dev.parley.agent.run;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.ActivePrompts;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Makes a run: claim, context, provider, then result and usage in one transaction. One run per operation: whoever asks
 * for the same operation meanwhile gets the same outcome, whoever asks later the stored result.
 */
@ApplicationScoped
public class RunFlow {
    private static final Logger LOG = Logger.getLogger(RunFlow.class);
    private static final int LONGEST_NAME = 200;

    private final ActivePrompts prompts;
    private final LlmProviders providers;
    private final RunService runs;
    private final RunConfig config;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Map<Key, CompletableFuture<RunResult>> inFlight = new ConcurrentHashMap<>();

    RunFlow(
            ActivePrompts prompts,
            LlmProviders providers,
            RunService runs,
            RunConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.prompts = prompts;
        this.providers = providers;
        this.runs = runs;
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
    }

    private record Key(TenantId tenant, UUID operationId) {}

    /** Blocks until the reply is there, and throws the problem when there is none. */
    RunResult run(TenantId tenant, RunRequest request) {
        return run(tenant, request, null);
    }

    /**
     * As {@link #run(TenantId, RunRequest)}, with the text in pieces as it is made. A result that was made before, or
     * by another request, comes as one piece.
     *
     * @param delta takes the pieces; must not block
     */
    RunResult stream(TenantId tenant, RunRequest request, Consumer<String> delta) {
        return run(tenant, request, delta);
    }

    private RunResult run(TenantId tenant, RunRequest request, Consumer<String> delta) {
        Key key = new Key(tenant, request.operationId());
        CompletableFuture<RunResult> mine = new CompletableFuture<>();
        CompletableFuture<RunResult> others = inFlight.putIfAbsent(key, mine);
        if (others != null) {
            return whole(join(others), delta);
        }
        try {
            RunResult result = once(tenant, request, delta);
            mine.complete(result);
            return result;
        } catch (RuntimeException | Error failure) {
            mine.completeExceptionally(failure);
            throw failure;
        } finally {
            inFlight.remove(key);
        }
    }

    private static RunResult join(CompletableFuture<RunResult> others) {
        try {
            return others.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    private static RunResult whole(RunResult result, Consumer<String> delta) {
        if (delta != null) {
            delta.accept(result.text());
        }
        return result;
    }

    private RunResult once(TenantId tenant, RunRequest request, Consumer<String> delta) {
        ActivePrompt prompt;
        LlmRequest ask;
        try {
            prompt = prompts.get(request.agent());
            ask = assemble(prompt, request);
        } catch (Problem cannotRun) {
            Optional<RunResult> before = runs.finished(tenant, request.operationId());
            if (before.isPresent()) {
                return whole(before.get(), delta);
            }
            throw cannotRun;
        }
        RunService.Admission admission = admit(tenant, request, prompt);
        if (admission.finished() != null) {
            return whole(admission.finished(), delta);
        }
        return make(tenant, request, prompt, ask, admission.claim(), delta);
    }

    /** Returns a claim or a finished result; waits while another process makes the run. */
    private RunService.Admission admit(TenantId tenant, RunRequest request, ActivePrompt prompt) {
        long deadline = System.nanoTime() + config.waitForOther().toNanos();
        boolean waited = false;
        while (true) {
            RunService.Admission admission = runs.admit(tenant, request, prompt, !waited);
            if (admission.failed() != null) {
                throw new Problem(problemNamed(admission.failed()));
            }
            if (admission.claim() != null || admission.finished() != null) {
                return admission;
            }
            if (System.nanoTime() >= deadline) {
                throw new Problem(RunProblem.RUN_IN_PROGRESS).header("Retry-After", "1");
            }
            waited = true;
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, config.pollOther().toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    private RunResult make(
            TenantId tenant,
            RunRequest request,
            ActivePrompt prompt,
            LlmRequest ask,
            RunRepository.Claim claim,
            Consumer<String> delta) {
        Instant calledAt = clock.instant();
        RunResult result;
        Instant answeredAt;
        try {
            LlmReply reply = call(prompt, ask, delta);
            answeredAt = clock.instant();
            result = result(claim.runId(), prompt, ask, reply);
            count(prompt, "answered", calledAt, answeredAt);
        } catch (LlmFailure failure) {
            count(prompt, "failed", calledAt, clock.instant());
            Problem problem = problem(failure);
            LOG.infof(failure, "provider %s gave no reply", prompt.endpoint().name());
            giveUp(tenant, request, claim, problem.type().name());
            throw problem;
        } catch (RuntimeException | Error bug) {
            giveUp(tenant, request, claim, CommonProblem.INTERNAL_ERROR.name());
            throw bug;
        }
        if (runs.finish(tenant, request, claim, result, calledAt, answeredAt)) {
            return result;
        }
        return runs.finished(tenant, request.operationId())
                .orElseThrow(() -> new Problem(RunProblem.RUN_IN_PROGRESS).header("Retry-After", "1"));
    }

    private LlmReply call(ActivePrompt prompt, LlmRequest ask, Consumer<String> delta) {
        LlmProvider provider = providers.of(prompt.endpoint());
        LlmReply reply;
        if (delta == null) {
            reply = provider.complete(prompt.endpoint(), ask);
            reply = new LlmReply(ReplyText.clean(reply.text()), reply.model(), reply.finishReason(), reply.usage());
        } else {
            ReplyText text = new ReplyText(delta);
            LlmReply raw = provider.stream(prompt.endpoint(), ask, text);
            reply = new LlmReply(text.finish(), raw.model(), raw.finishReason(), raw.usage());
        }
        if (reply.text().isBlank()) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider gave an empty reply.");
        }
        return reply;
    }

    private static RunResult result(UUID runId, ActivePrompt prompt, LlmRequest ask, LlmReply reply) {
        RunResult.Usage usage = reply.usage() == null
                ? new RunResult.Usage(TokenEstimate.of(ask.messages()), TokenEstimate.of(reply.text()), true)
                : new RunResult.Usage(reply.usage().inputTokens(), reply.usage().outputTokens(), false);
        return new RunResult(
                runId,
                reply.text(),
                prompt.number(),
                shortened(reply.finishReason()),
                usage,
                prompt.endpoint().name(),
                shortened(reply.model()));
    }

    /** A provider's name for something, fit to be stored whatever it sends. */
    private static String shortened(String name) {
        String clean = ReplyText.clean(name);
        return clean.length() <= LONGEST_NAME ? clean : ReplyText.clean(clean.substring(0, LONGEST_NAME));
    }

    private LlmRequest assemble(ActivePrompt prompt, RunRequest request) {
        RunRequest.Limits limits = request.limits() == null ? new RunRequest.Limits(null, null) : request.limits();
        RunRequest.Parameters wishes =
                request.parameters() == null ? new RunRequest.Parameters(null, null, null) : request.parameters();
        int room = limits.maxInputTokens() == null
                ? config.maxInputTokens()
                : Math.min(limits.maxInputTokens(), config.maxInputTokens());
        String system = prompt.systemPrompt(Map.of("agent", request.agent(), "channel", request.channel()));
        List<LlmMessage> context = ContextAssembly.assemble(system, MessageReader.read(request.messages()), room);
        return new LlmRequest(
                prompt.model(),
                context,
                wishes.temperature() == null ? prompt.temperature() : wishes.temperature(),
                lowest(prompt.maxTokens(), limits.maxOutputTokens(), wishes.maxTokens()),
                MessageReader.readStop(wishes.stop()));
    }

    /** The lowest of the limits that are set; null when none is. */
    static Integer lowest(Integer... limits) {
        Integer lowest = null;
        for (Integer limit : limits) {
            if (limit != null && (lowest == null || limit < lowest)) {
                lowest = limit;
            }
        }
        return lowest;
    }

    private void giveUp(TenantId tenant, RunRequest request, RunRepository.Claim claim, String problem) {
        try {
            runs.fail(tenant, request.operationId(), claim, problem);
        } catch (RuntimeException unreachable) {
            LOG.warn("a failed run is left to be taken over", unreachable);
        }
    }

    private void count(ActivePrompt prompt, String outcome, Instant from, Instant to) {
        metrics.timer("agent.provider.call", "kind", prompt.endpoint().kind(), "outcome", outcome)
                .record(Duration.between(from, to));
    }

    private static Problem problem(LlmFailure failure) {
        RunProblem type = failure.reason() == LlmFailure.Reason.TIMEOUT
                ? RunProblem.PROVIDER_TIMEOUT
                : RunProblem.PROVIDER_FAILED;
        return new Problem(type, failure).detail(failure.getMessage() + " Nothing was charged.");
    }

    private static ProblemType problemNamed(String name) {
        for (RunProblem problem : RunProblem.values()) {
            if (problem.name().equals(name)) {
                return problem;
            }
        }
        return CommonProblem.INTERNAL_ERROR;
    }
}
