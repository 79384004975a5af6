package dev.parley.e2e.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Many end customers who write to bots at once, each at their own pace and without waiting for answers. */
public final class BotTraffic {
    private final List<Chat> chats = new ArrayList<>();
    private final int messages;

    /** Customers who write so many messages each, spread evenly over the bots. */
    public BotTraffic(List<String> bots, int customers, int messages) {
        this.messages = messages;
        long first = ThreadLocalRandom.current().nextLong(10_000_000, 900_000_000);
        for (int i = 0; i < customers; i++) {
            chats.add(new Chat(bots.get(i % bots.size()), first + i, i));
        }
    }

    /**
     * Lets all of them write, and the disturbance happen again and again until they have.
     *
     * @param pause the longest time between two messages of one customer
     */
    public void run(Duration pause, Runnable disturbance) {
        AtomicBoolean written = new AtomicBoolean();
        Thread disturber = Thread.ofVirtual().start(() -> {
            while (!written.get()) {
                disturbance.run();
            }
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            chats.forEach(chat -> threads.execute(() -> write(chat, pause)));
        }
        written.set(true);
        try {
            disturber.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Chat chat, Duration pause) {
        for (int i = 0; i < messages; i++) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause.toNanos()));
            Simulators.writeToBot(chat.bot(), chat.id(), chat.text(i));
        }
    }

    /** Who writes. */
    public List<Chat> chats() {
        return chats;
    }

    /** What one of them wrote, in order. */
    public List<String> writtenBy(Chat chat) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            texts.add(chat.text(i));
        }
        return texts;
    }

    /** A customer of a bot. */
    public record Chat(String bot, long id, int number) {
        /** The text of their message of that number, which nobody else writes. */
        public String text(int message) {
            return "c%dm%03d".formatted(number, message);
        }
    }
}
