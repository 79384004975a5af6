package dev.parley.local.bench;

import dev.parley.local.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Cerbos with the entitlements of so many tenants, each a scoped policy of its own as its manual has it for tenants.
 * Audit log, telemetry and watching for changes are off, and all compiled policies stay in memory.
 */
final class Cerbos implements AutoCloseable {
    /** How a request names its tenants. */
    static final String TENANT = "tenant-%05d";

    private static final Path PACKAGES = Path.of("deploy/bench-peers/node_modules/@cerbos");
    private static final int PATIENCE_SECONDS = 150;
    private static final String ROOT = """
            apiVersion: api.cerbos.dev/v1
            resourcePolicy:
              version: default
              resource: agent
              rules:
                - {actions: [use], effect: EFFECT_DENY, roles: [nobody]}
            """;
    private static final String POLICY = """
            apiVersion: api.cerbos.dev/v1
            resourcePolicy:
              version: default
              resource: agent
              scope: %s
              constants:
                local: {state: active, agents: [concierge], channels: [web, api]}
              rules:
                - actions: [use]
                  effect: EFFECT_ALLOW
                  roles: [service]
                  condition:
                    match:
                      all:
                        of:
                          - expr: C.state in ["trial", "active", "past_due"]
                          - expr: R.id in C.agents
                          - expr: R.attr.channel in C.channels
            """;
    private static final String CONFIGURATION = """
            server: {httpListenAddr: "127.0.0.1:%d", grpcListenAddr: "127.0.0.1:%d"}
            telemetry: {disabled: true}
            audit: {enabled: false}
            compile: {cacheSize: %d}
            storage: {driver: disk, disk: {directory: "%s", watchForChanges: false}}
            """;

    private final Process process;
    private final int port;
    private final Path folder;

    private Cerbos(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Starts one, without waiting until it is ready. */
    static Cerbos start(int tenants) throws IOException {
        Path folder = Files.createTempDirectory("cerbos");
        Path policies = Files.createDirectory(folder.resolve("policies"));
        Files.writeString(policies.resolve("root.yaml"), ROOT);
        for (int i = 0; i < tenants; i++) {
            String tenant = TENANT.formatted(i);
            Files.writeString(policies.resolve(tenant + ".yaml"), POLICY.formatted(tenant));
        }
        int port = Bed.freePort();
        Path configuration = folder.resolve("cerbos.yaml");
        Files.writeString(configuration, CONFIGURATION.formatted(port, Bed.freePort(), 2 * tenants + 1024, policies));
        Process process = new ProcessBuilder(
                        binary().toString(), "server", "--config=" + configuration, "--log-level=error")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("cerbos.log").toFile())
                .start();
        return new Cerbos(process, port, folder);
    }

    private static Path binary() throws IOException {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String name = "cerbos-" + (mac ? "darwin" : "linux") + "-" + (arm ? "arm64" : "x64");
        Path binary = PACKAGES.resolve(name).resolve(name);
        if (!Files.isExecutable(binary)) {
            throw new IOException(binary + " is missing: make bench installs it");
        }
        return binary.toAbsolutePath();
    }

    /** Returns when it answers. */
    Cerbos ready() throws IOException, InterruptedException {
        Api api = new Api("http://127.0.0.1:" + port);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (api.answer("GET", "/_cerbos/health", null, null).statusCode() == 200) {
                    return this;
                }
            } catch (IOException starting) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
        throw new IOException("Cerbos did not start: " + Files.readString(folder.resolve("cerbos.log")));
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** The request that asks whether that tenant may use that agent on that channel. */
    static byte[] ask(int tenant, String agent, String channel) {
        return Api.post("/api/check/resources", null, question(tenant, agent, channel));
    }

    private static String question(int tenant, String agent, String channel) {
        return """
                {"requestId":"0193b000-0000-7000-8000-000000000000","principal":{"id":"channel-service","roles":["service"]},\
                "resources":[{"actions":["use"],"resource":{"kind":"agent","id":"%s","scope":"%s","attr":{"channel":"%s"}}}]}\
                """.formatted(agent, TENANT.formatted(tenant), channel);
    }

    /** Its answer to one such question. */
    boolean allows(int tenant, String agent, String channel) throws IOException {
        try (Connection connection = new Connection(port)) {
            int status = connection.call(ask(tenant, agent, channel));
            if (status != 200) {
                throw new IOException("Cerbos answered " + status + ": " + connection.body());
            }
            return connection.body().contains("EFFECT_ALLOW");
        }
    }

    @Override
    public void close() throws IOException {
        Peers.stop(process);
        Folders.delete(folder);
    }
}
