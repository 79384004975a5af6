package dev.parley.local.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Usage into the ledger of record beside Kill Bill, on the same PostgreSQL: one event at a time, and a hundred usage
 * lines together. Ours also keeps the balance by double entry, which Kill Bill leaves to its invoices.
 */
final class KillBillFigure implements Figure {
    private static final int CUSTOMERS = 16;
    private static final int CONNECTIONS = 16;
    private static final int LINES = 100;
    private static final int SINGLES_A_SECOND = 4_000;
    private static final int BATCHES_A_SECOND = 250;

    private record Theirs(Load.Result result, double cpuSeconds, int lines) {
        double perSecond() {
            return lines * result.perSecond();
        }

        double cpuMicros() {
            return 1e6 * cpuSeconds / lines / result.answered();
        }
    }

    private record Round(LedgerIngest.Taken single, LedgerIngest.Taken batch, Theirs theirSingle, Theirs theirBatch) {}

    @Override
    public String name() {
        return "killbill";
    }

    @Override
    public String title() {
        return "usage ingest beside Kill Bill, tuned, on the same PostgreSQL";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        int seconds = Math.max(1, bed.effort().seconds() / 2);
        try (KillBill bill = KillBill.start(bed, CUSTOMERS);
                LedgerIngest ingest = LedgerIngest.start(bed)) {
            long answered = warm(bed.effort(), bill, ingest, seconds);
            int errors = 0;
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < bed.effort().rounds(); i++) {
                LedgerIngest.Taken single = ingest.singles(SINGLES_A_SECOND * seconds, false);
                Theirs theirSingle = theirs(bill, 1, seconds);
                Theirs theirBatch = theirs(bill, LINES, seconds);
                LedgerIngest.Taken batch = ingest.batches(BATCHES_A_SECOND * seconds, LINES);
                answered += theirSingle.result().answered()
                        + (long) LINES * theirBatch.result().answered();
                errors += theirSingle.result().errors() + theirBatch.result().errors();
                rounds.add(new Round(single, batch, theirSingle, theirBatch));
            }
            if (errors == 0 && bill.stored() != answered) {
                throw new IOException("Kill Bill stored %d usage records of %d".formatted(bill.stored(), answered));
            }
            return lines(rounds, errors);
        }
    }

    private static long warm(Effort effort, KillBill bill, LedgerIngest ingest, int seconds) throws Exception {
        Theirs single = theirs(bill, 1, effort.warm());
        Theirs batch = theirs(bill, LINES, effort.warm());
        ingest.singles(SINGLES_A_SECOND * seconds, false);
        ingest.batches(BATCHES_A_SECOND * seconds, LINES);
        return single.result().answered() + (long) LINES * batch.result().answered();
    }

    private static Theirs theirs(KillBill bill, int lines, int seconds) throws InterruptedException {
        double before = bill.cpuSeconds();
        Load.Result result = bill.take(CONNECTIONS, lines, seconds);
        return new Theirs(result, bill.cpuSeconds() - before, lines);
    }

    private static List<Line> lines(List<Round> rounds, int errors) {
        Samples control = Samples.of(rounds, round -> round.theirSingle().cpuMicros());
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                        "single events/s / Kill Bill's",
                        "x",
                        Samples.of(
                                rounds,
                                round -> round.single().perSecond()
                                        / round.theirSingle().perSecond()),
                        Goal.atLeast(12))
                .judgedBy(control));
        lines.add(new Line(
                        "usage lines/s in batches of " + LINES + " / Kill Bill's",
                        "x",
                        Samples.of(
                                rounds,
                                round -> round.batch().perSecond()
                                        / round.theirBatch().perSecond()),
                        Goal.atLeast(4))
                .judgedBy(control));
        lines.add(Line.plain(
                "single events: CPU of all servers an event / Kill Bill's",
                "x",
                Samples.of(
                        rounds,
                        round ->
                                round.single().cpuMicros() / round.theirSingle().cpuMicros())));
        lines.add(Line.plain(
                "batches: CPU of all servers a line / Kill Bill's",
                "x",
                Samples.of(
                        rounds,
                        round -> round.batch().cpuMicros() / round.theirBatch().cpuMicros())));
        lines.add(Line.plain("single events, ours", "/s", Samples.of(rounds, round -> round.single()
                .perSecond())));
        lines.add(Line.plain("single events, Kill Bill", "/s", Samples.of(rounds, round -> round.theirSingle()
                .perSecond())));
        lines.add(Line.plain("usage lines in batches, ours", "/s", Samples.of(rounds, round -> round.batch()
                .perSecond())));
        lines.add(Line.plain("usage lines in batches, Kill Bill", "/s", Samples.of(rounds, round -> round.theirBatch()
                .perSecond())));
        lines.add(Line.plain("CPU a single event, ours", "us", Samples.of(rounds, round -> round.single()
                .cpuMicros())));
        lines.add(Line.plain("CPU a single event, Kill Bill (control)", "us", control));
        lines.add(new Line("requests that Kill Bill refused", "", Samples.of(errors), Goal.neverAbove(0)));
        return lines;
    }
}
