package dev.parley.policy.replica;

import dev.parley.platform.data.Database;
import dev.parley.testing.MortalProcess;
import dev.parley.testing.PostgresServer;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flywaydb.core.Flyway;

/** A database of policy-service alone, migrated as in production, for tests that make replicas by hand. */
public final class ReplicaDatabase {
    private static final String OPTIONS = "?currentSchema=app&prepareThreshold=1&reWriteBatchedInserts=true";

    private final String url;
    private final Database database;
    private final Connection superuser;
    private final List<Replica> replicas = new CopyOnWriteArrayList<>();

    private ReplicaDatabase(String url, Database database, Connection superuser) {
        this.url = url;
        this.database = database;
        this.superuser = superuser;
    }

    /** A new one; without waiting for the disk at commits, because what is tested here is not the disk. */
    public static ReplicaDatabase create(String name, int pool) throws SQLException {
        PostgresServer server = PostgresServer.shared();
        server.createDatabase(name);
        server.execute(name, "alter database " + name + " set synchronous_commit = off");
        Flyway.configure()
                .dataSource(server.url(name), PostgresServer.MIGRATOR, PostgresServer.PASSWORD)
                .defaultSchema("app")
                .createSchemas(true)
                .placeholders(Map.of(
                        "app_role", PostgresServer.APP,
                        "relay_role", PostgresServer.RELAY,
                        "eraser_role", PostgresServer.ERASER))
                .load()
                .migrate();
        return new ReplicaDatabase(server.url(name), database(server.url(name), pool), server.superuser(name));
    }

    /** One that another process made. */
    static ReplicaDatabase attach(String url, int pool) throws SQLException {
        return new ReplicaDatabase(url, database(url, pool), null);
    }

    private static Database database(String url, int pool) throws SQLException {
        return new Database(
                source(url, PostgresServer.APP, pool),
                source(url, PostgresServer.RELAY, 4),
                source(url, PostgresServer.ERASER, 1));
    }

    private static AgroalDataSource source(String url, String role, int size) throws SQLException {
        return AgroalDataSource.from(
                new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(p -> p.maxSize(size)
                        .acquisitionTimeout(Duration.ofSeconds(20))
                        .connectionFactoryConfiguration(f -> f.jdbcUrl(url + OPTIONS)
                                .principal(new NamePrincipal(role))
                                .credential(new SimplePassword(PostgresServer.PASSWORD)))));
    }

    /** Those that this process has over it. */
    List<Replica> replicas() {
        return replicas;
    }

    public Database database() {
        return database;
    }

    /** The same, as a process of its own reaches it. */
    public ReplicaDatabase reachedBy(MortalProcess process) {
        String address = url + OPTIONS;
        Database own = new Database(
                process.source(address, PostgresServer.APP, PostgresServer.PASSWORD),
                process.source(address, PostgresServer.RELAY, PostgresServer.PASSWORD),
                process.source(address, PostgresServer.ERASER, PostgresServer.PASSWORD));
        return new ReplicaDatabase(url, own, superuser);
    }

    public String url() {
        return url;
    }

    /** Runs a query as the superuser and returns the first column of the first row as text. */
    public String text(String sql, Object... parameters) {
        try (PreparedStatement statement = superuser.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Runs a query or an update as the superuser and returns the first column of the first row. */
    public long sql(String sql, Object... parameters) {
        try (PreparedStatement statement = superuser.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            if (!statement.execute()) {
                return statement.getUpdateCount();
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
