package dev.parley.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.replica.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DecisionLogTest {
    @Test
    void whatIsStillWaitingWhenTheLogStopsIsCountedAsLost() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        DecisionLog log = new DecisionLog(null, null, Settings.of(DecisionConfig.class, Map.of()), metrics);
        log.append(entry(1));
        log.append(entry(2));

        log.stop(null);

        assertThat(metrics.counter("policy.decision.log.lost").count()).isEqualTo(2);
    }

    private static DecisionEntry entry(long id) {
        return new DecisionEntry(
                new UUID(1, 1),
                new UUID(2, id),
                new UUID(3, id),
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                true,
                "ALLOWED",
                "test",
                1,
                1,
                0,
                null,
                null,
                null,
                null,
                null,
                Instant.EPOCH);
    }
}
