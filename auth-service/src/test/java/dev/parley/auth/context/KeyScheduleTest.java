package dev.parley.auth.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyScheduleTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(30);
    private static final Duration OVERLAP = Duration.ofHours(1);

    private static KeySchedule keys(Instant... signingFrom) {
        return new KeySchedule(List.of(signingFrom), LIFETIME, OVERLAP);
    }

    @Test
    void theFirstKeySignsAtOnce() {
        assertThat(keys().due(START)).contains(START);
    }

    @Test
    void theNextKeyIsPublishedAnOverlapBeforeItSigns() {
        Instant handover = START.plus(LIFETIME);

        assertThat(keys(START).due(handover.minus(OVERLAP).minusSeconds(1))).isEmpty();
        assertThat(keys(START).due(handover.minus(OVERLAP))).contains(handover);
    }

    @Test
    void aRotationThatWasMissedStillPublishesBeforeSigning() {
        Instant late = START.plus(Duration.ofDays(90));

        assertThat(keys(START).due(late)).contains(late.plus(OVERLAP));
    }

    @Test
    void theOldKeySignsUntilTheHandoverAndIsPublishedAnOverlapLonger() {
        Instant handover = START.plus(LIFETIME);
        KeySchedule both = keys(START, handover);

        assertThat(both.signing(handover.minusSeconds(1))).isZero();
        assertThat(both.signing(handover)).isEqualTo(1);
        assertThat(both.published(handover.plus(OVERLAP).minusSeconds(1))).containsExactly(0, 1);
        assertThat(both.published(handover.plus(OVERLAP))).containsExactly(1);
    }
}
