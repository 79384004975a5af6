package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation cost, and what is left.
 *
 * @param lines what it was charged for; of whoever settles again, what the first settlement charged
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Settlement(
        @Nullable Long credits,
        @Nullable Long remaining,
        @Nullable List<Line> lines) {
    private static final String MESSAGE = "message";

    /** So much of a meter. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Line(String meter, long quantity) {}

    /** Whether a message was charged. */
    public boolean messageCharged() {
        return lines != null && lines.stream().anyMatch(line -> line.meter().equals(MESSAGE) && line.quantity() > 0);
    }
}
