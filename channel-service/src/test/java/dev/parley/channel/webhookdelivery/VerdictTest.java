package dev.parley.channel.webhookdelivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<Duration> SCHEDULE = List.of(
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    @Test
    void whatIsNeverTakenIsTriedTenTimesInSeventyFiveHours() {
        List<Duration> waits = new ArrayList<>();
        int tries = 0;
        Verdict verdict;
        do {
            verdict = Verdict.of(answered(500, null), ++tries, SCHEDULE, DAY, 0);
            if (verdict.nextIn() != null) {
                waits.add(verdict.nextIn());
            }
        } while (verdict.state() == DeliveryState.PENDING);

        assertThat(tries).isEqualTo(10);
        assertThat(verdict.exhausted()).isTrue();
        assertThat(waits).containsExactlyElementsOf(SCHEDULE.subList(1, 10));
        assertThat(waits.stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofHours(75).plusMinutes(35).plusSeconds(5));
    }

    @Test
    void jitterAddsATenthAtMost() {
        assertThat(Verdict.of(answered(500, null), 2, SCHEDULE, DAY, 1).nextIn())
                .isEqualTo(Duration.ofSeconds(330));
        assertThat(Verdict.of(answered(500, null), 2, SCHEDULE, DAY, 0.5).nextIn())
                .isEqualTo(Duration.ofSeconds(315));
    }

    @ParameterizedTest
    @CsvSource({
        "200,DELIVERED",
        "201,DELIVERED",
        "204,DELIVERED",
        "299,DELIVERED",
        "301,PENDING",
        "302,PENDING",
        "304,PENDING",
        "400,PENDING",
        "404,PENDING",
        "410,FAILED",
        "429,PENDING",
        "500,PENDING",
        "503,PENDING"
    })
    void onlyTwoHundredsAreTakenAndOnlyGoneIsFinal(int status, DeliveryState state) {
        assertThat(Verdict.of(answered(status, null), 1, SCHEDULE, DAY, 0).state())
                .isEqualTo(state);
    }

    @Test
    void theEndpointMayAskForMoreTimeThanPlannedButNotForLess() {
        assertThat(Verdict.of(answered(429, Duration.ofMinutes(1)), 1, SCHEDULE, DAY, 0))
                .isEqualTo(new Verdict(DeliveryState.PENDING, Duration.ofMinutes(1), Duration.ofMinutes(1)));
        assertThat(Verdict.of(answered(429, Duration.ofSeconds(1)), 2, SCHEDULE, DAY, 0))
                .isEqualTo(new Verdict(DeliveryState.PENDING, Duration.ofMinutes(5), Duration.ofSeconds(1)));
        assertThat(Verdict.of(answered(503, Duration.ofDays(400)), 1, SCHEDULE, DAY, 0))
                .isEqualTo(new Verdict(DeliveryState.PENDING, DAY, DAY));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "120;PT2M",
                "0;PT0S",
                " 7 ;PT7S",
                "Sat, 21 Nov 2026 10:00:30 GMT;PT30S",
                "Sat, 21 Nov 2026 09:00:00 GMT;PT0S"
            },
            delimiter = ';')
    void retryAfterIsSecondsOrADate(String header, Duration wait) {
        assertThat(RetryAfter.of(header, Instant.parse("2026-11-21T10:00:00Z"))).contains(wait);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"soon", "-5", "1.5", "99999999999999999999", "2026-11-21", "''", "120, 240"},
            delimiter = ';')
    void anythingElseSaysNothing(String header) {
        assertThat(RetryAfter.of(header, Instant.parse("2026-11-21T10:00:00Z"))).isEmpty();
    }

    private static Attempt answered(int status, Duration retryAfter) {
        return new Attempt(Instant.EPOCH, 1, status, status / 100 == 2 ? null : "answered " + status, null, retryAfter);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 0", "3, 5", "4, 10", "5, 20", "8, 160", "9, 300", "100, 300", "2000000000, 300"})
    void aQueueInDoubtRestsTwiceAsLongEachTime(int failures, long seconds) {
        Duration first = Duration.ofSeconds(5);
        Duration longest = Duration.ofMinutes(5);

        assertThat(Verdict.rest(failures, first, longest, 0)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(Verdict.rest(failures, first, longest, 1)).isEqualTo(Duration.ofMillis(seconds * 1_100));
    }
}
