package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A whole Parley on this machine. Processes live until {@link #stop()}, whether or not the program that started them
 * does: {@link #attach} finds them again by their data directory.
 */
public final class ParleyStack implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(180);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(40);
    private static final int LOG_LINES = 25;

    private final StackSettings stack;
    private final Map<Part, StackPart> definitions = new EnumMap<>(Part.class);
    private final Map<Part, PartProcess> processes = new ConcurrentHashMap<>();
    private volatile Set<Part> startedHere = Set.of();
    private final AtomicBoolean givingUp = new AtomicBoolean();
    private final Semaphore trainings = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
    // Services that start beside each other on few cores only make each other late, and Keycloak boots beside them.
    private final Semaphore starts =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() - 1), true);

    private ParleyStack(StackSettings stack) {
        this.stack = stack;
        definitions.put(Part.POSTGRESQL, new PostgresServer(stack));
        definitions.put(Part.KAFKA, new KafkaBroker(stack));
        definitions.put(Part.KEYCLOAK, new KeycloakServer(stack));
        definitions.put(Part.SIMULATORS, new SimulatorServer(stack));
        for (Part part : Part.values()) {
            if (part.isService()) {
                definitions.put(part, new ServiceProcess(stack, part));
            }
        }
    }

    /**
     * Starts the parts that do not run yet and returns when all are ready, seeded if asked for.
     *
     * @throws StackFailure when a port is taken or a part does not become ready; what this call started is stopped then
     */
    public static ParleyStack start(StackOptions options) {
        ParleyStack stack = attach(options);
        stack.startMissing();
        return stack;
    }

    /** The parts that run already in this data directory; starts nothing. */
    public static ParleyStack attach(StackOptions options) {
        ParleyStack stack = new ParleyStack(StackSettings.of(options));
        for (Part part : Part.values()) {
            PartProcess.find(part, stack.stack.data()).ifPresent(process -> stack.processes.put(part, process));
        }
        return stack;
    }

    /** The parts that run now. */
    public Set<Part> running() {
        Set<Part> running = EnumSet.noneOf(Part.class);
        processes.forEach((part, process) -> {
            if (process.alive()) {
                running.add(part);
            }
        });
        return running;
    }

    /** Where each part listens. */
    public Ports ports() {
        return stack.ports();
    }

    /** Where everything of this stack is kept. */
    public Path dataDirectory() {
        return stack.data().root();
    }

    /** The log of a part's current run. */
    public Path log(Part part) {
        return stack.data().log(part);
    }

    /** The gateway's address, the only one that clients use. */
    public String gatewayUrl() {
        return stack.url(Part.GATEWAY);
    }

    /** The console's address for a browser. */
    public String publicUrl() {
        return stack.publicUrl();
    }

    /** The simulators' address; their controls are under {@code /_control}. */
    public String simulatorsUrl() {
        return stack.url(Part.SIMULATORS);
    }

    /** Keycloak's address, which is also the start of its tokens' issuer. */
    public String keycloakUrl() {
        return stack.browserUrl(Part.KEYCLOAK);
    }

    /** Kafka's bootstrap servers. */
    public String kafkaBootstrap() {
        return stack.bootstrapServers();
    }

    /** For checkers: a database ({@code parley_auth}, …) as the superuser, who sees every tenant; login included. */
    public String superuserUrl(String database) {
        return stack.databaseUrl(database) + "?user=" + PostgresServer.SUPERUSER + "&password="
                + stack.secrets().get(PostgresServer.SUPERUSER_SECRET);
    }

    /** For benchmarks: what a service proves with that it is one. */
    public String serviceSecret(Part service) {
        return stack.secrets().get("service." + service.key());
    }

    /** The process id of a running part. */
    public long pid(Part part) {
        return process(part).pid();
    }

    /** Ends a part at once, as {@code kill -9} does; nothing starts it again but {@link #restart}. */
    public void kill(Part part) {
        process(part).kill();
    }

    /** Starts a part again, after stopping it in order if it still runs; returns when it is ready. */
    public void restart(Part part) {
        Optional.ofNullable(processes.get(part))
                .filter(PartProcess::alive)
                .ifPresent(process -> process.stop(STOP_DEADLINE));
        givingUp.set(false);
        bringUp(definitions.get(part), false);
    }

    /**
     * Starts another process of a service beside the stack's own, on a port of its own; returns when it is ready.
     * Closing what is returned ends it; the stack does not.
     *
     * @param optimised whether it runs as in production, where the stack's own processes compile little
     * @param settings those that differ from the stack's
     */
    public Replica replica(Part part, int port, boolean optimised, Map<String, String> settings) {
        ServiceProcess service = new ServiceProcess(stack, part, port, settings);
        Path log = stack.data().folder("logs").resolve(part.key() + "-" + port + ".log");
        PartProcess process = PartProcess.launch(part, optimised ? service.optimised() : service.process(), log);
        if (!awaitAnswer(service, process, START_DEADLINE, new AtomicBoolean())) {
            process.kill();
            throw new StackFailure(
                    "the replica of " + part.label() + " did not become ready", LogTail.of(log, LOG_LINES), null);
        }
        return new Replica(process, port);
    }

    /** Stops what runs, in reverse order; returns when no process is left. */
    public void stop() {
        givingUp.set(true);
        stop(running());
    }

    /** Stops only what this very object has started, such as when the start is interrupted. */
    void abandon() {
        givingUp.set(true);
        stop(startedHere);
    }

    /** The same as {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }

    /** Seconds from start to ready of a part's current run, as noted when it started. */
    public Optional<Double> secondsToReady(Part part) {
        try {
            return Optional.of(Double.parseDouble(
                    Files.readString(stack.data().readyFile(part)).trim()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    void startMissing() {
        Set<Part> missing = EnumSet.copyOf(stack.options().parts());
        missing.removeAll(running());
        List<String> taken = stack.ports().taken(missing);
        if (!taken.isEmpty()) {
            throw new StackFailure(String.join("\n", taken)
                    + "\nStop that program, or set PARLEY_PORT_OFFSET to move every port of Parley.");
        }
        try (FileChannel lock =
                FileChannel.open(stack.data().lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null) {
                throw new StackFailure("another launcher is starting parts in " + dataDirectory());
            }
            bringUp(missing);
        } catch (OverlappingFileLockException e) {
            throw new StackFailure("this program is already starting parts in " + dataDirectory(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bringUp(Set<Part> missing) {
        Map<Part, CompletableFuture<Void>> ready = new EnumMap<>(Part.class);
        startedHere = Set.copyOf(missing);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Part part : missing) {
                StackPart definition = definitions.get(part);
                CompletableFuture<?>[] needed = definition.needs().stream()
                        .filter(missing::contains)
                        .map(ready::get)
                        .toArray(CompletableFuture[]::new);
                ready.put(
                        part, CompletableFuture.allOf(needed).thenRunAsync(() -> bringUpOrGiveUp(definition), threads));
            }
            CompletableFuture.allOf(ready.values().toArray(CompletableFuture[]::new))
                    .join();
            if (stack.options().seed() && stack.options().parts().contains(Part.GATEWAY)) {
                long since = System.nanoTime();
                new DemoSeed(stack).ensure();
                say("demo data", "", since);
            }
        } catch (CompletionException e) {
            abandon();
            throw e.getCause() instanceof StackFailure failure
                    ? failure
                    : new StackFailure("the stack cannot start: " + e.getCause(), e.getCause());
        } catch (StackFailure e) {
            abandon();
            throw e;
        }
    }

    private void bringUpOrGiveUp(StackPart definition) {
        if (givingUp.get()) {
            return;
        }
        try {
            if (definition instanceof ServiceProcess service) {
                if (stack.options().train()) {
                    holding(trainings, () -> service.train(givingUp));
                }
                holding(starts, () -> bringUp(definition, true));
            } else {
                bringUp(definition, true);
            }
        } catch (RuntimeException e) {
            if (givingUp.compareAndSet(false, true)) {
                throw e;
            }
        }
    }

    private static void holding(Semaphore permits, Runnable work) {
        permits.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            permits.release();
        }
    }

    private void bringUp(StackPart definition, boolean aloud) {
        Part part = definition.part();
        definition.prepare();
        if (givingUp.get()) {
            return;
        }
        long since = System.nanoTime();
        PartProcess process = PartProcess.start(part, definition.process(), stack.data());
        processes.put(part, process);
        if (givingUp.get()) {
            process.kill();
            return;
        }
        if (!awaitAnswer(definition, process, START_DEADLINE, givingUp)) {
            if (givingUp.get()) {
                return;
            }
            throw new StackFailure(
                    process.alive()
                            ? "%s did not become ready within %d s".formatted(part.label(), START_DEADLINE.toSeconds())
                            : "%s did not become ready: %s".formatted(part.label(), process.ending()),
                    LogTail.of(log(part), LOG_LINES),
                    null);
        }
        definition.provision();
        note(part, since);
        if (aloud) {
            say(part.label(), StackSettings.LOOPBACK + ":" + ports().of(part), since);
        }
    }

    /** Waits until a part answers; false when its process ends before, the deadline passes, or it is abandoned. */
    static boolean awaitAnswer(StackPart definition, PartProcess process, Duration deadline, AtomicBoolean abandoned) {
        long end = System.nanoTime() + deadline.toNanos();
        while (System.nanoTime() < end && !abandoned.get()) {
            if (process.endsWithin(POLL)) {
                return false;
            }
            if (definition.answers()) {
                return true;
            }
        }
        return false;
    }

    private void stop(Set<Part> parts) {
        List<Part> services = parts.stream()
                .filter(Part::isService)
                .sorted(Comparator.reverseOrder())
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(part -> threads.execute(() -> stop(part)));
        }
        parts.stream()
                .filter(part -> !part.isService())
                .sorted(Comparator.reverseOrder())
                .forEach(this::stop);
    }

    private void stop(Part part) {
        PartProcess process = processes.get(part);
        if (process != null) {
            process.stop(STOP_DEADLINE);
            processes.remove(part, process);
        }
        try {
            Files.deleteIfExists(stack.data().pidFile(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PartProcess process(Part part) {
        PartProcess process = processes.get(part);
        if (process == null) {
            throw new NoSuchElementException(part.label() + " was not started by this stack");
        }
        return process;
    }

    private void note(Part part, long since) {
        try {
            Files.writeString(stack.data().readyFile(part), Double.toString(secondsSince(since)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void say(String what, String where, long since) {
        stack.options().output().accept("  %-16s %-17s ready in %5.1f s".formatted(what, where, secondsSince(since)));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
