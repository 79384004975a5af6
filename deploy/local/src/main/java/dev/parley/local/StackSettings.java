package dev.parley.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What every part needs to know of the stack it belongs to. */
record StackSettings(StackOptions options, Checkout checkout, DataDirectory data, Ports ports, Secrets secrets) {
    static final String LOOPBACK = "127.0.0.1";
    static final String REALM = "parley";

    static StackSettings of(StackOptions options) {
        DataDirectory data = new DataDirectory(options.dataDirectory());
        return new StackSettings(
                options, new Checkout(options.checkout()), data, new Ports(options.portOffset()), new Secrets(data));
    }

    /** The address of a part on loopback. */
    String url(Part part) {
        return "http://" + LOOPBACK + ":" + ports.of(part);
    }

    /** The address that browsers use; one host name for gateway and Keycloak keeps their cookies same-site. */
    String browserUrl(Part part) {
        return "http://localhost:" + ports.of(part);
    }

    /** Where people find the gateway; {@code PARLEY_PUBLIC_URL} of the caller wins. */
    String publicUrl() {
        return System.getenv().getOrDefault("PARLEY_PUBLIC_URL", browserUrl(Part.GATEWAY));
    }

    String databaseUrl(String database) {
        return "jdbc:postgresql://" + LOOPBACK + ":" + ports.of(Part.POSTGRESQL) + "/" + database;
    }

    String bootstrapServers() {
        return LOOPBACK + ":" + ports.of(Part.KAFKA);
    }

    /** Flags for a server whose JVM keeps an archive of its classes and makes it, when it has none, as it ends. */
    static List<String> archiveFlags(Path archive) {
        return List.of(
                "-XX:SharedArchiveFile=" + archive, "-XX:+AutoCreateSharedArchive", "-Xlog:cds=off", "-Xlog:aot=off");
    }

    /** The JVM that runs the launcher, with flags that suit a small process. */
    static List<String> java(String heap, String... more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(more));
        return command;
    }
}
