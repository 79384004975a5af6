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
import java.util.Optional;
import java.util.SequencedMap;

/** The tables of platform that every service carries in its own first migration. */
public final class PlatformTables {
    /** What a copy is called; where services have numbers of their own, one of these names. */
    private static final SequencedMap<String, List<String>> COPIES = new LinkedHashMap<>();

    static {
        COPIES.put("platform-tables.sql", List.of("V0001__create_platform_tables.sql"));
        COPIES.put("event-keys.sql", List.of("V0030__create_tenant_event_key.sql"));
        COPIES.put("lifecycle.sql", List.of("V0031__add_lifecycle.sql"));
        COPIES.put(
                "rotate-keys.sql",
                List.of(
                        "V0071__rotate_keys.sql",
                        "V0090__rotate_keys.sql",
                        "V0101__rotate_keys.sql",
                        "V0155__rotate_keys.sql"));
    }

    private PlatformTables() {}

    /** The platform's files of which the service has no copy, word for word; empty when all is well. */
    public static List<String> copiesThatDiffer() {
        return COPIES.entrySet().stream()
                .filter(file -> file.getValue().stream().noneMatch(copy -> find("db/migration/" + copy)
                        .filter(read("db/" + file.getKey())::equals)
                        .isPresent()))
                .map(Map.Entry::getKey)
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
        return find(resource).orElseThrow(() -> new IllegalStateException("no resource " + resource));
    }

    private static Optional<String> find(String resource) {
        try (InputStream file = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource)) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
