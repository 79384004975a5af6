package dev.parley.policy.replica;

import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.decision.DecisionResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A replica in a JVM of its own, which spends a tenant's credits as fast as it can, and which can be killed. */
final class ReplicaProcess implements AutoCloseable {
    private static final String READY = "ready";
    private static final String HELD = "held";
    private static final String SETTLED = "settled";

    private final Process process;
    private final Thread reader;
    private final CountDownLatch ready = new CountDownLatch(1);

    /** The holds that it answered, by operation. */
    final Map<UUID, String> held = new ConcurrentHashMap<>();

    /** What it charged, by operation. */
    final Map<UUID, Long> settled = new ConcurrentHashMap<>();

    private ReplicaProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** Starts one over the same database and with the same keys; it does nothing before {@link #go}. */
    static ReplicaProcess start(ReplicaDatabase database, TenantId tenant, int threads, Map<String, String> settings)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                ReplicaProcess.class.getName(),
                database.url(),
                tenant.toString(),
                String.valueOf(threads)));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put(Replica.KEYS, Replica.keys());
        return new ReplicaProcess(builder.start());
    }

    /** Waits until it hears the others: a JVM starts slowly where others start too. */
    boolean awaitReady() throws InterruptedException {
        return ready.await(60, TimeUnit.SECONDS);
    }

    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** As {@code kill -9}: nothing runs any more, not even what runs at a JVM's end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case READY -> ready.countDown();
                    case HELD -> {
                        if (words.length == 4) {
                            held.put(UUID.fromString(words[1]), words[2]);
                        }
                    }
                    case SETTLED -> {
                        if (words.length == 4) {
                            settled.put(UUID.fromString(words[1]), Long.valueOf(words[2]));
                        }
                    }
                    default -> System.err.println("the other replica: " + line);
                }
            }
        } catch (IOException killed) {
            // What it said until then is all there is.
        }
    }

    // --- in the other JVM ---

    /** Arguments: the database's address, the tenant, how many threads, settings. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        TenantId tenant = TenantId.of(arguments[1]);
        int threads = Integer.parseInt(arguments[2]);
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 3; i < arguments.length; i++) {
            settings.put(arguments[i].split("=")[0], arguments[i].split("=")[1]);
        }
        Replica replica = Replica.start(ReplicaDatabase.attach(arguments[0], 12), settings);
        replica.attend();
        while (!replica.bulletin.isCurrent()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        say(out, READY);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        orders.readLine();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++) {
            pool.execute(() -> spend(replica, tenant, out));
        }
        orders.readLine();
        Runtime.getRuntime().halt(1);
    }

    /** Holds for ever, and settles every third hold. */
    private static void spend(Replica replica, TenantId tenant, PrintStream out) {
        for (int i = 0; ; i++) {
            try {
                UUID operation = UUID.randomUUID();
                DecisionResponse decision = replica.decide(tenant, operation);
                if (decision.allow()) {
                    String hold = decision.hold().id();
                    say(out, HELD + " " + operation + " " + hold + " .");
                    if (i % 3 == 0) {
                        long credits =
                                replica.settle(tenant, operation, 1, hold).credits();
                        say(out, SETTLED + " " + operation + " " + credits + " .");
                    }
                }
            } catch (Problem busy) {
                say(out, "problem " + busy.getMessage());
            }
        }
    }

    private static void say(PrintStream out, String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
