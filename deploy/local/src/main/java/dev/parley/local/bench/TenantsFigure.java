package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.Replica;
import dev.parley.local.bench.ChatFigure.Lanes;
import dev.parley.local.bench.ChatFigure.Round;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a hundred thousand tenants cost more than a few: a credential exchanged, a message answered, a tenant
 * created, first among few, then among the crowd, then among few again, so that a JVM that has warmed up meanwhile
 * gains nothing.
 */
final class TenantsFigure implements Figure {
    private static final int KEYS = 240;
    private static final int TALKING = 64;
    private static final int CONNECTIONS = 8;
    private static final int SIGN_UPS = 12;
    private static final int THOUSANDS = 10_000;
    private static final String PATH = "/api/v1/conversations";

    @Override
    public String name() {
        return "tenants";
    }

    @Override
    public String title() {
        return "from a few tenants to 100,000";
    }

    @Override
    public List<Line> measure(Bed bed) throws IOException, InterruptedException, SQLException {
        Account template = bed.subscriber();
        bed.key(template, "chat", "read");
        bed.api()
                .send(
                        "POST",
                        "/api/v1/conversations/" + bed.conversation(template) + "/messages",
                        template.token(),
                        Map.of("text", "When are you open?"));
        Crowd crowd = new Crowd(bed, template);
        try (Upstream upstream = new Upstream();
                Replica gateway = bed.gateway(upstream.url(), Map.of())) {
            Load chat = new Load(new Lanes(
                    bed.stack().ports().of(Part.GATEWAY), ChatFigure.conversations(bed, CONNECTIONS, 2 * CONNECTIONS)));
            chat.closed(CONNECTIONS, 2 * bed.effort().warm());
            // Not the template: what it says would be copied a hundred thousand times.
            Account talker = bed.subscriber();
            Talk alone = new Talk(bed.stack().ports().of(Part.GATEWAY), talkers(bed, talker));
            new Load(alone).closed(CONNECTIONS, bed.effort().warm());
            exchanges(bed, gateway, keys(bed), bed.effort().rounds());
            signUps(bed);

            Phase few = phase(bed, gateway, chat, null);
            Samples one = talk(bed, alone);
            int thousands = Math.min(THOUSANDS, bed.effort().tenants());
            crowd.growTo(thousands);
            Samples amongThousands = signUps(bed);
            crowd.growTo(bed.effort().tenants());
            long rows = crowd.rows();
            Phase many = phase(bed, gateway, chat, crowd);
            Samples each = talk(bed, spread(bed, talker, crowd));
            Samples oneAgain = talk(bed, alone);
            crowd.leave();
            Phase again = phase(bed, gateway, chat, null);
            List<Line> lines = lines(few, many, again, amongThousands, rows);
            lines.add(
                    1,
                    new Line(
                            "CPU per message, " + TALKING + " of 100,000 tenants in turns / one tenant alone",
                            "x",
                            over(each, one, oneAgain),
                            Goal.atMost(1.2)));
            lines.add(Line.plain("CPU per message by API key, one tenant among few", "ms", one));
            lines.add(Line.plain("CPU per message by API key, tenants of the crowd in turns", "ms", each));
            lines.add(Line.plain("CPU per message by API key, one tenant among the crowd", "ms", oneAgain));
            return lines;
        }
    }

