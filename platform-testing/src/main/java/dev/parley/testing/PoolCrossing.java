package dev.parley.testing;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;

/**
 * Many requests of fifty tenants over a pool of four connections, with transactions that are aborted, time out, are
 * cancelled and lose their connection in between. Each request reads all that it can see: exactly its own canary.
 *
 * <p>{@code java … dev.parley.testing.PoolCrossing 1000000} runs that many on a PostgreSQL of its own, prints what
 * happened and ends with 1 when a canary crossed.
 */
public final class PoolCrossing {
    /** How many tenants share the pool. */
    public static final int TENANTS = 50;

    /** How many connections they share. */
    public static final int CONNECTIONS = 4;

    private static final int IN_FLIGHT = 64;
    private static final String READ = "select text from note where text <> ?";

    private final Database database;
    private final List<TenantId> tenants = new ArrayList<>();
    private final AtomicLong right = new AtomicLong();
    private final AtomicLong crossed = new AtomicLong();
    private final AtomicLong disturbed = new AtomicLong();

    /** Prepares the tenants in a database made by {@link TestDatabase}, whose pool has {@link #CONNECTIONS}. */
    public PoolCrossing(Database database) {
        this.database = database;
        for (int i = 0; i < TENANTS; i++) {
            TenantId tenant = new TenantId(UUID.randomUUID());
            tenants.add(tenant);
            database.useTenant(
                    tenant,
                    handle -> handle.execute(
                            "insert into note values (?, ?, ?)", tenant.value(), UUID.randomUUID(), canary(tenant)));
        }
    }

    /**
     * What happened.
     *
     * @param right requests that saw their own canary and nothing else
     * @param crossed requests that saw anything else
     * @param disturbed transactions that ended badly, as they were meant to
     */
    public record Result(long right, long crossed, long disturbed) {}

    /** Runs that many requests; returns when all have ended. */
    public Result run(int requests) {
        Semaphore places = new Semaphore(IN_FLIGHT);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < requests; i++) {
                int number = i;
                places.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        request(number);
                    } finally {
                        places.release();
                    }
                });
            }
        }
        return new Result(right.get(), crossed.get(), disturbed.get());
    }

    private void request(int number) {
        TenantId tenant = tenants.get(number % TENANTS);
        if (number % 7 == 0) {
            disturb(tenant, number);
        }
        List<String> seen = number % 2 == 0
                ? database.statement(tenant, READ).bind("").list(row -> row.getString(1))
                : database.inTenant(tenant, handle -> handle.createQuery("select text from note")
                        .mapTo(String.class)
                        .list());
        (seen.equals(List.of(canary(tenant))) ? right : crossed).incrementAndGet();
    }

    /** A transaction of the tenant that ends in one of the ways in which transactions end badly. */
    private void disturb(TenantId tenant, int number) {
        try {
            switch (number / 7 % 50) {
                case 0 -> database.useTenant(tenant, PoolCrossing::timeOut);
                case 1 -> database.useTenant(tenant, PoolCrossing::beCancelled);
                case 2 -> database.useTenant(tenant, PoolCrossing::loseTheConnection);
                case 3, 4, 5 ->
                    database.statement(tenant, "select 1 / ?").bind(0).first(row -> 1);
                case 6, 7, 8 ->
                    database.useTenant(tenant, handle -> handle.execute("insert into note values (null, null, null)"));
                default ->
                    database.useTenant(tenant, handle -> {
                        handle.execute("update note set text = 'half done'");
                        throw new IllegalStateException("abort");
                    });
            }
        } catch (RuntimeException meant) {
            disturbed.incrementAndGet();
        }
    }

    private static void timeOut(Handle handle) {
        handle.execute("set local statement_timeout = 3");
        handle.execute("select pg_sleep(5)");
    }

    private static void beCancelled(Handle handle) {
        for (int i = 0; i < 20; i++) { // a request that comes before its statement has begun does nothing: once more
            try (PreparedStatement sleep = handle.getConnection().prepareStatement("select pg_sleep(1)")) {
                Thread.startVirtualThread(() -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
                    try {
                        sleep.cancel();
                    } catch (SQLException late) {
                        throw new IllegalStateException(late);
                    }
                });
                sleep.execute();
            } catch (SQLException cancelled) {
                throw new IllegalStateException(cancelled);
            }
        }
    }

    private static void loseTheConnection(Handle handle) {
        handle.execute("select pg_terminate_backend(pg_backend_pid())");
    }

    private static String canary(TenantId tenant) {
        return "canary of " + tenant;
    }

    /** Runs as many requests as the argument says, 10,000 without one. */
    public static void main(String[] arguments) throws SQLException {
        int requests = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
        PoolCrossing crossing = new PoolCrossing(TestDatabase.create("pool_crossing", CONNECTIONS));
        long begun = System.nanoTime();
        Result result = crossing.run(requests);
        System.out.printf(
                "pool crossing: %,d requests of %d tenants over %d connections in %.1f s: %,d right, %,d crossed; %,d transactions aborted, timed out, cancelled or cut%n",
                requests,
                TENANTS,
                CONNECTIONS,
                (System.nanoTime() - begun) / 1e9,
                result.right(),
                result.crossed(),
                result.disturbed());
        System.exit(result.right() == requests ? 0 : 1);
    }
}
