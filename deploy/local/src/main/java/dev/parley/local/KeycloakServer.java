package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keycloak in a small JVM, its data in our PostgreSQL, its realm from deploy/keycloak. */
final class KeycloakServer implements StackPart {
    private static final String HEAP = "384m";
    private static final List<String> UNUSED_FEATURES = List.of(
            "ciba", "device-flow", "impersonation", "instagram-broker", "kerberos", "organization", "twitter-broker");

    private final StackSettings stack;
    private final Path home;

    KeycloakServer(StackSettings stack) {
        this.stack = stack;
        this.home = stack.data().root().resolve("keycloak");
    }

    @Override
    public Part part() {
        return Part.KEYCLOAK;
    }

    @Override
    public Set<Part> needs() {
        return Set.of(Part.POSTGRESQL);
    }

    /** Unpacks and builds the server once for all stacks; each stack's own home only points at it. */
    @Override
    public void prepare() {
        Path server = server();
        try {
            for (String folder : List.of("conf", "providers", "themes", "data")) {
                Files.createDirectories(home.resolve(folder));
            }
            link(home.resolve("lib"), server.resolve("lib"));
            link(home.resolve("themes").resolve("parley"), stack.checkout().keycloakTheme());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void link(Path name, Path target) throws IOException {
        Files.deleteIfExists(name);
        Files.createSymbolicLink(name, target);
    }

    @Override
    public ProcessSpec process() {
        Path server = server();
        List<String> command = jvm(server, home, "-Xms64m");
        command.addAll(1, StackSettings.archiveFlags(server.resolve("keycloak.jsa")));
        // Otherwise a second login beside a first one is refused as if the password were wrong. The guesses that fit
        // beside each other before an account is locked stay bounded by the worker threads below.
        command.addAll(List.of(
                "start",
                "--optimized",
                "--spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests=true"));
        return new ProcessSpec(
                command,
                Map.ofEntries(
                        Map.entry("KC_DB_URL", stack.databaseUrl(Databases.KEYCLOAK)),
                        Map.entry("KC_DB_USERNAME", Databases.KEYCLOAK_ROLE),
                        Map.entry("KC_DB_PASSWORD", stack.secrets().get(Databases.secretOf(Databases.KEYCLOAK_ROLE))),
                        Map.entry("KC_DB_POOL_INITIAL_SIZE", "1"),
                        Map.entry("KC_DB_POOL_MAX_SIZE", "10"),
                        Map.entry("KC_BOOTSTRAP_ADMIN_CLIENT_ID", LocalRealm.LAUNCHER_CLIENT),
                        Map.entry(
                                "KC_BOOTSTRAP_ADMIN_CLIENT_SECRET",
                                stack.secrets().get(LocalRealm.LAUNCHER_SECRET)),
                        Map.entry("KC_HTTP_ENABLED", "true"),
                        Map.entry("KC_HTTP_HOST", StackSettings.LOOPBACK),
                        Map.entry("KC_HTTP_PORT", Integer.toString(stack.ports().of(part()))),
                        Map.entry("KC_HTTP_POOL_MAX_THREADS", "16"),
                        Map.entry("KC_HOSTNAME", stack.browserUrl(part())),
                        Map.entry("KC_CACHE", "local"),
                        Map.entry("MALLOC_ARENA_MAX", "2")),
                home);
    }

    @Override
    public boolean answers() {
        return HttpProbe.ok(stack.url(part()) + "/health/ready");
    }

    @Override
    public void provision() {
        new LocalRealm(stack).ensure();
    }

    private Path server() {
        Path zip = stack.checkout().keycloakZip();
        String name = zip.getFileName().toString().replace("-quarkus-dist", "").replace(".zip", "");
        return Distribution.once(stack.checkout().runtime().resolve(name), folder -> {
            Distribution.unpackZip(zip, folder);
            List<String> build = jvm(folder, folder, "-XX:TieredStopAtLevel=1");
            build.addAll(List.of(
                    "build",
                    "--db=postgres",
                    "--health-enabled=true",
                    "--http-management-health-enabled=false",
                    "--features-disabled=" + String.join(",", UNUSED_FEATURES)));
            Command.run(part(), new ProcessSpec(build, Map.of(), folder));
        });
    }

    // What bin/kc.sh would run, without the shell in between: the pid is the server's.
    private static List<String> jvm(Path server, Path home, String... flags) {
        List<String> command = new ArrayList<>(StackSettings.java(HEAP, flags));
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Dpicocli.disable.closures=true",
                "-cp",
                server.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
        return command;
    }
}
