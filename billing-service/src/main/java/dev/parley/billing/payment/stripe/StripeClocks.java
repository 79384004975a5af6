package dev.parley.billing.payment.stripe;

import com.stripe.StripeClient;
import com.stripe.model.testhelpers.TestClock;
import com.stripe.param.testhelpers.TestClockAdvanceParams;
import com.stripe.param.testhelpers.TestClockCreateParams;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.ProviderClocks;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Stripe's test clocks; they exist in its test mode only. */
final class StripeClocks implements ProviderClocks {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final StripeClient stripe;
    private final Duration patience;

    StripeClocks(StripeClient stripe, Duration patience) {
        this.stripe = stripe;
        this.patience = patience;
    }

    @Override
    public String create(Instant at, UUID requestId) {
        TestClockCreateParams params = TestClockCreateParams.builder()
                .setFrozenTime(at.getEpochSecond())
                .setName("Parley")
                .build();
        return StripeProvider.call(() -> stripe.v1()
                .testHelpers()
                .testClocks()
                .create(params, StripeProvider.once(requestId.toString()))
                .getId());
    }

    @Override
    public void advance(String clockId, Instant to) {
        TestClock clock = settled(clockId);
        if (clock.getFrozenTime() < to.getEpochSecond()) {
            TestClockAdvanceParams params = TestClockAdvanceParams.builder()
                    .setFrozenTime(to.getEpochSecond())
                    .build();
            StripeProvider.call(() -> stripe.v1().testHelpers().testClocks().advance(clockId, params));
            settled(clockId);
        }
    }

    private TestClock settled(String clockId) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            TestClock clock = StripeProvider.call(
                    () -> stripe.v1().testHelpers().testClocks().retrieve(clockId));
            if ("ready".equals(clock.getStatus())) {
                return clock;
            }
            if (System.nanoTime() > deadline) {
                throw new PaymentUncertain("stripe: clock " + clockId + " is " + clock.getStatus(), null);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
