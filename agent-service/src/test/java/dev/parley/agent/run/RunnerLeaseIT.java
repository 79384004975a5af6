package dev.parley.agent.run;

import static dev.parley.agent.AgentFixtures.eventually;
import static dev.parley.agent.AgentFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.FakeVendors;
import dev.parley.platform.data.Database;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class RunnerLeaseIT {
    @Inject
    Database database;

    @Inject
    RunConfig config;

    @Inject
    Vertx vertx;

    @Test
    void aBeatThatIsUnderWayDoesNotBringBackAProcessThatStops() throws InterruptedException {
        // Given a beat that has not come to its statement
        SlowBeat runners = new SlowBeat();
        RunnerLease lease = new RunnerLease(database, runners, config, vertx);
        Thread beat = Thread.ofPlatform().start(lease::beat);
        assertThat(runners.begun.await(60, TimeUnit.SECONDS)).isTrue();

        // When the process stops, which waits for the beat or is through before it
        Thread stop = Thread.ofPlatform().start(() -> lease.stop(new ShutdownEvent()));
        eventually(stop::getState, state -> state == Thread.State.WAITING || state == Thread.State.TERMINATED);
        runners.goOn.countDown();
        assertThat(beat.join(Duration.ofSeconds(60))).isTrue();
        assertThat(stop.join(Duration.ofSeconds(60))).isTrue();

        // Then
        assertThat(alive(lease)).isEqualTo("0");
    }

    @Test
    void aProcessThatHasStoppedDoesNotBeat() {
        RunnerLease lease = new RunnerLease(database, new RunnerRepository(), config, vertx);
        lease.beat();
        assertThat(alive(lease)).isEqualTo("1");

        lease.stop(new ShutdownEvent());
        lease.beat();

        assertThat(alive(lease)).isEqualTo("0");
    }

    private static String alive(RunnerLease lease) {
        return value("select count(*) from runner where id = ?", lease.id());
    }

    /** Waits before its statement until it is told to go on. */
    private static final class SlowBeat extends RunnerRepository {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        void beat(Handle handle, UUID runner, Duration lease) {
            begun.countDown();
            try {
                assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            super.beat(handle, runner, lease);
        }
    }
}
