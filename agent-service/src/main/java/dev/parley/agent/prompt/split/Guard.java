package dev.parley.agent.prompt.split;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.statistics.Rate;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Optional;

/**
 * A figure of a version that must not get worse than said. It breaks only when that is all but sure, however often it is
 * looked at: intervals are as wide as a confidence sequence asks, which a version at its limit leaves in one case of 200
 * in all its time (S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Time-uniform, nonparametric, nonasymptotic
 * confidence sequences, Annals of Statistics 49, 2021, equation 2). That holds for each guard of each version, and as
 * far as cases do not depend on each other.
 *
 * @param metric failure_rate, refusal_rate, handoff_rate, unresolved_rate, tokens_per_reply or credits_per_reply
 * @param max the most that it may be
 * @param maxWorse how much worse than the version it is compared with: for rates the difference (0.05: five of a hundred
 *     more), for the others the share (0.2: a fifth more)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Guard(
        @NotNull
        @Pattern(regexp = "failure_rate|refusal_rate|handoff_rate|unresolved_rate|tokens_per_reply|credits_per_reply")
        String metric,

        @PositiveOrZero Double max,
        @PositiveOrZero Double maxWorse) {
    private static final double ONE_IN = 0.005;

    /** The half width of the sequence after that many cases, in standard errors: it grows with the logarithm's logarithm. */
    static double z(long cases) {
        double seen = Math.max(cases, 2);
        return 1.7 * Math.sqrt(Math.log(Math.log(2 * seen)) + 0.72 * Math.log(5.2 / ONE_IN));
    }

    /**
     * What is broken.
     *
     * @param observed the figure of the version
     * @param compared that of the version it is compared with; null where it broke its own limit
     * @param sample how much of the version was seen
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Breach(String metric, double observed, double limit, Double compared, long sample) {
        /** The breach in a sentence. */
        @JsonIgnore
        public String sentence() {
            return compared == null
                    ? "%s is %.4f in %d cases, more than %.4f".formatted(metric, observed, sample, limit)
                    : "%s is %.4f in %d cases, worse than %.4f by more than %.4f"
                            .formatted(metric, observed, sample, compared, limit);
        }
    }

    /** Whether it says anything: one limit or both. */
    @JsonIgnore
    public boolean limits() {
        return max != null || maxWorse != null;
    }

    /**
     * Judges a version. What is broken must be so without any one shard of tenants too: a single tenant takes no version
     * off duty that others are answered by.
     *
     * @param before the figures it is compared with
     * @param minimumSample fewer cases are not judged
     */
    public Optional<Breach> breach(Seen version, Figures before, int minimumSample) {
        return version.withoutOne().stream()
                        .allMatch(rest -> breach(rest, before, minimumSample).isPresent())
                ? breach(version.all(), before, minimumSample)
                : Optional.empty();
    }

    Optional<Breach> breach(Figures version, Figures before, int minimumSample) {
        return switch (metric) {
            case "failure_rate" -> breach(version.failureRate(), before.failureRate(), minimumSample);
            case "refusal_rate" -> breach(version.refusalRate(), before.refusalRate(), minimumSample);
            case "handoff_rate" -> breach(version.handoffRate(), before.handoffRate(), minimumSample);
            case "unresolved_rate" -> breach(version.unresolvedRate(), before.unresolvedRate(), minimumSample);
            case "tokens_per_reply" -> breach(version.tokensPerReply(), before.tokensPerReply(), minimumSample);
            case "credits_per_reply" -> breach(version.creditsPerReply(), before.creditsPerReply(), minimumSample);
            default -> throw new IllegalStateException("no metric " + metric);
        };
    }

    private Optional<Breach> breach(Rate version, Rate before, int minimumSample) {
        if (version.of() < minimumSample) {
            return Optional.empty();
        }
        if (max != null && version.lower(z(version.of())) > max) {
            return Optional.of(new Breach(metric, version.value(), max, null, version.of()));
        }
        boolean worse = maxWorse != null
                && before.of() >= minimumSample
                && version.excessOver(before, z(Math.max(version.of(), before.of()))) > maxWorse;
        return worse
                ? Optional.of(new Breach(metric, version.value(), maxWorse, before.value(), version.of()))
                : Optional.empty();
    }

    private Optional<Breach> breach(Mean version, Mean before, int minimumSample) {
        if (version.count() < minimumSample) {
            return Optional.empty();
        }
        if (max != null && version.lower(z(version.count())) > max) {
            return Optional.of(new Breach(metric, version.value(), max, null, version.count()));
        }
        boolean worse = maxWorse != null
                && before.count() >= minimumSample
                && version.lower(z(version.count())) > before.upper(z(before.count())) * (1 + maxWorse);
        return worse
                ? Optional.of(new Breach(metric, version.value(), maxWorse, before.value(), version.count()))
                : Optional.empty();
    }
}
