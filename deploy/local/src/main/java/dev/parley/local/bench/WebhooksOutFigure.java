package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.Replica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Outgoing webhooks: durable deliveries beside BullMQ, and what dead endpoints cost the others. */
final class WebhooksOutFigure implements Figure {
    private static final int TENANTS = 20;
    private static final int ENDPOINTS = 50;
    private static final int DEAD = 5;
    private static final int PER_SECOND = 2_000;
    private static final int GOOD_PER_SECOND = 300;
    private static final int BURST = 40;

    /** One side in one round. */
    private record Turn(double perSecond, double cpuMicros) {}

    @Override
    public String name() {
        return "webhooks-out";
    }

    @Override
    public String title() {
        return "outgoing webhooks";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        List<Line> lines = new ArrayList<>();
        Optional<Path> redis = BullMq.server();
        try (Recipient recipient = new Recipient(false);
                Sender sender = new Sender(bed)) {
            for (Account account : sender.accounts) {
                sender.endpoint(account, recipient.url(), 32);
            }
            if (redis.isEmpty()) {
                lines.add(Line.missing("beside BullMQ", "no redis-server here: apt-get install redis-server"));
                lines.addAll(alone(bed, recipient, sender));
            } else {
                lines.addAll(beside(bed, recipient, sender, redis.get()));
            }
            lines.addAll(dead(bed, recipient, sender));
        }
        return lines;
    }

