package dev.parley.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.event.KeyedWork.Delivery;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KeyedWorkTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private static Delivery delivery(String key, long offset) {
        ReceivedEvent event = new ReceivedEvent(
                UUID.randomUUID(), "x.v1", TENANT, "s", Instant.EPOCH, key, new byte[0], null, null, null);
        return new Delivery(new ConsumerRecord<>("t", 0, offset, key, new byte[0]), event);
    }

    @Test
    void eventsOfOneKeyKeepTheirOrderWhileOthersRunBeside() throws Exception {
        Map<String, List<Long>> seen = new ConcurrentHashMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            KeyedWork work = new KeyedWork(
                    threads,
                    batch -> batch.forEach(delivery -> seen.computeIfAbsent(
                                    delivery.event().key(), key -> Collections.synchronizedList(new ArrayList<>()))
                            .add(delivery.message().offset())),
                    false);
            for (long offset = 0; offset < 1_000; offset++) {
                work.submit(delivery("key-" + offset % 7, offset));
            }
            assertThat(work.awaitIdle(TimeUnit.SECONDS.toNanos(10))).isTrue();

            assertThat(seen).hasSize(7);
            assertThat(seen.values()).allSatisfy(offsets -> assertThat(offsets).isSorted());
            assertThat(seen.values().stream().mapToInt(List::size).sum()).isEqualTo(1_000);
            assertThat(work.committable()).containsEntry(PARTITION, new OffsetAndMetadata(1_000));
        }
    }

    @Test
    void anOffsetIsNotCommittedBeforeWhatStandsInFrontOfIt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            KeyedWork work = new KeyedWork(
                    threads,
                    batch -> {
                        if (batch.getFirst().event().key().equals("slow")) {
                            await(release);
                        }
                    },
                    false);
            work.submit(delivery("slow", 10));
            work.submit(delivery("fast", 11));
            work.skip(PARTITION, 12);
            while (work.unfinished() > 1) {
                Thread.onSpinWait();
            }

            assertThat(work.committable()).containsEntry(PARTITION, new OffsetAndMetadata(10));
            release.countDown();
            assertThat(work.awaitIdle(TimeUnit.SECONDS.toNanos(10))).isTrue();
            assertThat(work.committable()).containsEntry(PARTITION, new OffsetAndMetadata(13));
            assertThat(work.committable()).isEmpty();
        }
    }

    @Test
    void whatWasNotHandledIsNotCommitted() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            KeyedWork work = new KeyedWork(
                    threads,
                    batch -> {
                        if (batch.getFirst().event().key().equals("stopped")) {
                            throw new EventHandling.Stopped();
                        }
                    },
                    false);
            work.submit(delivery("handled", 20));
            work.submit(delivery("stopped", 21));
            work.submit(delivery("handled", 22));
            assertThat(work.awaitIdle(TimeUnit.SECONDS.toNanos(10))).isTrue();

            assertThat(work.committable()).containsEntry(PARTITION, new OffsetAndMetadata(21));
        }
    }

    @Test
    void whatStandsBehindAnErrorIsHandledAndTheErrorsOffsetStaysOpen() throws Exception {
        List<Long> handled = Collections.synchronizedList(new ArrayList<>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            KeyedWork work = new KeyedWork(
                    threads,
                    batch -> batch.forEach(delivery -> {
                        if (delivery.message().offset() == 30) {
                            throw new LinkageError("a class is missing");
                        }
                        handled.add(delivery.message().offset());
                    }),
                    false);
            work.submit(delivery("key", 30));
            assertThat(work.awaitIdle(TimeUnit.SECONDS.toNanos(60))).isTrue();
            work.submit(delivery("key", 31));

            assertThat(work.awaitIdle(TimeUnit.SECONDS.toNanos(60))).isTrue();
            assertThat(handled).containsExactly(31L);
            assertThat(work.committable()).containsEntry(PARTITION, new OffsetAndMetadata(30));
        }
    }

    @Test
    void whereTenantsAreTakenWholeWhatWaitsOfAllKeysIsOneBatchInItsOrder() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<List<Long>> batches = Collections.synchronizedList(new ArrayList<>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            KeyedWork work = new KeyedWork(
                    threads,
                    batch -> {
                        batches.add(batch.stream()
                                .map(delivery -> delivery.message().offset())
                                .toList());
                        first.countDown();
                        await(release);
                    },
                    true);
            work.submit(delivery("a", 1));
            await(first);
            work.submit(delivery("b", 2));
            work.submit(delivery("a", 3));
            work.submit(delivery("c", 4));
            release.countDown();
            assertThat(work.awaitIdle(TimeUnit.SECONDS.toNanos(10))).isTrue();

            assertThat(batches).containsExactly(List.of(1L), List.of(2L, 3L, 4L));
            assertThat(work.committable()).containsEntry(PARTITION, new OffsetAndMetadata(5));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
