package dev.parley.agent.configuration;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;

/**
 * When an agent answers, and what happens outside of that.
 *
 * @param timeZone the IANA name of the zone whose clock the hours are read on, such as {@code Asia/Kolkata}
 * @param hours the hours of a week in which the agent answers, together; none: it never does
 * @param outside what happens with messages that come at other times
 */
public record Schedule(
        @NotNull @Size(max = 64) String timeZone,
        @NotNull @Size(max = 50) List<@NotNull @Valid Hours> hours,
        @NotNull @Valid Outside outside) {
    private static final int MINUTES_OF_AN_HOUR = 60;

    /**
     * Hours of some days.
     *
     * @param days {@code mon} to {@code sun}: the days on which they begin
     * @param from when they begin, as {@code 09:00}
     * @param to when they are over, as {@code 18:00} or {@code 24:00}; of an earlier time than {@code from}, on the next
     *     day
     */
    public record Hours(
            @NotEmpty @Size(max = 7) List<@NotNull @Pattern(regexp = "mon|tue|wed|thu|fri|sat|sun") String> days,

            @NotNull @Pattern(regexp = "([01][0-9]|2[0-3]):[0-5][0-9]")
            String from,

            @NotNull @Pattern(regexp = "([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
            String to) {
        /** The minute of the day at which they begin. */
        int begin() {
            return minutes(from);
        }

        /** The minute at which they are over, of the day on which they began or of the next one. */
        int end() {
            return minutes(to);
        }
    }

    /**
     * What happens with a message that comes while the agent does not answer: at least one of the two.
     *
     * @param text what is said, once for each conversation and closed time
     * @param handoff whether the conversation waits for a person from then on, where people can be waited for
     */
    public record Outside(
            @Size(max = 1000) @Pattern(regexp = Configuration.TEXT) @Pattern(regexp = "(?s).*\\S.*")
            String text,

            boolean handoff) {}

    /** What is wrong with it beyond its form; empty when it can be used. */
    @JsonIgnore
    Optional<String> objection() {
        if (!OpeningHours.isTimeZone(timeZone)) {
            return Optional.of("schedule.time_zone is no IANA time zone, such as Asia/Kolkata.");
        }
        if (hours.stream().anyMatch(one -> one.begin() == one.end())) {
            return Optional.of(
                    "schedule.hours must not begin and end at the same time; a whole day is 00:00 to 24:00.");
        }
        if (outside.text() == null && !outside.handoff()) {
            return Optional.of("schedule.outside must have a text, or handoff, or both.");
        }
        return Optional.empty();
    }

    private static int minutes(String time) {
        int colon = time.indexOf(':');
        return Integer.parseInt(time.substring(0, colon)) * MINUTES_OF_AN_HOUR
                + Integer.parseInt(time.substring(colon + 1));
    }
}
