package dev.parley.platform.data;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.agroal.DataSource.DataSourceLiteral;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The only door to the database: a transaction is always entered with the tenant whose rows it may see.
 *
 * <p>The tenant is bound by {@code set_config(…, true)}, sent along with the first statement, so it ends with the
 * transaction and nothing stays on a pooled connection. Serialization failures and deadlocks are tried again up to three times; a
 * database that cannot be reached, or does not get to it in time because of others' locks, is a 503 problem. Transactions do not nest: pass the handle on instead.
 */
@ApplicationScoped
public class Database {
    private static final Set<String> RETRYABLE = Set.of("40001", "40P01");
    private static final int TRIES = 4;
    private static final ScopedValue<Boolean> IN_TRANSACTION = ScopedValue.newInstance();

    private final Jdbi app;
    private final Jdbi relay;
    private final Jdbi eraser;
    private final DataSource appSource;

    @Inject
    Database(DataSource app, @Any Instance<DataSource> sources) {
        this(
                app,
                sources.select(new DataSourceLiteral("relay")).get(),
                sources.select(new DataSourceLiteral("eraser")).get());
    }

    /** Made by hand in tests: the data sources of the three roles. */
    public Database(DataSource app, DataSource relay, DataSource eraser) {
        this.app = Jdbi.create(() -> TenantConnection.around(app.getConnection()));
        this.relay = Jdbi.create(() -> TenantConnection.around(relay.getConnection()));
        this.eraser = Jdbi.create(() -> TenantConnection.around(eraser.getConnection()));
        this.appSource = app;
    }

    /** Not for use: CDI needs it for the client proxy. */
    protected Database() {
        this.app = null;
        this.relay = null;
        this.eraser = null;
        this.appSource = null;
    }

    /** Runs the work in a transaction that sees and writes that tenant's rows only. */
    public <T> T inTenant(TenantId tenant, Work<T> work) {
        return transaction(app, tenant, work);
    }

    /** As {@link #inTenant}, for work without a result. */
    public void useTenant(TenantId tenant, Consumer<Handle> work) {
        inTenant(tenant, handle -> {
            work.accept(handle);
            return true;
        });
    }

    /** Runs the work in a transaction without a tenant: only tables that belong to no tenant can be reached. */
    public <T> T global(Work<T> work) {
        return transaction(app, null, work);
    }

    /** Runs the work as the narrow role that sees all tenants, but only the few tables granted to it. */
    public <T> T acrossTenants(Work<T> work) {
        return transaction(relay, null, work);
    }

    /**
     * Runs the work in a transaction of the one role that may delete whatever that tenant has, and write nothing; for
     * erasure and retention only.
     */
    public <T> T asEraser(TenantId tenant, Work<T> work) {
        return transaction(eraser, tenant, work);
    }

    /**
     * Runs a statement at the end of the handle's transaction, in the round trip of its commit. For what only has to be
     * written, such as events: nobody sees its result, and a failure of it is one of the transaction.
     *
     * @param sql one statement with {@code ?} for its values, without a semicolon
     * @param values texts, numbers, ids, and arrays that the handle's connection made
     */
    public static void atCommit(Handle handle, String sql, List<@Nullable Object> values) {
        ((TenantConnection.Bindable) handle.getConnection()).atCommit(sql, values);
    }

    /**
     * Prepares one statement that is a whole transaction of that tenant and takes a single round trip, where
     * {@link #inTenant} takes one each for the tenant, every statement and the commit. For the hottest paths.
     *
     * @param sql one statement with {@code ?} for its values, without a semicolon
     */
    public TenantStatement statement(TenantId tenant, String sql) {
        return new TenantStatement(this, tenant, sql);
    }

    /** Runs what a {@link TenantStatement} prepared, with the same retries and failures as a transaction. */
    <T> T atOnce(TenantStatement.Execution<T> execution) {
        return enter(() -> {
            Connection connection;
            try {
                connection = appSource.getConnection();
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
            try (connection) {
                return execution.on(connection);
            } catch (SQLException e) {
                throw new AtOnceException(e);
            }
        });
    }

    private static <T> T transaction(Jdbi jdbi, @Nullable TenantId tenant, Work<T> work) {
        return enter(() -> once(jdbi, tenant, work));
    }

    private static <T> T enter(Supplier<T> once) {
        if (IN_TRANSACTION.isBound()) {
            throw new IllegalStateException("a transaction is open already: pass its handle on");
        }
        return ScopedValue.where(IN_TRANSACTION, true).call(() -> withRetries(once));
    }

    private static <T> T withRetries(Supplier<T> once) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once.get();
            } catch (JdbiException failure) {
                SQLException cause = sqlCause(failure);
                if (cause != null && RETRYABLE.contains(String.valueOf(cause.getSQLState())) && attempt < TRIES) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000_000L, 20_000_000L * attempt));
                    continue;
                }
                if (isUnreachable(failure, cause)) {
                    throw CommonProblem.unavailable("the database", failure);
                }
                throw failure;
            }
        }
    }

    private static <T> T once(Jdbi jdbi, @Nullable TenantId tenant, Work<T> work) {
        return jdbi.inTransaction(handle -> {
            if (tenant != null) {
                ((TenantConnection.Bindable) handle.getConnection()).bind(tenant.toString());
            }
            return work.run(handle);
        });
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /**
     * Class 08 is a lost connection, 53 no resources, 57 a server that stops or a statement that took too long, 55P03 a lock
     * that others hold for too long; no state at all is a pool time-out.
     */
    private static boolean isUnreachable(Throwable failure, @Nullable SQLException cause) {
        if (cause == null) {
            return failure instanceof ConnectionException;
        }
        String state = cause.getSQLState();
        return state == null
                ? failure instanceof ConnectionException
                        || cause instanceof java.sql.SQLTransientException
                        || cause instanceof java.sql.SQLRecoverableException
                : state.startsWith("08") || state.startsWith("53") || state.startsWith("57") || state.equals("55P03");
    }

    private static final class AtOnceException extends JdbiException {
        AtOnceException(SQLException cause) {
            super("the statement failed", cause);
        }
    }
}
