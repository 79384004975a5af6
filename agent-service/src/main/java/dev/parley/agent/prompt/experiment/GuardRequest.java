package dev.parley.agent.prompt.experiment;

import dev.parley.agent.prompt.split.Guard;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * How versions of an agent are watched after they were activated.
 *
 * @param guards what they are watched for
 * @param minimumSample how much of a version is seen before it is judged; 50 when absent
 * @param windowSeconds for how long after its activation; a day when absent
 */
public record GuardRequest(
        @NotEmpty @Size(max = 10) List<@Valid @NotNull Guard> guards,
        @Min(10) @Max(1_000_000) Integer minimumSample,
        @Min(60) @Max(2_592_000) Integer windowSeconds) {
    private static final int DAY = 86_400;

    int sample() {
        return minimumSample == null ? ExperimentRequest.USUAL_SAMPLE : minimumSample;
    }

    int window() {
        return windowSeconds == null ? DAY : windowSeconds;
    }
}
