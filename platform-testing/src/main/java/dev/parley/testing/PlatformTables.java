package dev.parley.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The tables of platform that every service carries in its own first migration. */
public final class PlatformTables {
    private static final SequencedMap<String, String> COPIES = new LinkedHashMap<>();

    static {
        COPIES.put("platform-tables.sql", "V0001__create_platform_tables.sql");
        COPIES.put("event-keys.sql", "V0030__create_tenant_event_key.sql");
        COPIES.put("lifecycle.sql", "V0031__add_lifecycle.sql");
    }

    private PlatformTables() {}

    /** The service's copies that are not, word for word, the platform's file; empty when all is well. */
    public static List<String> copiesThatDiffer() {
        return COPIES.entrySet().stream()
                .filter(file -> !migration(file.getValue()).equals(read("db/" + file.getKey())))
                .map(Map.Entry::getValue)
                .toList();
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
            for (String file : COPIES.keySet()) {
                statement.execute(read("db/" + file)
                        .replace("${app_role}", PostgresServer.APP)
                        .replace("${relay_role}", PostgresServer.RELAY)
                        .replace("${eraser_role}", PostgresServer.ERASER));
            }
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
