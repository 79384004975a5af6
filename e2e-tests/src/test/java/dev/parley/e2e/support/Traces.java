package dev.parley.e2e.support;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * Searches everything that a stack keeps for texts: each table of each database as a dump would write it, and the files
 * of Kafka's logs, of the object store and of the log output.
 */
public final class Traces {
    private final List<String> texts;

    /** A search for these texts, which must be plain ASCII. */
    public Traces(List<String> texts) {
        this.texts = texts;
    }

    /** The texts found in databases, with the tables that hold them; some tables may be passed over. */
    public Map<String, Set<String>> inDatabases(Set<String> passedOver) {
        Map<String, Set<String>> found = new TreeMap<>();
        for (String database : List.of(
                "parley_auth", "parley_policy", "parley_agent", "parley_billing", "parley_channel", "keycloak")) {
            try (Connection connection =
                    DriverManager.getConnection(Stack.running().superuserUrl(database))) {
                for (String table : tables(connection)) {
                    String name = database + "/" + table;
                    if (!passedOver.contains(name)) {
                        search(name, dump(connection, table), found);
                    }
                }
            } catch (SQLException e) {
                throw new AssertionError(database, e);
            }
        }
        return found;
    }

    /** The texts found in the files below a folder of the stack's data, with the files that hold them. */
    public Map<String, Set<String>> inFiles(String folder) {
        Map<String, Set<String>> found = new TreeMap<>();
        Path root = Stack.running().dataDirectory().resolve(folder);
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                search(
                        root.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1),
                        found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void search(String where, String content, Map<String, Set<String>> found) {
        for (String text : texts) {
            if (content.contains(text)
                    || content.contains(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)))) {
                found.computeIfAbsent(text, any -> new TreeSet<>()).add(where);
            }
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select format('%I.%I', schemaname, tablename) from pg_tables
                         where schemaname not in ('pg_catalog', 'information_schema')
                        """)) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static String dump(Connection connection, String table) throws SQLException {
        StringBuilder content = new StringBuilder();
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("copy " + table + " to stdout", new OutputStream() {
                        @Override
                        public void write(int octet) {
                            content.append((char) (octet & 0xff));
                        }

                        @Override
                        public void write(byte[] octets, int from, int length) {
                            content.append(new String(octets, from, length, StandardCharsets.ISO_8859_1));
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return content.toString();
    }
}
