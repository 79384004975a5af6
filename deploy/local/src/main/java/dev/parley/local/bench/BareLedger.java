package dev.parley.local.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What PostgreSQL alone does with the inserts that book usage: no event, no service, no row level security. */
final class BareLedger {
    private static final int CONNECTIONS = 12;
    private static final String BOOK = """
            with seen as (
                insert into app.processed_event (tenant_id, consumer, event_id)
                values (?, 'bench', gen_random_uuid()) on conflict do nothing
            ), used as (
                insert into app.usage_log (tenant_id, usage_id, operation_id, at, agent, channel, meter, quantity, credits,
                    estimated)
                select ?, cast(? as text) || '-' || n, ?, ?, 'concierge', 'web', 'message', 1, 1, false
                from generate_series(1, ?) n on conflict (tenant_id, usage_id) do nothing
            )
            insert into app.ledger_transfer (tenant_id, id, source_key, kind, debit_account, credit_account, credits,
                operation_id, occurred_at)
            values (?, ?, 'usage:' || cast(? as text), 'usage', 'credits:available', 'credits:consumed', ?, ?, ?)
            on conflict (tenant_id, source_key) do nothing\
            """;

    private BareLedger() {}

    /** Usage lines that are committed a second, in transactions of that many lines. */
    static double perSecond(Bed bed, int lines, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        LongAdder committed = new LongAdder();
        LongAdder failures = new LongAdder();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                threads.execute(() -> {
                    try (Connection connection = bed.database("billing");
                            PreparedStatement book = connection.prepareStatement(BOOK)) {
                        UUID tenant = UUID.randomUUID();
                        while (System.nanoTime() < end) {
                            book(book, tenant, lines);
                            committed.add(lines);
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
        return committed.doubleValue() / ((System.nanoTime() - start) / 1e9);
    }

    private static void book(PreparedStatement book, UUID tenant, int lines) throws SQLException {
        UUID operation = UUID.randomUUID();
        OffsetDateTime now = Instant.now().atOffset(ZoneOffset.UTC);
        book.setObject(1, tenant);
        book.setObject(2, tenant);
        book.setObject(3, operation.toString());
        book.setObject(4, operation);
        book.setObject(5, now);
        book.setInt(6, lines);
        book.setObject(7, tenant);
        book.setObject(8, UUID.randomUUID());
        book.setObject(9, operation.toString());
        book.setLong(10, lines);
        book.setObject(11, operation);
        book.setObject(12, now);
        book.executeUpdate();
    }
}
