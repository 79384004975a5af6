package dev.parley.channel.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class NoticeDispatcherTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch taking = new CountDownLatch(1);
    private final CountDownLatch taken = new CountDownLatch(1);

    @Test
    void whoIsToEndEndsAfterWhatIsUnderWayAndTakesNothingMore() throws Exception {
        Notices notices = new Notices();
        NoticeFlow flow = new NoticeFlow(notices, config(), new SimpleMeterRegistry());
        NoticeDispatcher dispatcher = new NoticeDispatcher(notices, flow, null, config());
        dispatcher.serve(TENANT);
        taking.await();

        Thread stopping = Thread.ofPlatform().start(() -> {
            dispatcher.stop(null);
            done.add("stopped");
        });
        while (stopping.getState() != Thread.State.TIMED_WAITING && stopping.isAlive()) {
            Thread.onSpinWait();
        }
        done.add("sent");
        taken.countDown();
        stopping.join();
        dispatcher.serve(TENANT);
        flow.send(TENANT);

        assertThat(done).containsExactly("taken", "sent", "stopped");
    }

    /** Of which there are always more, taken when the test lets them be. */
    private final class Notices extends NoticeService {
        Notices() {
            super(null, null, null, null, null, null, null, null, null);
        }

        @Override
        Claim claim(TenantId tenant, int most) {
            done.add("taken");
            taking.countDown();
            try {
                taken.await();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
            return new Claim(List.of(), true);
        }
    }

    private static PushConfig config() {
        return (PushConfig) Proxy.newProxyInstance(
                PushConfig.class.getClassLoader(), new Class<?>[] {PushConfig.class}, (self, method, arguments) -> 1);
    }
}
