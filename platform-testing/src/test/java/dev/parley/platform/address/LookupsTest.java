package dev.parley.platform.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.tenancy.TenantId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names whose servers are slow cost the others nothing. */
class LookupsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.216.34");

    private final TenantId slow = new TenantId(UUID.randomUUID());
    private final TenantId other = new TenantId(UUID.randomUUID());
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch silence = new CountDownLatch(1);
    private final Lookups lookups = new Lookups(new Rules(false, Duration.ofMinutes(1)), name -> {
        asked.incrementAndGet();
        if (name.startsWith("slow")) {
            awaitEnd();
        }
        if (name.startsWith("unknown")) {
            throw new UnknownHostException(name);
        }
        return new InetAddress[] {PUBLIC};
    });

    @AfterEach
    void end() {
        silence.countDown();
    }

    private void awaitEnd() {
        try {
            silence.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTenantWithSlowNamesHoldsFourLookupsAndOnlyItself() throws Exception {
        List<Thread> asking = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "slow" + i + ".example.com";
            asking.add(Thread.ofVirtual().start(() -> assertThatThrownBy(() -> lookups.of(slow, name, LONG))
                    .hasMessage("no name server answered for the host")));
        }
        while (asked.get() < 4) {
            Thread.onSpinWait();
        }

        assertThatThrownBy(() -> lookups.of(slow, "fifth.example.com", LONG))
                .isInstanceOfSatisfying(RefusedAddress.class, refused -> assertThat(refused.undecided())
                        .isTrue());
        assertThat(lookups.of(other, "fifth.example.com", LONG)).containsExactly(PUBLIC);
        assertThat(asked).hasValue(5);
        for (Thread each : asking) {
            each.join();
        }
    }

    @Test
    void aNameIsAskedForOnceAtATimeHoweverManyWait() throws Exception {
        List<Thread> asking = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asking.add(
                    Thread.ofVirtual().start(() -> assertThatThrownBy(() -> lookups.of(slow, "slow.example.com", LONG))
                            .isInstanceOf(RefusedAddress.class)));
        }
        for (Thread each : asking) {
            each.join();
        }

        assertThat(asked).hasValue(1);
    }

    @Test
    void whoCannotWaitSaysNothingAboutTheName() throws Exception {
        assertThatThrownBy(() -> lookups.of(slow, "slow.example.com", Duration.ofMillis(20)))
                .isInstanceOfSatisfying(RefusedAddress.class, refused -> assertThat(refused.undecided())
                        .isTrue());
        silence.countDown();

        assertThat(lookups.of(slow, "slow.example.com", LONG)).containsExactly(PUBLIC);
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatHadNoAnswerIsNotAskedForAgainAtOnce() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> lookups.of(slow, "unknown.example.com", LONG))
                    .isInstanceOfSatisfying(RefusedAddress.class, refused -> assertThat(refused.undecided())
                            .isFalse())
                    .hasMessage("the host has no address");
        }

        assertThat(asked).hasValue(1);
    }
}
