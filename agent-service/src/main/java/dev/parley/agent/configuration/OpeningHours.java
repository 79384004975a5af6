package dev.parley.agent.configuration;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A schedule's hours on the clock of its zone: open is what that clock shows as open. An hour that the clock leaves out
 * has no length, and what it shows twice is open twice.
 */
public final class OpeningHours {
    /** Longer than from any instant to the same hour of the next week, also where a day is left out. */
    private static final int DAYS_AHEAD = 15;

    private static final int MINUTES_OF_AN_HOUR = 60;
    private static final int MINUTES_OF_A_DAY = 24 * MINUTES_OF_AN_HOUR;
    private static final Map<String, DayOfWeek> DAYS = Map.of(
            "mon", DayOfWeek.MONDAY,
            "tue", DayOfWeek.TUESDAY,
            "wed", DayOfWeek.WEDNESDAY,
            "thu", DayOfWeek.THURSDAY,
            "fri", DayOfWeek.FRIDAY,
            "sat", DayOfWeek.SATURDAY,
            "sun", DayOfWeek.SUNDAY);

    private final ZoneId zone;
    private final List<Span> spans;

    private OpeningHours(ZoneId zone, List<Span> spans) {
        this.zone = zone;
        this.spans = spans;
    }

    /** The hours of a schedule that has no objection. */
    public static OpeningHours of(Schedule schedule) {
        return new OpeningHours(
                ZoneId.of(schedule.timeZone()),
                schedule.hours().stream().map(Span::of).toList());
    }

    /** Whether a zone of that name is known. */
    static boolean isTimeZone(String name) {
        return ZoneId.getAvailableZoneIds().contains(name);
    }

    /** Whether it is open then. */
    public boolean isOpen(Instant at) {
        LocalDateTime shown = LocalDateTime.ofInstant(at, zone);
        int minute = shown.getHour() * MINUTES_OF_AN_HOUR + shown.getMinute();
        return spans.stream().anyMatch(span -> span.holds(shown.getDayOfWeek(), minute));
    }

    /** When it opens next after an instant at which it is closed; empty when it never does. */
    public Optional<Instant> nextOpening(Instant closed) {
        LocalDate today = LocalDate.ofInstant(closed, zone);
        Stream<Instant> beginnings = today.datesUntil(today.plusDays(DAYS_AHEAD))
                .flatMap(day -> spans.stream().map(span -> day.atTime(span.begins())))
                .flatMap(this::instants);
        return Stream.concat(beginnings, changes(closed))
                .filter(at -> at.isAfter(closed) && isOpen(at))
                .min(Instant::compareTo);
    }

    /** The instants at which the clock shows that: one, or two, or none. */
    private Stream<Instant> instants(LocalDateTime shown) {
        return zone.getRules().getValidOffsets(shown).stream().map(shown::toInstant);
    }

    /** The instants after that one at which the clock is put forward or back: into the hours, perhaps. */
    private Stream<Instant> changes(Instant from) {
        ZoneRules rules = zone.getRules();
        Instant until = from.plus(Duration.ofDays(DAYS_AHEAD));
        return Stream.iterate(
                        rules.nextTransition(from),
                        change -> change != null && change.getInstant().isBefore(until),
                        change -> rules.nextTransition(change.getInstant()))
                .map(ZoneOffsetTransition::getInstant);
    }

    /** Hours in minutes of the day; over midnight where the end is before the beginning. */
    private record Span(Set<DayOfWeek> days, int begin, int end) {
        static Span of(Schedule.Hours hours) {
            Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
            hours.days().forEach(day -> days.add(DAYS.get(day)));
            return new Span(days, hours.begin(), hours.end());
        }

        LocalTime begins() {
            return LocalTime.of(begin / MINUTES_OF_AN_HOUR, begin % MINUTES_OF_AN_HOUR);
        }

        boolean holds(DayOfWeek day, int minute) {
            int closing = end > begin ? end : MINUTES_OF_A_DAY;
            return days.contains(day) && minute >= begin && minute < closing
                    || end < begin && days.contains(day.minus(1)) && minute < end;
        }
    }
}
