package dev.parley.local.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Usage events into billing's ledger of record: how fast, how soon it is seen, and that each counts once. */
final class IngestFigure implements Figure {
    private static final int LINES = 100;
    private static final int PER_SECOND = 300;
    private static final int WINDOW = 50;
    private static final int MORE_THAN_ENOUGH = 5_000;

    private record Round(
            LedgerIngest.Taken spread,
            LedgerIngest.Taken hot,
            LedgerIngest.Taken batches,
            double aloneSingle,
            double aloneBatch) {}

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String title() {
        return "usage events into the ledger of record";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        try (LedgerIngest ingest = LedgerIngest.start(bed)) {
            int seconds = bed.effort().seconds();
            int events = MORE_THAN_ENOUGH * seconds;
            ingest.singles(events, false);
            ingest.singles(events, true);
            ingest.batches(events / 20, LINES);
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < bed.effort().rounds(); i++) {
                rounds.add(new Round(
                        ingest.singles(events, false),
                        ingest.singles(events, true),
                        ingest.batches(events / 20, LINES),
                        ingest.databaseAlone(1, seconds),
                        ingest.databaseAlone(LINES, seconds)));
            }
            List<Line> lines = rates(rounds);
            lines.add(seen(ingest, 4 * seconds));
            lines.addAll(onceEach(ingest, bed.effort().smoke() ? 2 : 20));
            return lines;
        }
    }

    private static List<Line> rates(List<Round> rounds) {
        Samples alone = Samples.of(rounds, Round::aloneSingle);
        List<Line> lines = new ArrayList<>();
        lines.add(Line.plain("single events, 16 tenants", "/s", Samples.of(rounds, round -> round.spread()
                .perSecond())));
        lines.add(Line.plain(
                "single events: CPU of all servers an event", "us", Samples.of(rounds, round -> round.spread()
                        .cpuMicros())));
        lines.add(Line.plain("single events, one hot tenant", "/s", Samples.of(rounds, round -> round.hot()
                .perSecond())));
        lines.add(new Line(
                "one hot tenant against 16: rate",
                "ratio",
                Samples.of(
                        rounds,
                        round -> round.hot().perSecond() / round.spread().perSecond()),
                Goal.atLeast(0.8)));
        lines.add(Line.plain("batches of " + LINES + ": usage lines", "/s", Samples.of(rounds, round -> round.batches()
                .perSecond())));
        lines.add(Line.plain(
                "batches of " + LINES + ": CPU of all servers a line", "us", Samples.of(rounds, round -> round.batches()
                        .cpuMicros())));
        lines.add(Line.plain("the database alone, an event a transaction", "/s", alone));
        lines.add(Line.plain(
                "single events for each that the database alone takes",
                "ratio",
                Samples.of(rounds, round -> round.spread().perSecond() / round.aloneSingle())));
        lines.add(Line.plain(
                "the database alone, " + LINES + " lines a transaction", "/s", Samples.of(rounds, Round::aloneBatch)));
        lines.add(Line.plain(
                "batches: lines for each that the database alone takes",
                "ratio",
                Samples.of(rounds, round -> round.batches().perSecond() / round.aloneBatch())));
        return lines;
    }

    /** From the event to the balance that a member sees, with a steady flow beside it. */
    private static Line seen(LedgerIngest ingest, int seconds) throws Exception {
        List<Double> millis = new ArrayList<>();
        String token = ingest.token();
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<?> flow = beside.submit(() -> flow(ingest, seconds));
            while (!flow.isDone()) {
                millis.add(1_000 * ingest.visible(token));
            }
            flow.get();
        }
        Samples samples = Samples.of(millis, Double::doubleValue);
        return new Line(
                "event to visible balance through the gateway, " + PER_SECOND + " events/s beside: p99",
                "ms",
                Samples.of(samples.percentile(0.99)),
                Goal.atMost(1_000));
    }

    private static void flow(LedgerIngest ingest, int seconds) {
        long start = System.nanoTime();
        for (int i = 0; i < PER_SECOND * seconds; i++) {
            LockSupport.parkNanos(start + i * (TimeUnit.SECONDS.toNanos(1) / PER_SECOND) - System.nanoTime());
            // The last tenant has only what is looked for.
            int others = ingest.accounts().size() - 1;
            ingest.events().send(SettledEvents.Settled.of(ingest.accounts().get(i % others), 1));
        }
        ingest.events().flush();
    }

    /**
     * A twentieth of the events comes twice, half of those as another event about the same operation, in an order that is
     * shuffled among {@value #WINDOW}; meanwhile billing-service is killed again and again.
     */
    private static List<Line> onceEach(LedgerIngest ingest, int kills) throws Exception {
        Map<Account, long[]> before = new HashMap<>();
        for (Account account : ingest.accounts()) {
            before.put(account, ingest.booked(account));
        }
        Random chance = new Random(20_261_121);
        Map<Account, Long> operations = new HashMap<>();
        Map<Account, Long> credits = new HashMap<>();
        long sent = 0;
        try (ExecutorService killer = Executors.newSingleThreadExecutor()) {
            Future<?> killing = killer.submit(() -> {
                Random pause = new Random(7);
                for (int i = 0; i < kills; i++) {
                    TimeUnit.MILLISECONDS.sleep(200 + pause.nextInt(1_500));
                    ingest.kill();
                    ingest.revive();
                }
                return true;
            });
            List<SettledEvents.Settled> window = new ArrayList<>();
            while (!killing.isDone()) {
                Account account =
                        ingest.accounts().get(chance.nextInt(ingest.accounts().size()));
                SettledEvents.Settled settled = SettledEvents.Settled.of(account, 1 + chance.nextInt(5));
                operations.merge(account, 1L, Long::sum);
                credits.merge(account, (long) settled.lines(), Long::sum);
                window.add(settled);
                if (chance.nextInt(20) == 0) {
                    window.add(chance.nextBoolean() ? settled : settled.toldAgain());
                }
                if (window.size() >= WINDOW) {
                    Collections.shuffle(window, chance);
                    window.forEach(ingest.events()::send);
                    sent += window.size();
                    window.clear();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_000L * WINDOW / PER_SECOND));
                }
            }
            killing.get();
            window.forEach(ingest.events()::send);
            sent += window.size();
        }
        ingest.events().flush();
        long wrong = settledDown(ingest, before, operations, credits);
        return List.of(
                Line.plain("kill -9 of billing-service meanwhile", "", Samples.of(kills)),
                Line.plain("events, 5 % of them twice, shuffled", "", Samples.of(sent)),
                new Line(
                        "tenants whose ledger or usage log is not exactly what was used",
                        "",
                        Samples.of(wrong),
                        Goal.neverAbove(0)));
    }

    /** Waits until nothing moves any more; how many tenants are then not as they ought to be. */
    private static long settledDown(
            LedgerIngest ingest, Map<Account, long[]> before, Map<Account, Long> operations, Map<Account, Long> credits)
            throws SQLException, InterruptedException {
        long wrong = -1;
        for (int look = 0; look < 60; look++) {
            TimeUnit.SECONDS.sleep(1);
            wrong = 0;
            for (Account account : ingest.accounts()) {
                long[] was = before.get(account);
                long[] is = ingest.booked(account);
                boolean exact = is[0] - was[0] == operations.getOrDefault(account, 0L)
                        && is[1] - was[1] == credits.getOrDefault(account, 0L)
                        && is[2] - was[2] == credits.getOrDefault(account, 0L);
                wrong += exact ? 0 : 1;
            }
            if (wrong == 0 && look > 2) {
                return 0;
            }
        }
        return wrong;
    }
}
