package dev.parley.platform.data;

import dev.parley.platform.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One statement as a whole transaction of a tenant: begin, tenant, statement and commit go to the database together.
 * Made by {@link Database#statement}; bind its values in their order, then run it once.
 *
 * <p>A statement that returns texts and is bound to a value without a type, such as a null by {@link #bind}, takes one
 * round trip more, because the driver does not read ahead over rows that it knows to be of unknown size; it is still one
 * transaction.
 */
public final class TenantStatement {
    private static final String BEGIN_AND_BIND = "begin;select set_config('app.tenant_id', ?, true);";
    private static final String COMMIT = ";commit";
    private static final Object NO_TEXT = new Object();

    private final Database database;
    private final TenantId tenant;
    private final String sql;
    private final List<@Nullable Object> values = new ArrayList<>();

    TenantStatement(Database database, TenantId tenant, String sql) {
        this.database = database;
        this.tenant = tenant;
        this.sql = BEGIN_AND_BIND + sql + COMMIT;
    }

    /** Reads one row, on which the result set stands. */
    @FunctionalInterface
    public interface Row<T> {
        /** Returns what the row says. */
        T read(ResultSet row) throws SQLException;
    }

    /** Something done with a connection. */
    @FunctionalInterface
    interface Execution<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Binds the next value; times are instants, null is null. */
    public TenantStatement bind(@Nullable Object value) {
        values.add(
                switch (value) {
                    case Instant time -> time.atOffset(ZoneOffset.UTC);
                    case TenantId id -> id.value();
                    case null, default -> value;
                });
        return this;
    }

    /**
     * Binds the next value as a text, also where there is none: of a value without a type the driver first asks what it
     * is, and from then on does not read ahead over texts.
     */
    public TenantStatement bindText(@Nullable String value) {
        values.add(value == null ? NO_TEXT : value);
        return this;
    }

    /** Runs it and returns the number of rows that changed. */
    public int update() {
        return run(PreparedStatement::getUpdateCount);
    }

    /** Runs it and returns what its first row says; empty when there is none. */
    public <T> Optional<T> first(Row<T> reader) {
        return run(statement -> {
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
            }
        });
    }

    /** Runs it and returns what its rows say. */
    public <T> List<T> list(Row<T> reader) {
        return run(statement -> {
            try (ResultSet rows = statement.getResultSet()) {
                List<T> read = new ArrayList<>();
                while (rows.next()) {
                    read.add(reader.read(rows));
                }
                return read;
            }
        });
    }

    private interface Result<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(Result<T> result) {
        return database.atOnce(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant.toString());
                for (int i = 0; i < values.size(); i++) {
                    if (values.get(i) == NO_TEXT) {
                        statement.setNull(i + 2, Types.VARCHAR);
                    } else {
                        statement.setObject(i + 2, values.get(i));
                    }
                }
                statement.execute();
                statement.getMoreResults(); // from the begin to the tenant
                statement.getMoreResults(); // from the tenant to the statement
                return result.of(statement);
            } catch (SQLException failure) {
                rollBack(connection, failure);
                throw failure;
            }
        });
    }

    /** A statement that fails takes the commit with it and leaves its transaction open. */
    private static void rollBack(Connection connection, SQLException failure) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("rollback");
        } catch (SQLException lost) {
            failure.addSuppressed(lost);
        }
    }
}
