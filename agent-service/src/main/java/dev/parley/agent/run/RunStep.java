package dev.parley.agent.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A step of an operation's trace. */
public record RunStep(Instant at, String service, String step, Map<String, Object> detail) {
    private static final String SERVICE = "agent-service";

    static List<RunStep> of(RunRepository.Row run) {
        List<RunStep> steps = new ArrayList<>();
        steps.add(new RunStep(
                run.startedAt(),
                SERVICE,
                "run.started",
                detail(
                        "run_id",
                        run.id(),
                        "agent",
                        run.agent(),
                        "prompt_version",
                        run.promptVersion(),
                        "prompt_version_id",
                        run.promptVersionId(),
                        "attempt",
                        run.epoch())));
        if (run.failedAttempts() != null) {
            for (ProviderChain.FailedAttempt failed : run.failedAttempts()) {
                steps.add(new RunStep(
                        failed.at(),
                        SERVICE,
                        "provider.failed",
                        detail(
                                "provider", failed.provider(),
                                "model", failed.model(),
                                "key_owner", failed.keyOwner(),
                                "reason", failed.reason())));
            }
        }
        if (run.calledAt() != null) {
            steps.add(new RunStep(
                    run.calledAt(),
                    SERVICE,
                    "provider.called",
                    detail("provider", run.provider(), "model", run.model(), "key_owner", run.keyOwner())));
        }
        if (run.toolSteps() != null) {
            for (ToolLoop.ToolStep step : run.toolSteps()) {
                steps.add(new RunStep(
                        step.at(),
                        SERVICE,
                        "tool.called",
                        detail(
                                "tool", step.tool(),
                                "arguments", step.arguments(),
                                "outcome", step.outcome(),
                                "result", step.result())));
            }
        }
        if (run.answeredAt() != null) {
            steps.add(new RunStep(
                    run.answeredAt(),
                    SERVICE,
                    "provider.answered",
                    detail(
                            "finish_reason", run.finishReason(),
                            "input_tokens", run.inputTokens(),
                            "output_tokens", run.outputTokens(),
                            "estimated", run.estimated(),
                            "cached", run.cached() ? true : null)));
        }
        if (run.finishedAt() != null) {
            steps.add(new RunStep(run.finishedAt(), SERVICE, "run." + run.status(), ending(run)));
        }
        return steps;
    }

    private static Map<String, Object> ending(RunRepository.Row run) {
        return run.failed()
                ? detail(
                        "problem", run.problem(),
                        "cause", run.cause(),
                        "input_tokens", run.inputTokens(),
                        "output_tokens", run.outputTokens())
                : Map.of();
    }

    private static Map<String, Object> detail(Object... namesAndValues) {
        Map<String, Object> detail = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                detail.put((String) namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        return detail;
    }
}
