package dev.parley.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One of the five services or the gateway: its uber-jar in a small JVM, with a start-up cache when there is one. */
final class ServiceProcess implements StackPart {
    private static final String HEAP = "192m";
    private static final Duration TRAINING_DEADLINE = Duration.ofSeconds(120);
    private static final List<Part> CALLERS =
            List.of(Part.GATEWAY, Part.POLICY_SERVICE, Part.AGENT_SERVICE, Part.BILLING_SERVICE, Part.CHANNEL_SERVICE);

    private final StackSettings stack;
    private final Part part;
    private final int port;
    private final Map<String, String> further;

    ServiceProcess(StackSettings stack, Part part) {
        this(stack, part, stack.ports().of(part), Map.of());
    }

    /** Another process of the same service, on a port of its own, with settings that win over the stack's. */
    ServiceProcess(StackSettings stack, Part part, int port, Map<String, String> further) {
        this.stack = stack;
        this.part = part;
        this.port = port;
        this.further = further;
    }

    @Override
    public Part part() {
        return part;
    }

    @Override
    public Set<Part> needs() {
        return part == Part.GATEWAY
                ? EnumSet.range(Part.AUTH_SERVICE, Part.CHANNEL_SERVICE)
                : EnumSet.of(Part.POSTGRESQL, Part.KAFKA);
    }

    @Override
    public void prepare() {
        installed();
    }

    @Override
    public ProcessSpec process() {
        if (stack.options().optimised()) {
            return optimised();
        }
        InstalledJar installed = installed();
        return process(installed, installed.useFlags());
    }

    @Override
    public boolean answers() {
        return HttpProbe.ok("http://" + StackSettings.LOOPBACK + ":" + port + "/q/health/ready");
    }

    @Override
    public void provision() {
        // A service migrates its own database before it says that it is ready.
    }

    /** Makes the start-up cache by running the service once, when its jar has none yet. */
    void train(AtomicBoolean abandoned) {
        InstalledJar installed = installed();
        if (!installed.hasCache()) {
            installed.makeCache(flags -> record(process(installed, flags), abandoned));
        }
    }

    /** How to run it as in production: with both compilers, and without a start-up cache. */
    ProcessSpec optimised() {
        List<String> command = new ArrayList<>(StackSettings.java(HEAP, "-Xms64m"));
        command.addAll(List.of("-jar", installed().jar().toString()));
        return new ProcessSpec(command, environment(), stack.data().root());
    }

    private boolean record(ProcessSpec run, AtomicBoolean abandoned) {
        PartProcess process = PartProcess.launch(part, run, stack.data().trainingLog(part));
        try {
            boolean ready = ParleyStack.awaitAnswer(this, process, TRAINING_DEADLINE, abandoned);
            process.stop(TRAINING_DEADLINE);
            return ready;
        } finally {
            process.kill();
        }
    }

    private InstalledJar installed() {
        return InstalledJar.of(
                stack.checkout().runtime(), part.key(), stack.checkout().serviceJar(part));
    }

    private ProcessSpec process(InstalledJar installed, List<String> cacheFlags) {
        // C1 alone: on a laptop's few cores the optimising compiler would take one for minutes, six times over.
        List<String> command =
                new ArrayList<>(StackSettings.java(HEAP, "-Xms32m", "-Xss512k", "-XX:TieredStopAtLevel=1"));
        command.addAll(cacheFlags);
        command.addAll(List.of("-jar", installed.jar().toString()));
        return new ProcessSpec(command, environment(), stack.data().root());
    }

