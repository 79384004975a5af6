package dev.parley.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** The real schema of a service, from its own migrations. */
final class ServiceSchema {
    private ServiceSchema() {}

    /** Creates a database and runs the service's migrations in it, as the migrator. */
    static void create(String database, String service) throws IOException, SQLException {
        PostgresServer.shared().createDatabase(database);
        try (Connection migrator = PostgresServer.shared().connect(database, PostgresServer.MIGRATOR);
                Statement statement = migrator.createStatement()) {
            statement.execute("create schema app");
            for (Path migration : migrations(service)) {
                statement.execute(Files.readString(migration)
                        .replace("${app_role}", PostgresServer.APP)
                        .replace("${relay_role}", PostgresServer.RELAY)
                        .replace("${eraser_role}", PostgresServer.ERASER));
            }
        }
    }

    private static List<Path> migrations(String service) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", service, "src/main/resources/db/migration"))) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .toList();
        }
    }
}
