package dev.parley.agent.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final AtomicLong now = new AtomicLong();
    private final RetryBudget budget = new RetryBudget(0.1, 3, now::get);

    @Test
    void aStormIsRetriedByATenthAndTheReserve() {
        int retries = 0;
        for (int call = 0; call < 1000; call++) {
            budget.called();
            retries += budget.tryRetry() ? 1 : 0;
        }
        assertThat(retries).isEqualTo(103);
    }

    @Test
    void aQuietProviderGetsOneRetryBackEveryTenSeconds() {
        IntStream.range(0, 3).forEach(i -> assertThat(budget.tryRetry()).isTrue());
        assertThat(budget.tryRetry()).isFalse();
        now.addAndGet(9_999_999_999L);
        assertThat(budget.tryRetry()).isFalse();
        now.addAndGet(1);
        assertThat(budget.tryRetry()).isTrue();
        assertThat(budget.tryRetry()).isFalse();
    }

    @Test
    void quietTimesDoNotSaveUpForAStorm() {
        IntStream.range(0, 1_000_000).forEach(i -> budget.called());
        int retries = 0;
        while (budget.tryRetry()) {
            retries++;
        }
        assertThat(retries).isEqualTo(13);
    }
}
