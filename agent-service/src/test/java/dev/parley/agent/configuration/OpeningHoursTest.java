package dev.parley.agent.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningHoursTest {
    private static final String[] ALL = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

    @Test
    void hoursAreReadOnTheClockOfTheZone() {
        OpeningHours hours = hours("Asia/Kolkata", on("09:00", "18:00", "mon", "tue"));

        // 2026-11-23 is a Monday; India is 5:30 ahead
        assertThat(hours.isOpen(at("2026-11-23T03:29:59.999999999Z"))).isFalse();
        assertThat(hours.isOpen(at("2026-11-23T03:30:00Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-23T12:29:59.999999999Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-23T12:30:00Z"))).isFalse();
        assertThat(hours.isOpen(at("2026-11-25T06:00:00Z"))).isFalse();
        assertThat(hours.nextOpening(at("2026-11-23T12:30:00Z"))).contains(at("2026-11-24T03:30:00Z"));
        assertThat(hours.nextOpening(at("2026-11-24T12:30:00Z"))).contains(at("2026-11-30T03:30:00Z"));
    }

    @Test
    void theDayIsTheZonesAndNotOurs() {
        OpeningHours hours = hours("Pacific/Auckland", on("00:00", "24:00", "mon"));

        // 13 hours ahead in its summer
        assertThat(hours.isOpen(at("2026-11-22T10:59:59Z"))).isFalse();
        assertThat(hours.isOpen(at("2026-11-22T11:00:00Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-23T10:59:59Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-23T11:00:00Z"))).isFalse();
    }

    @Test
    void hoursOverMidnightBelongToTheDayOnWhichTheyBegin() {
        OpeningHours hours = hours("UTC", on("22:00", "02:00", "sun"));

        assertThat(hours.isOpen(at("2026-11-22T01:59:59Z")))
                .as("Saturday's night")
                .isFalse();
        assertThat(hours.isOpen(at("2026-11-22T21:59:59Z"))).isFalse();
        assertThat(hours.isOpen(at("2026-11-22T22:00:00Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-23T01:59:59Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-23T02:00:00Z"))).isFalse();
        assertThat(hours.nextOpening(at("2026-11-23T02:00:00Z"))).contains(at("2026-11-29T22:00:00Z"));
        assertThat(hours("UTC", on("22:00", "00:00", "sun")).isOpen(at("2026-11-23T00:00:00Z")))
                .isFalse();
    }

    @Test
    void hoursThatMeetHaveNoGap() {
        OpeningHours hours = hours("UTC", on("18:00", "24:00", "mon"), on("00:00", "06:00", "tue"));

        assertThat(hours.isOpen(at("2026-11-23T23:59:59.999999999Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-24T00:00:00Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-24T06:00:00Z"))).isFalse();
        assertThat(hours.nextOpening(at("2026-11-24T06:00:00Z"))).contains(at("2026-11-30T18:00:00Z"));
    }

    @Test
    void anHourThatTheClockLeavesOutHasNoLength() {
        // New York, 2026-03-08: 02:00 is 03:00, at 07:00 UTC
        OpeningHours left = hours("America/New_York", on("02:00", "03:00", ALL));
        assertThat(left.isOpen(at("2026-03-07T07:00:00Z"))).isTrue();
        assertThat(left.isOpen(at("2026-03-08T06:59:59Z"))).isFalse();
        assertThat(left.isOpen(at("2026-03-08T07:00:00Z"))).isFalse();
        assertThat(left.nextOpening(at("2026-03-07T08:00:00Z")))
                .as("not on the day without that hour")
                .contains(at("2026-03-09T06:00:00Z"));

        OpeningHours into = hours("America/New_York", on("02:30", "05:00", ALL));
        assertThat(into.isOpen(at("2026-03-08T06:59:59Z"))).isFalse();
        assertThat(into.isOpen(at("2026-03-08T07:00:00Z")))
                .as("03:00 on the clock")
                .isTrue();
        assertThat(into.isOpen(at("2026-03-08T08:59:59Z"))).isTrue();
        assertThat(into.isOpen(at("2026-03-08T09:00:00Z"))).isFalse();
        assertThat(into.nextOpening(at("2026-03-08T06:00:00Z"))).contains(at("2026-03-08T07:00:00Z"));
    }

    @Test
    void aNightAcrossTheChangeEndsByTheClock() {
        OpeningHours night = hours("Europe/Berlin", on("22:00", "06:00", "sat"));

        // spring, 2026-03-29: seven hours
        assertThat(night.isOpen(at("2026-03-28T20:59:59Z"))).isFalse();
        assertThat(night.isOpen(at("2026-03-28T21:00:00Z"))).isTrue();
        assertThat(night.isOpen(at("2026-03-29T03:59:59Z"))).isTrue();
        assertThat(night.isOpen(at("2026-03-29T04:00:00Z"))).isFalse();
        // autumn, 2026-10-25: nine hours
        assertThat(night.isOpen(at("2026-10-24T20:00:00Z"))).isTrue();
        assertThat(night.isOpen(at("2026-10-25T04:59:59Z"))).isTrue();
        assertThat(night.isOpen(at("2026-10-25T05:00:00Z"))).isFalse();
    }

    @Test
    void anHourThatTheClockShowsTwiceIsOpenTwice() {
        // New York, 2026-11-01: 02:00 is 01:00 again, at 06:00 UTC
        OpeningHours hours = hours("America/New_York", on("00:00", "01:30", ALL));

        assertThat(hours.isOpen(at("2026-11-01T05:29:59Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-01T05:30:00Z"))).isFalse();
        assertThat(hours.nextOpening(at("2026-11-01T05:30:00Z")))
                .as("the clock goes back into the hours")
                .contains(at("2026-11-01T06:00:00Z"));
        assertThat(hours.isOpen(at("2026-11-01T06:29:59Z"))).isTrue();
        assertThat(hours.isOpen(at("2026-11-01T06:30:00Z"))).isFalse();

        OpeningHours twice = hours("America/New_York", on("01:30", "01:45", ALL));
        assertThat(twice.nextOpening(at("2026-11-01T05:45:00Z"))).contains(at("2026-11-01T06:30:00Z"));
        assertThat(twice.nextOpening(at("2026-11-01T06:45:00Z"))).contains(at("2026-11-02T06:30:00Z"));
    }

    @Test
    void aChangeAtMidnightAndADayThatIsLeftOut() {
        // Cairo, 2026-04-24 (a Friday): 00:00 is 01:00, at 22:00 UTC of the day before
        OpeningHours friday = hours("Africa/Cairo", on("00:00", "24:00", "fri"));
        assertThat(friday.isOpen(at("2026-04-23T21:59:59Z"))).isFalse();
        assertThat(friday.isOpen(at("2026-04-23T22:00:00Z"))).isTrue();
        assertThat(friday.nextOpening(at("2026-04-23T12:00:00Z"))).contains(at("2026-04-23T22:00:00Z"));
        assertThat(friday.isOpen(at("2026-04-24T21:00:00Z"))).isFalse();
        // Apia had no 2011-12-30, a Friday
        OpeningHours apia = hours("Pacific/Apia", on("09:00", "17:00", "fri"));
        assertThat(apia.nextOpening(at("2011-12-25T00:00:00Z"))).contains(at("2012-01-05T19:00:00Z"));
    }

    @Test
    void noHoursNeverOpen() {
        OpeningHours none = hours("Asia/Kolkata");

        assertThat(none.isOpen(at("2026-11-23T06:00:00Z"))).isFalse();
        assertThat(none.nextOpening(at("2026-11-23T06:00:00Z"))).isEmpty();
        assertThat(hours("UTC", on("00:00", "24:00", ALL)).isOpen(at("2026-11-23T23:59:59.999Z")))
                .isTrue();
    }

    @Test
    void whatMeansNothingIsObjectedTo() {
        assertThat(schedule("Asia/Kolkata", on("09:00", "18:00", "mon")).objection())
                .isEmpty();
        assertThat(schedule("Asia/Bombay", on("09:00", "18:00", "mon")).objection())
                .contains("schedule.time_zone is no IANA time zone, such as Asia/Kolkata.");
        assertThat(schedule("+05:30", on("09:00", "18:00", "mon")).objection()).isPresent();
        assertThat(schedule("UTC", on("00:00", "00:00", "mon")).objection()).isPresent();
        assertThat(schedule("UTC", on("22:00", "00:00", "mon")).objection()).isEmpty();
        assertThat(new Schedule("UTC", List.of(), new Schedule.Outside(null, false)).objection())
                .isPresent();
        assertThat(new Schedule("UTC", List.of(), new Schedule.Outside(null, true)).objection())
                .isEmpty();
    }

    private static OpeningHours hours(String zone, Schedule.Hours... hours) {
        return OpeningHours.of(schedule(zone, hours));
    }

    private static Schedule schedule(String zone, Schedule.Hours... hours) {
        return new Schedule(zone, Arrays.asList(hours), new Schedule.Outside("We are asleep.", false));
    }

    private static Schedule.Hours on(String from, String to, String... days) {
        return new Schedule.Hours(List.of(days), from, to);
    }

    private static Instant at(String text) {
        return Instant.parse(text);
    }
}