    private static List<Line> alone(Bed bed, Recipient recipient, Sender sender) throws Exception {
        int count = PER_SECOND * bed.effort().seconds();
        bed.effort().warmUp(seconds -> ours(sender, recipient, count).perSecond());
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < bed.effort().rounds(); i++) {
            turns.add(ours(sender, recipient, count));
        }
        return plain(turns);
    }

    private static List<Line> plain(List<Turn> turns) {
        return List.of(
                Line.plain("deliveries, 20 endpoints", "/s", Samples.of(turns, Turn::perSecond)),
                Line.plain("CPU of all servers a delivery", "us", Samples.of(turns, Turn::cpuMicros)));
    }

    private static List<Line> beside(Bed bed, Recipient recipient, Sender sender, Path redis) throws Exception {
        int count = PER_SECOND * bed.effort().seconds();
        List<Turn> ours = new ArrayList<>();
        List<Turn> theirs = new ArrayList<>();
        try (BullMq peer = BullMq.start(redis, recipient.url())) {
            bed.effort().warmUp(seconds -> ours(sender, recipient, count).perSecond());
            bed.effort().warmUp(seconds -> theirs(peer, recipient, count).perSecond());
            for (int i = 0; i < bed.effort().rounds(); i++) {
                ours.add(ours(sender, recipient, count));
                theirs.add(theirs(peer, recipient, count));
            }
        }
        List<Line> lines = new ArrayList<>(plain(ours));
        Samples control = Samples.of(theirs, Turn::perSecond);
        lines.add(Line.plain("BullMQ, Redis AOF everysec: deliveries", "/s", control));
        lines.add(Line.plain("BullMQ: CPU of Redis and worker", "us", Samples.of(theirs, Turn::cpuMicros)));
        lines.add(new Line(
                        "against BullMQ: deliveries",
                        "ratio",
                        Samples.ratios(ours, theirs, Turn::perSecond),
                        Goal.atLeast(2.5))
                .judgedBy(control));
        lines.add(new Line(
                        "against BullMQ: CPU", "ratio", Samples.ratios(ours, theirs, Turn::cpuMicros), Goal.atMost(0.4))
                .judgedBy(control));
        return lines;
    }

    private static Turn ours(Sender sender, Recipient recipient, int count) throws InterruptedException {
        int before = recipient.taken();
        double cpu = sender.cpuSeconds();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            sender.tell(sender.accounts.get(i % TENANTS));
        }
        sender.events.flush();
        recipient.await(before + count);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Turn(count / seconds, 1e6 * (sender.cpuSeconds() - cpu) / count);
    }

    private static Turn theirs(BullMq peer, Recipient recipient, int count) throws IOException, InterruptedException {
        int before = recipient.taken();
        double cpu = peer.cpuSeconds();
        long start = System.nanoTime();
        peer.queue(count);
        recipient.await(before + count);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Turn(count / seconds, 1e6 * (peer.cpuSeconds() - cpu) / count);
    }

    /** A thousand endpoints, all good; then a tenth of them says nothing. Every event goes to all of its tenant's. */
    private static List<Line> dead(Bed bed, Recipient recipient, Sender sender) throws Exception {
        try (Recipient silent = new Recipient(true)) {
            for (Account account : sender.accounts) {
                for (int i = 1; i < ENDPOINTS - DEAD; i++) {
                    sender.endpoint(account, recipient.url(), 8);
                }
            }
            burst(recipient, sender);
            List<Double> good = new ArrayList<>();
            for (int i = 0; i < bed.effort().rounds(); i++) {
                good.add(burst(recipient, sender));
            }
            for (Account account : sender.accounts) {
                for (int i = 0; i < DEAD; i++) {
                    sender.endpoint(account, silent.url(), 8);
                }
            }
            burst(recipient, sender); // the dead ones have attempts under way from here on
            List<Double> withDead = new ArrayList<>();
            for (int i = 0; i < bed.effort().rounds(); i++) {
                withDead.add(burst(recipient, sender));
            }
            Samples control = Samples.of(good, Double::doubleValue);
            return List.of(
                    Line.plain("900 endpoints, all good: deliveries", "/s", control),
                    new Line(
                                    "the same beside 100 dead ones: rate",
                                    "ratio",
                                    Samples.ratios(withDead, good, Double::doubleValue),
                                    Goal.atLeast(0.95))
                            .judgedBy(control),
                    new Line(
                            "beside 100 dead ones, " + GOOD_PER_SECOND + "/s to the good: event to receipt, p99",
                            "ms",
                            Samples.of(
                                    steady(recipient, sender, 4 * bed.effort().seconds())),
                            Goal.atMost(2_000)));
        }
    }

    private static double burst(Recipient recipient, Sender sender) throws InterruptedException {
        int before = recipient.taken();
        int expected = BURST * (ENDPOINTS - DEAD);
        long start = System.nanoTime();
        for (int i = 0; i < BURST; i++) {
            sender.tell(sender.accounts.get(i % TENANTS));
        }
        sender.events.flush();
        recipient.await(before + expected);
        return expected * 1e9 / (System.nanoTime() - start);
    }

    private static double steady(Recipient recipient, Sender sender, int seconds) throws InterruptedException {
        Map<String, Long> sent = new ConcurrentHashMap<>();
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        recipient.watch(id -> {
            Long at = sent.get(id);
            if (at != null) {
                millis.add((System.nanoTime() - at) / 1e6);
            }
        });
        int before = recipient.taken();
        int events = GOOD_PER_SECOND * seconds / (ENDPOINTS - DEAD);
        long pause = TimeUnit.SECONDS.toNanos(seconds) / events;
        long due = System.nanoTime();
        for (int i = 0; i < events; i++) {
            UUID id = UUID.randomUUID();
            sent.put(id.toString(), due);
            sender.tell(sender.accounts.get(i % TENANTS), id);
            sender.events.flush();
            due += pause;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        recipient.await(before + events * (ENDPOINTS - DEAD));
        recipient.watch(id -> {});
        return Samples.of(List.copyOf(millis), Double::doubleValue).percentile(0.99);
    }

    /** A channel-service as in production in the place of the stack's own, and services that tell it what happens. */
    private static final class Sender implements AutoCloseable {
        private final Bed bed;
        private final List<Account> accounts = new ArrayList<>();
        private final SealedProducer events;
        private final Replica service;

        Sender(Bed bed) throws IOException, InterruptedException {
            this.bed = bed;
            this.events =
                    new SealedProducer(bed, "channel.message.events", "channel.message-sent.v1", "/channel-service");
            for (int i = 0; i < TENANTS; i++) {
                Account account = bed.signUp();
                accounts.add(account);
                events.learn(bed, account);
            }
            bed.stack().kill(Part.CHANNEL_SERVICE);
            service = bed.stack()
                    .replica(Part.CHANNEL_SERVICE, bed.stack().ports().of(Part.CHANNEL_SERVICE), true, Map.of());
        }

        void endpoint(Account account, String url, int concurrency) throws IOException, InterruptedException {
            bed.api()
                    .send(
                            "POST",
                            "/api/v1/webhook-endpoints",
                            account.token(),
                            Map.of("url", url, "events", List.of("message.sent"), "concurrency", concurrency));
        }

        void tell(Account account) {
            tell(account, UUID.randomUUID());
        }

        void tell(Account account, UUID id) {
            Instant now = Instant.now();
            String conversation = UUID.randomUUID().toString();
            events.send(
                    account.tenantId(), id, conversation, conversation, now, """
                    {"message_id":"%s","conversation_id":"%s","operation_id":"%s","channel":"telegram","agent":"concierge",\
                    "direction":"out","at":"%s"}""".formatted(id, conversation, id, now));
        }

        double cpuSeconds() {
            return ProcessorTime.of(bed.stack()).total() + ProcessorTime.ofTree(service.pid());
        }

        @Override
        public void close() {
            events.close();
            service.close();
            bed.stack().restart(Part.CHANNEL_SERVICE);
        }
    }
}