    private Map<String, String> environment() {
        Map<String, String> settings = new TreeMap<>(VendorSettings.from(stack.url(Part.SIMULATORS), System.getenv()));
        settings.put("PARLEY_HTTP_PORT", Integer.toString(port));
        settings.put("PARLEY_KAFKA_BOOTSTRAP", stack.bootstrapServers());
        settings.put("PARLEY_AUTH_URL", stack.url(Part.AUTH_SERVICE));
        settings.put("PARLEY_POLICY_URL", stack.url(Part.POLICY_SERVICE));
        settings.put("PARLEY_AGENT_URL", stack.url(Part.AGENT_SERVICE));
        settings.put("PARLEY_BILLING_URL", stack.url(Part.BILLING_SERVICE));
        settings.put("PARLEY_CHANNEL_URL", stack.url(Part.CHANNEL_SERVICE));
        settings.put("PARLEY_SERVICE_SECRET", secretOf(part));
        settings.put("PARLEY_MASTER_KEYSET", stack.secrets().masterKeyset().toString());
        settings.put("PARLEY_PUBLIC_URL", stack.publicUrl());
        settings.put("PARLEY_CORS_ORIGINS", stack.publicUrl());
        settings.put("PARLEY_KEYCLOAK_URL", stack.browserUrl(Part.KEYCLOAK));
        settings.put("PARLEY_KEYCLOAK_REALM", StackSettings.REALM);
        if (System.getenv("PARLEY_OTLP_ENDPOINT") != null) {
            settings.put("PARLEY_TRACES_DISABLED", "false");
        }
        if (!stack.options().optimised()) {
            // Whoever tries something out looks for it afterwards.
            settings.put("PARLEY_TRACE_SAMPLING", System.getenv().getOrDefault("PARLEY_TRACE_SAMPLING", "1.0"));
        }
        if (part == Part.BILLING_SERVICE) {
            settings.put("PARLEY_TEST_CLOCKS", "true");
            settings.putAll(VendorSettings.books(System.getenv()));
        }
        if (part == Part.CHANNEL_SERVICE || part == Part.AGENT_SERVICE) {
            settings.put("PARLEY_WEBHOOK_LOOPBACK", "true");
        }
        if (part != Part.GATEWAY) {
            settings.putAll(MailSettings.from(stack, System.getenv()));
        }
        settings.put("MALLOC_ARENA_MAX", "2");
        if (part == Part.AUTH_SERVICE || part == Part.GATEWAY) {
            settings.put("PARLEY_KEYCLOAK_CLIENT_ID", LocalRealm.WEB_CLIENT);
            settings.put("PARLEY_KEYCLOAK_CLIENT_SECRET", stack.secrets().get(LocalRealm.WEB_SECRET));
        }
        if (part == Part.AUTH_SERVICE) {
            settings.put(
                    "PARLEY_SERVICE_SECRETS",
                    CALLERS.stream()
                            .map(caller -> caller.key() + "=" + secretOf(caller))
                            .collect(Collectors.joining(",")));
            settings.put("PARLEY_KEYCLOAK_ADMIN_CLIENT_ID", LocalRealm.ADMIN_CLIENT);
            settings.put("PARLEY_KEYCLOAK_ADMIN_CLIENT_SECRET", stack.secrets().get(LocalRealm.ADMIN_SECRET));
        }
        if (part != Part.GATEWAY) {
            String service = part.key().replace("-service", "");
            settings.put("PARLEY_STORAGE_DIR", stack.data().folder("storage").toString());
            settings.put("PARLEY_DB_URL", stack.databaseUrl(Databases.database(service)));
            Stream.of(
                            Map.entry("APP", Databases.app(service)),
                            Map.entry("RELAY", Databases.relay(service)),
                            Map.entry("ERASER", Databases.eraser(service)),
                            Map.entry("MIGRATOR", Databases.migrator(service)))
                    .forEach(role -> {
                        settings.put("PARLEY_DB_" + role.getKey() + "_USER", role.getValue());
                        settings.put(
                                "PARLEY_DB_" + role.getKey() + "_PASSWORD",
                                stack.secrets().get(Databases.secretOf(role.getValue())));
                    });
        }
        settings.putAll(stack.options().environment());
        settings.putAll(further);
        return settings;
    }

    private String secretOf(Part service) {
        return stack.secrets().get("service." + service.key());
    }
}
