package dev.parley.agent.run;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
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

    private final RunPlanner planner;
    private final ModelCall model;
    private final RunService runs;
    private final RunConfig config;
    private final SharedRuns shared = new SharedRuns();

    RunFlow(RunPlanner planner, ModelCall model, RunService runs, RunConfig config) {
        this.planner = planner;
        this.model = model;
        this.runs = runs;
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

    private RunResult run(TenantId tenant, RunRequest request, Consumer<String> delta) {
        return shared.share(
                tenant, request.operationId(), () -> once(tenant, request, delta), result -> whole(result, delta));
    }

    private static RunResult whole(RunResult result, Consumer<String> delta) {
        if (delta != null) {
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
        RunService.Admission admission = admit(tenant, request, plan.prompt());
        if (admission.finished() != null) {
            return whole(admission.finished(), delta);
        }
        return finish(tenant, request, admission.claim(), make(tenant, request, plan, admission.claim(), delta));
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

    private ModelCall.Made make(
            TenantId tenant, RunRequest request, RunPlan plan, RunRepository.Claim claim, Consumer<String> delta) {
        try {
            return model.make(claim.runId(), plan, delta);
        } catch (LlmFailure failure) {
            Problem problem = problem(failure);
            LOG.infof(
                    failure,
                    "provider %s gave no reply",
                    plan.prompt().endpoint().name());
            giveUp(tenant, request, claim, problem.type().name());
            throw problem;
        } catch (RuntimeException | Error bug) {
            giveUp(tenant, request, claim, CommonProblem.INTERNAL_ERROR.name());
            throw bug;
        }
    }

    private RunResult finish(TenantId tenant, RunRequest request, RunRepository.Claim claim, ModelCall.Made made) {
        if (runs.finish(tenant, request, claim, made.result(), made.calledAt(), made.answeredAt())) {
            return made.result();
        }
        return runs.finished(tenant, request.operationId())
                .orElseThrow(() -> new Problem(RunProblem.RUN_IN_PROGRESS).header("Retry-After", "1"));
    }

    private void giveUp(TenantId tenant, RunRequest request, RunRepository.Claim claim, String problem) {
        try {
            runs.fail(tenant, request.operationId(), claim, problem);
        } catch (RuntimeException unreachable) {
            LOG.warn("a failed run is left to be taken over", unreachable);
        }
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