    private static List<Line> lines(Phase few, Phase many, Phase again, Samples amongThousands, long rows) {
        double signUpFew = (few.signUps.median() + again.signUps.median()) / 2;
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                "CPU per exchange, among the crowd / among few",
                "x",
                over(many.exchanges, few.exchanges, again.exchanges),
                Goal.atMost(1.2)));
        lines.add(new Line(
                "CPU per message, among the crowd / among few",
                "x",
                over(many.messages, few.messages, again.messages),
                Goal.atMost(1.2)));
        lines.add(new Line(
                "creating the 10,000th tenant / one of the first",
                "x",
                Samples.of(amongThousands.median() / signUpFew),
                Goal.atMost(1.2)));
        lines.add(new Line(
                "creating one more among the crowd / one of the first",
                "x",
                Samples.of(many.signUps.median() / signUpFew),
                Goal.atMost(1.2)));
        lines.add(new Line(
                "CPU of the idle stack, among the crowd / among few",
                "x",
                Samples.of(many.idle / ((few.idle + again.idle) / 2)),
                Goal.NONE));
        lines.add(Line.plain("rows of the crowd in the services' tables", "", Samples.of(rows)));
        lines.add(Line.plain("CPU per exchange among few", "ms", few.exchanges));
        lines.add(Line.plain("CPU per exchange among few, afterwards", "ms", again.exchanges));
        lines.add(Line.plain("CPU per exchange among the crowd, each key of another tenant", "ms", many.exchanges));
        lines.add(Line.plain("CPU per message among few", "ms", few.messages));
        lines.add(Line.plain("CPU per message among few, afterwards", "ms", again.messages));
        lines.add(Line.plain("CPU per message among the crowd", "ms", many.messages));
        lines.add(Line.plain("a sign-up among few, Keycloak included", "ms", few.signUps));
        lines.add(Line.plain("a sign-up among few, afterwards", "ms", again.signUps));
        lines.add(Line.plain("a sign-up among 10,000", "ms", amongThousands));
        lines.add(Line.plain("a sign-up among the crowd", "ms", many.signUps));
        return lines;
    }

    /** Each round of the middle over the mean of the medians before and after it. */
    private static Samples over(Samples middle, Samples before, Samples after) {
        double control = (before.median() + after.median()) / 2;
        return Samples.of(java.util.Arrays.stream(middle.sorted())
                .map(value -> value / control)
                .toArray());
    }

    private static Phase phase(Bed bed, Replica gateway, Load chat, Crowd crowd)
            throws IOException, InterruptedException, SQLException {
        List<Account.Key> keys = keys(bed);
        if (crowd != null) {
            crowd.takeOver(keys);
        }
        Samples exchanges = exchanges(bed, gateway, keys, bed.effort().rounds());
        chat.closed(CONNECTIONS, Math.max(1, bed.effort().warm() / 2));
        List<Round> rounds = new ArrayList<>();
        for (int round = 0; round < bed.effort().rounds(); round++) {
            rounds.add(Round.of(
                    bed.stack(), () -> chat.closed(CONNECTIONS, bed.effort().seconds())));
        }
        Samples signUps = signUps(bed);
        ProcessorTime before = ProcessorTime.of(bed.stack());
        java.util.concurrent.locks.LockSupport.parkNanos(
                java.util.concurrent.TimeUnit.SECONDS.toNanos(2L * bed.effort().seconds()));
        double idle = ProcessorTime.of(bed.stack()).since(before).total();
        return new Phase(exchanges, Samples.of(rounds, Round::cpuMillis), signUps, idle);
    }

    /** Milliseconds of CPU of the whole stack per message. */
    private static Samples talk(Bed bed, Talk talk) throws InterruptedException {
        Load load = new Load(talk);
        load.closed(CONNECTIONS, Math.max(1, bed.effort().warm() / 2));
        List<Round> rounds = new ArrayList<>();
        for (int round = 0; round < bed.effort().rounds(); round++) {
            rounds.add(Round.of(
                    bed.stack(), () -> load.closed(CONNECTIONS, bed.effort().seconds())));
        }
        return Samples.of(rounds, Round::cpuMillis);
    }

    private static Talk spread(Bed bed, Account owner, Crowd crowd)
            throws IOException, InterruptedException, SQLException {
        List<Account.Key> keys = talkers(bed, owner);
        crowd.takeOver(keys);
        Talk spread = new Talk(bed.stack().ports().of(Part.GATEWAY), keys);
        // The first message of a tenant finds nothing of it in memory.
        try (Connection connection = new Connection(spread.port)) {
            for (int i = 0; i < keys.size(); i++) {
                int status = connection.call(spread.request(i));
                if (status != 200) {
                    throw new IOException("a tenant of the crowd was answered with " + status);
                }
            }
        }
        return spread;
    }

    private static List<Account.Key> talkers(Bed bed, Account owner) throws IOException, InterruptedException {
        List<Account.Key> keys = new ArrayList<>();
        for (int i = 0; i < TALKING; i++) {
            keys.add(bed.key(owner, "chat"));
        }
        return keys;
    }

    private static List<Account.Key> keys(Bed bed) throws IOException, InterruptedException {
        Account owner = bed.signUp();
        List<Account.Key> keys = new ArrayList<>();
        int count = Math.min(KEYS, 20 * bed.effort().seconds() * bed.effort().rounds());
        for (int i = 0; i < count; i++) {
            keys.add(bed.key(owner, "read"));
        }
        return keys;
    }

    /** Milliseconds of CPU of the whole stack and the gateway per key that is used for the first time. */
    private static Samples exchanges(Bed bed, Replica gateway, List<Account.Key> keys, int rounds)
            throws IOException, InterruptedException {
        double[] costs = new double[rounds];
        int each = keys.size() / rounds;
        for (int round = 0; round < rounds; round++) {
            double before = ProcessorTime.of(bed.stack()).total() + ProcessorTime.ofTree(gateway.pid());
            try (Connection connection = new Connection(gateway.port())) {
                for (Account.Key key : keys.subList(round * each, (round + 1) * each)) {
                    int status = connection.call(Api.get(PATH, key.secret()));
                    if (status != 200) {
                        throw new IOException("a fresh key was answered with " + status);
                    }
                }
            }
            double after = ProcessorTime.of(bed.stack()).total() + ProcessorTime.ofTree(gateway.pid());
            costs[round] = 1000 * (after - before) / each;
        }
        return Samples.of(costs);
    }

    private static Samples signUps(Bed bed) throws IOException, InterruptedException {
        double[] millis = new double[Math.min(SIGN_UPS, 4 * bed.effort().seconds())];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            bed.signUp();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return Samples.of(millis);
    }

    private record Phase(Samples exchanges, Samples messages, Samples signUps, double idle) {}

    /** Messages by API key, each key in its turn. */
    private static final class Talk implements Load.Target {
        private final int port;
        private final List<byte[]> requests;
        private final AtomicInteger next = new AtomicInteger();

        Talk(int port, List<Account.Key> keys) {
            this.port = port;
            this.requests = keys.stream()
                    .map(key -> Api.post(
                            "/v1/chat/completions",
                            key.secret(),
                            "{\"model\":\"concierge\",\"messages\":[{\"role\":\"user\",\"content\":\"When are"
                                    + " you open on Saturday?\"}]}"))
                    .toList();
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public byte[] request(int lane) {
            return requests.get(Math.floorMod(next.getAndIncrement(), requests.size()));
        }
    }
}
