package dev.parley.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.engine.Standing;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class FiguresIT {
    private static final Standing LONG_AGO = Standing.EMPTY;

    @Inject
    PolicyStory story;

    @Inject
    CreditService credits;

    @Inject
    DecisionConfig config;

    @Test
    void whatIsHalfTooOldIsReadAgainForAllTogether() {
        TenantId first = story.subscribed(5);
        TenantId second = story.subscribed(7);
        TenantId withoutAccount = new TenantId(UUID.randomUUID());
        Watch watch = new Watch();
        Figures figures = new Figures(credits, config, watch);
        for (TenantId tenant : new TenantId[] {first, second, withoutAccount}) {
            figures.put(tenant, LONG_AGO);
        }

        watch.pass(Duration.ofSeconds(14));
        figures.refresh();
        assertThat(figures.of(first, watch.instant())).hasValue(LONG_AGO);

        watch.pass(Duration.ofSeconds(2));
        figures.refresh();
        assertThat(figures.of(first, watch.instant()))
                .hasValueSatisfying(standing -> assertThat(standing.available()).isEqualTo(5));
        assertThat(figures.of(second, watch.instant()))
                .hasValueSatisfying(standing -> assertThat(standing.available()).isEqualTo(7));
        assertThat(figures.of(withoutAccount, watch.instant())).isEmpty();
    }

    @Test
    void nothingIsKnownFromTooLongAgo() {
        Watch watch = new Watch();
        Figures figures = new Figures(credits, config, watch);
        TenantId tenant = new TenantId(UUID.randomUUID());
        figures.put(tenant, LONG_AGO);

        watch.pass(Duration.ofMillis(29_999));
        assertThat(figures.of(tenant, watch.instant())).hasValue(LONG_AGO);
        watch.pass(Duration.ofMillis(1));
        assertThat(figures.of(tenant, watch.instant())).isEmpty();
    }

    @Test
    void whoeverStoppedAskingIsForgotten() {
        TenantId asks = story.subscribed(5);
        TenantId stopped = story.subscribed(5);
        Watch watch = new Watch();
        Figures figures = new Figures(credits, config, watch);
        figures.put(asks, LONG_AGO);
        figures.put(stopped, LONG_AGO);

        for (int seconds = 0; seconds <= 600; seconds += 20) {
            figures.refresh();
            assertThat(figures.of(asks, watch.instant())).isPresent();
            watch.pass(Duration.ofSeconds(20));
        }
        figures.refresh();

        assertThat(figures.of(asks, watch.instant())).isPresent();
        assertThat(figures.of(stopped, watch.instant())).isEmpty();
    }

    private static final class Watch extends Clock {
        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
