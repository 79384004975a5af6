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
        if (run.calledAt() != null) {
            steps.add(new RunStep(
                    run.calledAt(),
                    SERVICE,
                    "provider.called",
                    detail("provider", run.provider(), "model", run.model())));
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
                            "estimated", run.estimated())));
        }
        if (run.finishedAt() != null) {
            steps.add(new RunStep(run.finishedAt(), SERVICE, "run." + run.status(), detail("problem", run.problem())));
        }
        return steps;
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
