package dev.parley.channel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
                        // As statements do, that wait for the database: whoever woke this thread is forgotten.
                        LockSupport.parkNanos(1);
                        return new Claim.Wait(Duration.ofMinutes(1), true);
                    }
                },
                null,
                Clock.systemUTC());

        flow[0].deliver(new TenantId(UUID.randomUUID()), UUID.randomUUID());

        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoIsToEndEndsAfterWhatIsUnderWayAndTakesNothingMore() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        List<String> done = new CopyOnWriteArrayList<>();
        DeliveryFlow flow = new DeliveryFlow(
                new Sends() {
                    @Override
                    Claim claim(TenantId tenant, UUID conversation) {
                        done.add("claimed");
                        sending.countDown();
                        try {
                            sent.await();
                        } catch (InterruptedException impossible) {
                            throw new IllegalStateException(impossible);
                        }
                        return new Claim.Wait(Duration.ZERO, true);
                    }
                },
                null,
                Clock.systemUTC());
        flow.deliver(new TenantId(UUID.randomUUID()), UUID.randomUUID());
        sending.await();

        Thread stopping = Thread.ofPlatform().start(() -> {
            flow.stop(null);
            done.add("stopped");
        });
        while (stopping.getState() != Thread.State.TIMED_WAITING && stopping.isAlive()) {
            Thread.onSpinWait();
        }
        done.add("sent");
        sent.countDown();
        stopping.join();
        flow.deliver(new TenantId(UUID.randomUUID()), UUID.randomUUID());

        assertThat(done).containsExactly("claimed", "sent", "stopped");
    }

    @Test
    void anErrorLeavesTheConversationToTheNext() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        DeliveryFlow flow = new DeliveryFlow(
                new Sends() {
                    @Override
                    Claim claim(TenantId tenant, UUID conversation) {
                        asked.countDown();
                        if (asked.getCount() > 0) {
                            throw new StackOverflowError();
                        }
                        return new Claim.Nothing();
                    }
                },
                null,
                Clock.systemUTC());
        TenantId tenant = new TenantId(UUID.randomUUID());
        UUID conversation = UUID.randomUUID();

        flow.deliver(tenant, conversation);
        flow.deliver(tenant, conversation);

        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Sends as the test has them. */
    private static class Sends extends SendingService {
        Sends() {
            super(null, null, null, null, null, null, null, null, null, null, null, null);
        }
    }
}
