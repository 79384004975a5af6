package dev.parley.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.Part;
import dev.parley.local.Replica;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Decisions that hold credits, from leases; beside what the database alone does with one tenant's row. */
final class PolicyFigure implements Figure {
    private static final int RATE = 5_000;
    private static final int CONNECTIONS = 16;
    private static final int TENANTS = 16;
    private static final int HOLD_SECONDS = 10;
    private static final int LONGEST_WAIT_SECONDS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Round(
            Load.Result steady,
            double steadyCpu,
            Load.Result fast,
            Load.Result many,
            Load.Result free,
            Load.Result settled,
            double row) {}

    @Override
    public String name() {
        return "policy";
    }

    @Override
    public String title() {
        return "decisions with a hold over HTTP";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            accounts.add(bed.subscriber());
        }
        List<Round> rounds = new ArrayList<>();
        Map<String, String> settings = Map.of("POLICY_HOLD_LIFETIME", HOLD_SECONDS + "S");
        try (Replica policy = bed.stack().replica(Part.POLICY_SERVICE, Bed.freePort(), true, settings)) {
            Load warm = new Load(new Asking(policy.port(), tokens(bed, accounts), true));
            bed.effort().warmUp(seconds -> warm.closed(CONNECTIONS, seconds).perSecond());
            holdsRunOut(bed);
            for (int i = 0; i < bed.effort().rounds(); i++) {
                rounds.add(round(bed, policy, accounts));
            }
        }
        List<Line> lines = new ArrayList<>();
        Samples control = Samples.of(rounds, Round::row);
        lines.add(new Line(
                "one tenant, " + RATE + "/s: answered a second",
                "/s",
                Samples.of(rounds, round -> round.steady().perSecond()),
                Goal.atLeast(0.99 * RATE)));
        lines.add(new Line(
                "one tenant, " + RATE + "/s: p99 from when it was due",
                "ms",
                Samples.of(rounds, round -> round.steady().millis(0.99)),
                Goal.atMost(5)));
        lines.add(Line.plain("one tenant, " + RATE + "/s: p50", "ms", Samples.of(rounds, round -> round.steady()
                .millis(0.5))));
        lines.add(Line.plain(
                "one tenant, " + RATE + "/s: CPU of the replica a decision",
                "us",
                Samples.of(
                        rounds,
                        round -> 1e6 * round.steadyCpu() / round.steady().answered())));
        lines.add(new Line(
                "errors of all that follow and this",
                "",
                Samples.of(rounds, PolicyFigure::errors),
                Goal.neverAbove(0)));
        lines.add(Line.plain(
                "one tenant, " + CONNECTIONS + " connections: as fast as it goes",
                "/s",
                Samples.of(rounds, round -> round.fast().perSecond())));
        lines.add(new Line(
                "one tenant against " + TENANTS + ": rate",
                "ratio",
                Samples.of(
                        rounds, round -> round.fast().perSecond() / round.many().perSecond()),
                Goal.atLeast(0.8)));
        lines.add(Line.plain("without a hold, one tenant", "/s", Samples.of(rounds, round -> round.free()
                .perSecond())));
        lines.add(Line.plain(
                "hold and settlement, one tenant: operations",
                "/s",
                Samples.of(rounds, round -> round.settled().perSecond() / 2)));
        lines.add(Line.plain("the database alone: commits on one row, " + CONNECTIONS + " connections", "/s", control));
        lines.add(Line.plain(
                "decisions with a hold for each such commit",
                "ratio",
                Samples.of(rounds, round -> round.fast().perSecond() / round.row())));
        return lines;
    }

    private static int errors(Round round) {
        return round.steady().errors()
                + round.fast().errors()
                + round.many().errors()
                + round.free().errors()
                + round.settled().errors();
    }

    private static Round round(Bed bed, Replica policy, List<Account> accounts) throws Exception {
        int seconds = bed.effort().seconds();
        List<String> tokens = tokens(bed, accounts);
        List<String> one = tokens.subList(0, 1);
        new Load(new Asking(policy.port(), one, true)).closed(CONNECTIONS, 1);
        double before = ProcessorTime.ofTree(policy.pid());
        Load.Result steady = new Load(new Asking(policy.port(), one, true)).open(RATE, seconds);
        double cpu = ProcessorTime.ofTree(policy.pid()) - before;
        Load.Result fast = new Load(new Asking(policy.port(), one, true)).closed(CONNECTIONS, seconds);
        holdsRunOut(bed);
        Load.Result many = new Load(new Asking(policy.port(), tokens, true)).closed(CONNECTIONS, seconds);
        Load.Result free = new Load(new Asking(policy.port(), one, false)).closed(CONNECTIONS, seconds);
        holdsRunOut(bed);
        Load.Result settled = settling(policy, one.getFirst(), seconds);
        double row = rowAlone(bed, accounts.getFirst(), seconds);
        return new Round(steady, cpu, fast, many, free, settled, row);
    }

    /** What was held ends in the background, by statements, and that is not what is measured. */
    private static void holdsRunOut(Bed bed) throws InterruptedException, SQLException {
        TimeUnit.SECONDS.sleep(HOLD_SECONDS);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS);
        try (Connection connection = bed.database("policy");
                PreparedStatement open = connection.prepareStatement("""
                        select (select coalesce(sum(held), 0) from app.credit_account)
                             + (select coalesce(sum(served), 0) from app.credit_lease)
                             + (select count(*) from app.outbox_event)
                        """)) {
            do {
                TimeUnit.SECONDS.sleep(3);
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("holds do not run out");
                }
            } while (number(open) > 0);
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<String> tokens(Bed bed, List<Account> accounts) throws IOException, InterruptedException {
        List<String> tokens = new ArrayList<>();
        for (Account account : accounts) {
            tokens.add(bed.askingPolicy(account));
        }
        return tokens;
    }

    /** A new operation with every request, of each tenant in turn. */
    private record Asking(int port, List<String> tokens, boolean hold) implements Load.Target {
        @Override
        public byte[] request(int lane) {
            return ask(tokens.get(Math.floorMod(lane, tokens.size())), operation(), hold);
        }
    }

    private static UUID operation() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static byte[] ask(String token, UUID operation, boolean hold) {
        return Api.post(
                "/internal/decisions",
                token,
                "{\"operation_id\":\"" + operation + "\",\"agent\":\"concierge\",\"channel\":\"web\",\"hold\":" + hold
                        + ",\"estimate\":{\"message\":1,\"llm.input_tokens\":120}}");
    }

    /** Each connection asks, and settles what it got with the token it got; counts requests. */
    private static Load.Result settling(Replica policy, String token, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        java.util.concurrent.ConcurrentLinkedQueue<Long> latencies = new java.util.concurrent.ConcurrentLinkedQueue<>();
        LongAdder errors = new LongAdder();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4 * CONNECTIONS; i++) {
                threads.execute(() -> {
                    try (dev.parley.local.bench.Connection connection =
                            new dev.parley.local.bench.Connection(policy.port())) {
                        while (System.nanoTime() < end) {
                            UUID operation = operation();
                            long sent = System.nanoTime();
                            int decided = connection.call(ask(token, operation, true));
                            long held = System.nanoTime();
                            int settled = connection.call(settle(token, operation, connection.body()));
                            if (decided == 200 && settled == 200) {
                                latencies.add(held - sent);
                                latencies.add(System.nanoTime() - held);
                            } else {
                                errors.increment();
                            }
                        }
                    } catch (IOException broken) {
                        errors.increment();
                    }
                });
            }
        }
        return Load.Result.of(latencies, errors.intValue(), System.nanoTime() - start);
    }

    private static byte[] settle(String token, UUID operation, String decision) throws IOException {
        JsonNode hold = JSON.readTree(decision).path("hold").path("id");
        return Api.post(
                "/internal/holds/" + operation + "/settlement",
                token,
                "{\"quantities\":{\"message\":1,\"llm.input_tokens\":120,\"llm.output_tokens\":60},\"estimated\":false,"
                        + "\"agent\":\"concierge\",\"channel\":\"web\",\"hold\":\"" + hold.asText() + "\"}");
    }

    /** What a hold would be without leases: a commit on the tenant's row, at its barest. */
    private static double rowAlone(Bed bed, Account account, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        LongAdder commits = new LongAdder();
        LongAdder failures = new LongAdder();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                threads.execute(() -> {
                    try (Connection connection = bed.database("policy");
                            PreparedStatement update = connection.prepareStatement(
                                    "update app.credit_account set updated_at = clock_timestamp() where tenant_id = ?::uuid")) {
                        update.setString(1, account.tenantId());
                        while (System.nanoTime() < end) {
                            update.executeUpdate();
                            commits.increment();
                        }
                    } catch (SQLException broken) {
                        failures.increment();
                    }
                });
            }
        }
        if (failures.intValue() > 0) {
            throw new IllegalStateException("the database refused");
        }
        return commits.doubleValue() / ((System.nanoTime() - start) / 1e9);
    }
}
