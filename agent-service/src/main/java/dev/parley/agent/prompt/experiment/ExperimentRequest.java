package dev.parley.agent.prompt.experiment;

import dev.parley.agent.prompt.split.Guard;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * An experiment to begin.
 *
 * @param arms two to five versions, the active one among them: it is the control
 * @param guards what the others are watched for; none when absent
 * @param minimumSample how much of a version is seen before it is judged; 50 when absent
 */
public record ExperimentRequest(
        @NotBlank @Size(max = 120) @Pattern(regexp = "(?s)[^\\x00]*")
        String name,

        @NotNull @Size(min = 2, max = 5) List<@Valid @NotNull Wanted> arms,
        @Size(max = 10) List<@Valid @NotNull Guard> guards,
        @Min(10) @Max(1_000_000) Integer minimumSample) {
    static final int USUAL_SAMPLE = 50;

    /** A version and its share. */
    public record Wanted(
            @Positive int number, @Min(1) @Max(1000) int weight) {}

    List<Guard> watched() {
        return guards == null ? List.of() : guards;
    }

    int sample() {
        return minimumSample == null ? USUAL_SAMPLE : minimumSample;
    }
}
