package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.Replica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Outgoing webhooks: durable deliveries beside BullMQ, and what dead endpoints cost the others. */
final class WebhooksOutFigure implements Figure {
    private static final int TENANTS = 20;
    private static final int ENDPOINTS = 50;
    private static final int FEW_DEAD = 5;
    private static final int MANY_DEAD = 10;
    /** At a time to one endpoint; BullMQ has as many in all as the twenty endpoints together. */
    private static final int CONCURRENCY = 8;

    private static final int PER_SECOND = 4_000;
    private static final int GOOD_PER_SECOND = 300;
    private static final int BURST = 40;

    /** One side in one round. */
    private record Turn(double perSecond, double cpuMicros, Map<Part, Double> parts) {
        double of(Part part) {
            return parts.getOrDefault(part, 0.0);
        }
    }

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
                sender.endpoint(account, recipient.url());
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
                Line.plain("CPU of all servers a delivery", "us", Samples.of(turns, Turn::cpuMicros)),
                Line.plain("of that channel-service", "us", Samples.of(turns, turn -> turn.of(Part.CHANNEL_SERVICE))),
                Line.plain("of that PostgreSQL", "us", Samples.of(turns, turn -> turn.of(Part.POSTGRESQL))),
                Line.plain("of that Kafka", "us", Samples.of(turns, turn -> turn.of(Part.KAFKA))));
    }

    private static List<Line> beside(Bed bed, Recipient recipient, Sender sender, Path redis) throws Exception {
        int count = PER_SECOND * bed.effort().seconds();
        List<Turn> ours = new ArrayList<>();
        List<Turn> theirs = new ArrayList<>();
        try (BullMq peer = BullMq.start(redis, recipient.url(), TENANTS * CONCURRENCY)) {
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
        lines.add(Line.plain("BullMQ: CPU of Redis, worker and producer", "us", Samples.of(theirs, Turn::cpuMicros)));
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
        ProcessorTime cpu = sender.cpu();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            sender.tell(sender.accounts.get(i % TENANTS));
        }
        sender.events.flush();
        recipient.await(before + count);
        double seconds = (System.nanoTime() - start) / 1e9;
        ProcessorTime used = sender.cpu().since(cpu);
        Map<Part, Double> parts = new EnumMap<>(Part.class);
        used.seconds().forEach((part, spent) -> parts.put(part, 1e6 * spent / count));
        return new Turn(count / seconds, 1e6 * used.total() / count, parts);
    }

    private static Turn theirs(BullMq peer, Recipient recipient, int count) throws IOException, InterruptedException {
        int before = recipient.taken();
        double cpu = peer.cpuSeconds();
        long start = System.nanoTime();
        peer.queue(count);
        recipient.await(before + count);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Turn(count / seconds, 1e6 * (peer.cpuSeconds() - cpu) / count, Map.of());
    }

    /** A thousand endpoints, of which a tenth and then a fifth says nothing. Every event goes to all of its tenant's. */
    private static List<Line> dead(Bed bed, Recipient recipient, Sender sender) throws Exception {
        try (Recipient silent = new Recipient(true)) {
            int fewest = ENDPOINTS - MANY_DEAD;
            int most = ENDPOINTS - FEW_DEAD;
            List<String> last = new ArrayList<>();
            for (Account account : sender.accounts) {
                for (int i = 1; i < most; i++) {
                    String endpoint = sender.endpoint(account, recipient.url());
                    if (i >= fewest) {
                        last.add(endpoint);
                    }
                }
            }
            List<Double> good = bursts(bed, recipient, sender, most);
            for (Account account : sender.accounts) {
                for (int i = 0; i < FEW_DEAD; i++) {
                    sender.endpoint(account, silent.url());
                }
            }
            List<Double> fewDead = bursts(bed, recipient, sender, most);
            Samples steady =
                    Samples.of(steady(recipient, sender, 4 * bed.effort().seconds(), most));
            for (int i = 0; i < last.size(); i++) {
                sender.move(sender.accounts.get(i / FEW_DEAD), last.get(i), silent.url());
            }
            List<Double> manyDead = bursts(bed, recipient, sender, fewest);
            Samples control = Samples.of(good, Double::doubleValue);
            return List.of(
                    Line.plain("900 endpoints, all good: deliveries", "/s", control),
                    new Line(
                                    "the same beside 100 dead ones: rate",
                                    "ratio",
                                    Samples.ratios(fewDead, good, Double::doubleValue),
                                    Goal.atLeast(0.95))
                            .judgedBy(control),
                    new Line(
                            "beside 100 dead ones, " + GOOD_PER_SECOND + "/s to the good: event to receipt, p99",
                            "ms",
                            steady,
                            Goal.atMost(2_000)),
                    new Line(
                                    "800 beside 200 dead ones: rate",
                                    "ratio",
                                    Samples.ratios(manyDead, good, Double::doubleValue),
                                    Goal.atLeast(0.95))
                            .judgedBy(control),
                    new Line(
                            "beside 200 dead ones, " + GOOD_PER_SECOND + "/s to the good: event to receipt, p99",
                            "ms",
                            Samples.of(
                                    steady(recipient, sender, 4 * bed.effort().seconds(), fewest)),
                            Goal.atMost(2_000)));
        }
    }

    /** Bursts to all, one before that counts for nothing: from then on the dead ones have attempts under way. */
    private static List<Double> bursts(Bed bed, Recipient recipient, Sender sender, int good)
            throws InterruptedException {
        burst(recipient, sender, good);
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < bed.effort().rounds(); i++) {
            rates.add(burst(recipient, sender, good));
        }
        return rates;
    }

    private static double burst(Recipient recipient, Sender sender, int good) throws InterruptedException {
        int before = recipient.taken();
        int expected = BURST * good;
        long start = System.nanoTime();
        for (int i = 0; i < BURST; i++) {
            sender.tell(sender.accounts.get(i % TENANTS));
        }
        sender.events.flush();
        recipient.await(before + expected);
        return expected * 1e9 / (System.nanoTime() - start);
    }

    private static double steady(Recipient recipient, Sender sender, int seconds, int good)
            throws InterruptedException {
        Map<String, Long> sent = new ConcurrentHashMap<>();
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        recipient.watch(id -> {
            Long at = sent.get(id);
            if (at != null) {
                millis.add((System.nanoTime() - at) / 1e6);
            }
        });
        int before = recipient.taken();
        int events = GOOD_PER_SECOND * seconds / good;
        long pause = TimeUnit.SECONDS.toNanos(seconds) / events;
        long due = System.nanoTime();
        for (int i = 0; i < events; i++) {
            UUID id = Sender.id();
            sent.put(id.toString(), due);
            sender.tell(sender.accounts.get(i % TENANTS), id);
            sender.events.flush();
            due += pause;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        recipient.await(before + events * good);
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

        String endpoint(Account account, String url) throws IOException, InterruptedException {
            return bed.api()
                    .send(
                            "POST",
                            "/api/v1/webhook-endpoints",
                            account.token(),
                            Map.of("url", url, "events", List.of("message.sent"), "concurrency", CONCURRENCY))
                    .path("id")
                    .asText();
        }

        void move(Account account, String endpoint, String url) throws IOException, InterruptedException {
            bed.api().send("PATCH", "/api/v1/webhook-endpoints/" + endpoint, account.token(), Map.of("url", url));
        }

        void tell(Account account) {
            tell(account, id());
        }

        /** UUIDv7, as ids of events are: the log's key grows at its end. */
        static UUID id() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            return new UUID(
                    System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000),
                    random.nextLong() >>> 2 | Long.MIN_VALUE);
        }

        void tell(Account account, UUID id) {
            Instant now = Instant.now();
            String conversation = id().toString();
            events.send(
                    account.tenantId(), id, conversation, conversation, now, """
                    {"message_id":"%s","conversation_id":"%s","operation_id":"%s","channel":"telegram","agent":"concierge",\
                    "direction":"out","at":"%s"}""".formatted(id, conversation, id, now));
        }

        ProcessorTime cpu() {
            Map<Part, Double> used = new EnumMap<>(ProcessorTime.of(bed.stack()).seconds());
            used.put(Part.CHANNEL_SERVICE, ProcessorTime.ofTree(service.pid()));
            return new ProcessorTime(used);
        }

        @Override
        public void close() {
            events.close();
            service.close();
            bed.stack().restart(Part.CHANNEL_SERVICE);
        }
    }
}
