package dev.parley.e2e.support;

import dev.parley.e2e.support.Api.Answer;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Messages at a steady rate; each is repeated with its client_message_id until it is acknowledged. */
public final class Flow {
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Customer customer;
    private final List<String> conversations;
    private final List<Acknowledged> acknowledged = new CopyOnWriteArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();

    /** A flow of a customer's messages in one conversation. */
    public Flow(Customer customer) {
        this(customer, 1);
    }

    /** A flow of a customer's messages in so many conversations, in turn. */
    public Flow(Customer customer, int conversations) {
        this.customer = customer;
        this.conversations = Stream.generate(() -> customer.conversation("concierge"))
                .limit(conversations)
                .toList();
    }

    /** Sends so many messages a second for so long, running the disturbance after the first second. */
    public void run(int perSecond, int seconds, Runnable disturbance) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(() -> {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                disturbance.run();
            });
            long start = System.nanoTime();
            for (int i = 0; i < perSecond * seconds; i++) {
                long due = start + i * (TimeUnit.SECONDS.toNanos(1) / perSecond);
                LockSupport.parkNanos(due - System.nanoTime());
                String conversation = conversations.get(i % conversations.size());
                threads.execute(() -> send(conversation));
            }
        }
    }

    private void send(String conversation) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> message = Map.of("text", "flow " + id, "client_message_id", id);
        long giveUp = System.nanoTime() + GIVE_UP_NANOS;
        while (System.nanoTime() < giveUp) {
            try {
                Answer answer = customer.api().post("/api/v1/conversations/" + conversation + "/messages", message);
                if (answer.status() == 200 || answer.status() == 201) {
                    acknowledged.add(new Acknowledged(id, answer.text("operation_id"), answer.text("/reply/id")));
                    return;
                }
                refusals.incrementAndGet();
            } catch (UncheckedIOException cut) {
                refusals.incrementAndGet();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        lost.add(id);
    }

    /** What was acknowledged. */
    public List<Acknowledged> acknowledged() {
        return acknowledged;
    }

    /** Messages that were never acknowledged. */
    public List<String> lost() {
        return lost;
    }

    /** How often a message had to be sent again. */
    public int refusals() {
        return refusals.get();
    }

    /** The conversations' ids. */
    public List<String> conversations() {
        return conversations;
    }

    /** A message that the client knows to be answered. */
    public record Acknowledged(String clientMessageId, String operationId, String replyId) {}
}
