package dev.parley.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of platform that every service carries in its own first migration. */
public final class PlatformTables {
    private PlatformTables() {}

    /** The platform's file, with the placeholders of Flyway. */
    public static String sql() {
        return read("db/platform-tables.sql");
    }

    /** The service's copy of it. */
    public static String copyOfService() {
        return migration("V0001__create_platform_tables.sql");
    }

    /** The platform's file of the table of mails, for services that send some. */
    public static String mailSql() {
        return read("db/mail-table.sql");
    }

    /** A migration of the service. */
    public static String migration(String file) {
        return read("db/migration/" + file);
    }

    /** Creates the schema and the platform's tables in a database of {@link PostgresServer}, as the migrator. */
    public static void create(String database) throws SQLException {
        try (Connection migrator = PostgresServer.shared().connect(database, PostgresServer.MIGRATOR);
                Statement statement = migrator.createStatement()) {
            statement.execute("create schema app");
            statement.execute(
                    sql().replace("${app_role}", PostgresServer.APP).replace("${relay_role}", PostgresServer.RELAY));
        }
    }

    private static String read(String resource) {
        try (InputStream file = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
