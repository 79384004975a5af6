package dev.parley.agent.run;

import dev.parley.agent.provider.LlmFailure;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Makes a run: plan, claim, model, then result and usage in one transaction. One run per operation: whoever asks for the
 * same operation meanwhile gets the same outcome, whoever asks later the stored result.
 */
@ApplicationScoped
public class RunFlow {
    private static final Logger LOG = Logger.getLogger(RunFlow.class);

    private static final Duration USUAL_PAUSE = Duration.ofSeconds(2);

    private final RunPlanner planner;
    private final ModelCall model;
    private final RunService runs;
    private final MemoryWriter memories;
    private final LoopAlarm alarm;
    private final RunConfig config;
    private final SharedRuns shared = new SharedRuns();

    RunFlow(
            RunPlanner planner,
            ModelCall model,
            RunService runs,
            MemoryWriter memories,
            LoopAlarm alarm,
            RunConfig config) {
        this.planner = planner;
        this.model = model;
        this.runs = runs;
        this.memories = memories;
        this.alarm = alarm;
        this.config = config;
    }

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

    /** The reply that was made for an operation; 404 when there is none. */
    RunResult result(TenantId tenant, UUID operationId) {
        return runs.finished(tenant, operationId).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private RunResult run(TenantId tenant, RunRequest request, Consumer<String> delta) {
        return shared.share(
                tenant, request.operationId(), () -> once(tenant, request, delta), result -> whole(result, delta));
    }

    private static RunResult whole(RunResult result, Consumer<String> delta) {
        if (delta != null && !result.text().isEmpty()) {
            delta.accept(result.text());
        }
        return result;
    }

    private RunResult once(TenantId tenant, RunRequest request, Consumer<String> delta) {
        RunPlan plan;
        try {
            plan = planner.plan(tenant, request);
        } catch (Problem cannotRun) {
            Optional<RunResult> before = runs.finished(tenant, request.operationId());
            if (before.isPresent()) {
                return whole(before.get(), delta);
            }
            throw cannotRun;
        }
        return planned(tenant, request, plan, delta);
    }

    /** Makes a run as it is planned, once for its operation. */
    RunResult planned(TenantId tenant, RunRequest request, RunPlan plan, Consumer<String> delta) {
        RunService.Admission admission = admit(tenant, request, plan);
        if (admission.finished() != null) {
            return whole(admission.finished(), delta);
        }
        return finish(tenant, request, plan, admission.claim(), make(tenant, request, plan, admission.claim(), delta));
    }

    /** Returns a claim or a finished result; waits while another process makes the run. */
    private RunService.Admission admit(TenantId tenant, RunRequest request, RunPlan plan) {
        long deadline = System.nanoTime() + config.waitForOther().toNanos();
        boolean waited = false;
        while (true) {
            RunService.Admission admission = runs.admit(tenant, request, plan, !waited);
            if (admission.failed() != null) {
                throw new Problem(problemNamed(admission.failed()));
            }
            if (admission.looping()) {
                alarm.raise(tenant, request);
                throw new Problem(RunProblem.CONVERSATION_LOOPING)
                        .header(
                                "Retry-After",
                                String.valueOf(config.loop().window().toSeconds()));
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

    private ModelCall.Made make(
            TenantId tenant, RunRequest request, RunPlan plan, RunRepository.Claim claim, Consumer<String> delta) {
        RunLog log = new RunLog();
        try {
            return model.make(tenant, claim.runId(), request, plan, delta, log);
        } catch (LlmFailure failure) {
            Problem problem = problem(failure);
            giveUp(tenant, request, claim, problem.type().name(), FailureCause.of(failure, log.attempts()), log);
            throw problem;
        } catch (RuntimeException | Error bug) {
            giveUp(tenant, request, claim, CommonProblem.INTERNAL_ERROR.name(), FailureCause.PLATFORM, log);
            throw bug;
        }
    }

    private RunResult finish(
            TenantId tenant, RunRequest request, RunPlan plan, RunRepository.Claim claim, ModelCall.Made made) {
        if (runs.finish(tenant, request, plan, claim, made)) {
            memories.write(tenant, request, plan);
            return made.result();
        }
        return runs.finished(tenant, request.operationId())
                .orElseThrow(() -> new Problem(RunProblem.RUN_IN_PROGRESS).header("Retry-After", "1"));
    }

    private void giveUp(
            TenantId tenant,
            RunRequest request,
            RunRepository.Claim claim,
            String problem,
            FailureCause cause,
            RunLog log) {
        try {
            runs.fail(tenant, request.operationId(), claim, problem, cause, log);
        } catch (RuntimeException unreachable) {
            LOG.warn("a failed run is left to be taken over", unreachable);
        }
    }

    /** What the caller is told of a provider that gave no reply; with Retry-After where asking again may help. */
    static Problem problem(LlmFailure failure) {
        RunProblem type =
                switch (failure.reason()) {
                    case TIMEOUT -> RunProblem.PROVIDER_TIMEOUT;
                    case REJECTED -> RunProblem.PROVIDER_REJECTED;
                    case FAILED, UNREACHABLE, BUSY, UNAUTHORIZED, UNUSABLE, RESTING -> RunProblem.PROVIDER_FAILED;
                };
        Problem problem = new Problem(type, failure).detail(failure.getMessage() + " Nothing was charged.");
        return passes(failure.reason())
                ? problem.header(
                        "Retry-After", String.valueOf(Math.max(1, pause(failure).toSeconds())))
                : problem;
    }

    private static boolean passes(LlmFailure.Reason reason) {
        return switch (reason) {
            case FAILED, TIMEOUT, UNREACHABLE, BUSY, RESTING -> true;
            case UNAUTHORIZED, REJECTED, UNUSABLE -> false;
        };
    }

    private static Duration pause(LlmFailure failure) {
        return failure.retryAfter() == null ? USUAL_PAUSE : failure.retryAfter();
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
