package dev.parley.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** One real PostgreSQL per test run, with a database and the four roles that a service has in production. */
public final class PostgresServer {
    /** The role that the service works as: owns nothing, bypasses nothing. */
    public static final String APP = "test_app";

    /** The narrow role that sees all tenants in the tables granted to it. */
    public static final String RELAY = "test_relay";

    /** The role that may delete what a tenant has, and write nothing. */
    public static final String ERASER = "test_eraser";

    /** The role that owns the database and the schema. */
    public static final String MIGRATOR = "test_migrator";

    /** The password of all three. */
    public static final String PASSWORD = "test";

    private static final PostgresServer SHARED = start();

    private final EmbeddedPostgres postgres;

    private PostgresServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** The server of this test run, started at first use. */
    public static PostgresServer shared() {
        return SHARED;
    }

    private static PostgresServer start() {
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "150")
                    // As the local stack has it: plans made while tables were empty are kept until statistics are new.
                    .setServerConfig("autovacuum_naptime", "10s")
                    .setServerConfig("jit", "off")
                    .setPGStartupWait(Duration.ofSeconds(90))
                    .start();
            PostgresServer server = new PostgresServer(started);
            server.createRoles();
            server.createDatabase("parley_test");
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void createRoles() {
        for (String role : new String[] {APP, RELAY, ERASER, MIGRATOR}) {
            execute(
                    "postgres",
                    "create role " + role + " login nosuperuser nobypassrls nocreaterole nocreatedb password '"
                            + PASSWORD + "'");
        }
    }

    /** Creates a database that the migrator owns and the app and relay roles may connect to. */
    public void createDatabase(String name) {
        execute("postgres", "create database " + name + " owner " + MIGRATOR);
        execute("postgres", "revoke all on database " + name + " from public");
        execute("postgres", "grant connect on database " + name + " to " + APP + ", " + RELAY + ", " + ERASER);
        execute(name, "revoke all on schema public from public");
    }

    /** The JDBC address of a database, without a user. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database;
    }

    /** Opens a connection as a role. */
    public Connection connect(String database, String role) throws SQLException {
        return DriverManager.getConnection(url(database) + "?currentSchema=app", role, PASSWORD);
    }

    /** Opens a connection as the superuser: for checks only, never for the code under test. */
    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(url(database) + "?currentSchema=app", "postgres", "postgres");
    }

    /** Runs one statement as the superuser. */
    public void execute(String database, String sql) {
        try (Connection connection = superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
