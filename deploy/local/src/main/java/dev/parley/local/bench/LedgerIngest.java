package dev.parley.local.bench;

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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Usage on its way into the ledger of record: a billing-service as in production in the place of the stack's own, fed
 * with events as policy-service sends them. What another product is compared with: {@link #singles} and {@link #batches}
 * take so many events in, and answer when the last of them is committed.
 */
final class LedgerIngest implements AutoCloseable {
    private static final int TENANTS = 16;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    private final Bed bed;
    private final List<Account> accounts = new ArrayList<>();
    private final SettledEvents events;
    private final Connection billing;
    private volatile Replica service;

    /**
     * How it went.
     *
     * @param lines usage lines that were booked
     * @param seconds from the first that was sent to the last that was committed
     * @param cpuSeconds of all servers meanwhile
     */
    record Taken(int lines, double seconds, double cpuSeconds) {
        double perSecond() {
            return lines / seconds;
        }

        double cpuMicros() {
            return 1e6 * cpuSeconds / lines;
        }
    }

    private LedgerIngest(Bed bed) throws SQLException {
        this.bed = bed;
        this.events = new SettledEvents(bed);
        this.billing = bed.database("billing");
    }

    /** Puts the billing-service that is measured in the place of the stack's. */
    static LedgerIngest start(Bed bed) throws IOException, InterruptedException, SQLException {
        LedgerIngest ingest = new LedgerIngest(bed);
        for (int i = 0; i < TENANTS; i++) {
            Account account = bed.subscriber();
            ingest.accounts.add(account);
            ingest.events.learn(bed, account);
        }
        bed.stack().kill(Part.BILLING_SERVICE);
        ingest.revive();
        return ingest;
    }

    /** Events of one usage line each, of one tenant or of sixteen in turns, each an event of its own. */
    Taken singles(int events, boolean hot) throws SQLException, InterruptedException {
        return take(events, i -> SettledEvents.Settled.of(accounts.get(hot ? 0 : i % TENANTS), 1));
    }

    /** Events of sixteen tenants in turns with that many usage lines each. */
    Taken batches(int events, int lines) throws SQLException, InterruptedException {
        return take(events, i -> SettledEvents.Settled.of(accounts.get(i % TENANTS), lines));
    }

    private Taken take(int count, IntFunction<SettledEvents.Settled> event) throws SQLException, InterruptedException {
        Map<String, SettledEvents.Settled> last = new TreeMap<>();
        int lines = 0;
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            SettledEvents.Settled settled = event.apply(i);
            events.send(settled);
            last.put(settled.account().tenantId(), settled);
            lines += settled.lines();
        }
        events.flush();
        // A tenant's events are booked in their order.
        for (SettledEvents.Settled settled : last.values()) {
            await(settled);
        }
        return new Taken(lines, (System.nanoTime() - start) / 1e9, cpuSeconds() - cpu);
    }

    private void await(SettledEvents.Settled settled) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try (PreparedStatement look = billing.prepareStatement(
                "select exists (select from app.usage_log where tenant_id = ?::uuid and usage_id = ?)")) {
            look.setString(1, settled.account().tenantId());
            look.setString(2, settled.lastUsage());
            while (true) {
                try (ResultSet row = look.executeQuery()) {
                    row.next();
                    if (row.getBoolean(1)) {
                        return;
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("usage did not reach the ledger of record");
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private double cpuSeconds() {
        return ProcessorTime.of(bed.stack()).total() + ProcessorTime.ofTree(service.pid());
    }

    /** An access token of the last tenant's owner, good for some minutes. */
    String token() throws IOException, InterruptedException {
        return bed.login(accounts.getLast().email(), Bed.PASSWORD)
                .path("access_token")
                .asText();
    }

    /** Sends one event of the last tenant, and returns the seconds until its balance shows it through the gateway. */
    double visible(String token) throws IOException, InterruptedException {
        SettledEvents.Settled settled = SettledEvents.Settled.of(accounts.getLast(), 1);
        long start = System.nanoTime();
        events.send(settled);
        events.flush();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            if (bed.api()
                    .send("GET", "/api/v1/credits/history?limit=1", token, null)
                    .findValuesAsText("operation_id")
                    .contains(settled.operation().toString())) {
                return (System.nanoTime() - start) / 1e9;
            }
        }
        throw new IllegalStateException("a balance never showed what was used");
    }

    List<Account> accounts() {
        return accounts;
    }

    SettledEvents events() {
        return events;
    }

    /** Ends billing-service at once, as {@code kill -9} does. */
    void kill() {
        service.kill();
    }

    /** Starts billing-service again; returns when it is ready. */
    void revive() {
        service =
                bed.stack().replica(Part.BILLING_SERVICE, bed.stack().ports().of(Part.BILLING_SERVICE), true, Map.of());
    }

    /** What the ledger of record has of a tenant: transfers and credits of usage, and credits of the usage log. */
    long[] booked(Account account) throws SQLException {
        try (PreparedStatement look = billing.prepareStatement("""
                        select (select count(*) from app.ledger_transfer where tenant_id = t and kind = 'usage'),
                            (select coalesce(sum(credits), 0) from app.ledger_transfer where tenant_id = t and kind = 'usage'),
                            (select coalesce(sum(credits), 0) from app.usage_log where tenant_id = t)
                        from cast(? as uuid) t
                        """)) {
            look.setString(1, account.tenantId());
            try (ResultSet row = look.executeQuery()) {
                row.next();
                return new long[] {row.getLong(1), row.getLong(2), row.getLong(3)};
            }
        }
    }

    /**
     * What the database alone does: the service's own three inserts (inbox, log, ledger), one event a transaction, by as
     * many connections as the service has; lines a second.
     */
    double databaseAlone(int lines, int seconds) throws InterruptedException {
        return BareLedger.perSecond(bed, lines, seconds);
    }

    @Override
    public void close() throws SQLException {
        events.close();
        billing.close();
        service.close();
        bed.stack().restart(Part.BILLING_SERVICE);
    }
}
