package dev.parley.channel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeliveryFlowTest {
    @Test
    void whatIsStoredBetweenTheAnswerAndTheSleepWakesTheSender() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        DeliveryFlow[] flow = new DeliveryFlow[1];
        flow[0] = new DeliveryFlow(
                new Sends() {
                    @Override
                    Claim claim(TenantId tenant, UUID conversation) {
                        asked.countDown();
                        if (asked.getCount() == 0) {
                            return new Claim.Nothing();
                        }
                        flow[0].deliver(tenant, conversation);
                        return new Claim.Wait(Duration.ofMinutes(1), true);
                    }
                },
                null,
                Clock.systemUTC());

        flow[0].deliver(new TenantId(UUID.randomUUID()), UUID.randomUUID());

        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Sends as the test has them. */
    private static class Sends extends SendingService {
        Sends() {
            super(null, null, null, null, null, null, null, null, null, null, null, null);
        }
    }
}
