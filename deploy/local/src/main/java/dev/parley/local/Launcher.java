package dev.parley.local;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** The program behind {@code make up}, {@code run}, {@code down}, {@code status} and {@code measure}. */
public final class Launcher {
    private static final int WRONG_USE = 2;
    private static final String ONLY = "--only=";
    // Held here, for java.util.logging forgets the level of a logger that nobody holds.
    private static final Logger KAFKA_CLIENT = Logger.getLogger("org.apache.kafka");

    private final PrintStream out;
    private final StackOptions options;

    private Launcher(PrintStream out, StackOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Runs one command; ends with code 1 when the stack failed and 2 when the command line makes no sense. */
    public static void main(String[] arguments) {
        KAFKA_CLIENT.setLevel(Level.SEVERE);
        List<String> words = List.of(arguments);
        String command = words.isEmpty() ? "" : words.getFirst();
        try {
            Launcher launcher = new Launcher(System.out, options(words, System.getenv()));
            switch (command) {
                case "up" -> launcher.up();
                case "run" -> launcher.run();
                case "down" -> launcher.down();
                case "status" -> launcher.status();
                case "measure" ->
                    launcher.out.print(
                            Measurement.of(ParleyStack.attach(launcher.options)).table());
                default -> {
                    System.err.println(
                            "usage: launcher up|run|down|status|measure [--only=postgresql,kafka,…] [--no-seed]");
                    System.exit(WRONG_USE);
                }
            }
            System.exit(0);
        } catch (StackFailure failure) {
            System.err.println("\n" + failure.getMessage());
            failure.logTail().forEach(line -> System.err.println("  | " + line));
            System.exit(1);
        }
    }

    /** Reads the settings of the environment and the flags of the command line. */
    static StackOptions options(List<String> words, Map<String, String> environment) {
        Checkout checkout = Checkout.find();
        String offset = environment.getOrDefault("PARLEY_PORT_OFFSET", "0");
        try {
            return new StackOptions(
                    checkout.root(),
                    checkout.root().resolve(Path.of(environment.getOrDefault("PARLEY_DATA_DIR", ".parley"))),
                    Integer.parseInt(offset),
                    parts(words),
                    !words.contains("--no-seed"),
                    !environment.getOrDefault("PARLEY_STARTUP_CACHE", "on").equals("off"),
                    environment.getOrDefault("PARLEY_OPTIMISED", "off").equals("on"),
                    Map.of(),
                    System.out::println);
        } catch (NumberFormatException e) {
            throw new StackFailure("PARLEY_PORT_OFFSET is a whole number, not " + offset, e);
        }
    }

    private static Set<Part> parts(List<String> words) {
        return words.stream()
                .filter(word -> word.startsWith(ONLY))
                .findFirst()
                .map(word -> Arrays.stream(word.substring(ONLY.length()).split(","))
                        .map(key -> Part.of(key).orElseThrow(() -> new StackFailure("there is no part called " + key)))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class))))
                .orElseGet(() -> EnumSet.allOf(Part.class));
    }

    private void up() {
        ParleyStack stack = ParleyStack.attach(options);
        if (stack.running().containsAll(options.parts())) {
            out.println("Parley is running already; make down, then make up, takes a new build into use.");
            welcome(stack);
            return;
        }
        start(stack);
    }

    private void run() {
        ParleyStack stack = ParleyStack.attach(options);
        start(stack);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            out.println("\nstopping");
            stack.stop();
        }));
        out.println("Ctrl-C stops it.");
        Set<Part> alive = stack.running();
        while (!alive.isEmpty()) {
            pause();
            Set<Part> now = stack.running();
            alive.stream()
                    .filter(part -> !now.contains(part))
                    .forEach(part -> out.println(part.label() + " has ended by itself; see " + stack.log(part)));
            alive = now;
        }
    }

    private void start(ParleyStack stack) {
        long since = System.nanoTime();
        out.println("Starting Parley in " + options.dataDirectory());
        Thread onInterrupt = new Thread(stack::abandon);
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            stack.startMissing();
        } finally {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
        }
        if (options.parts().contains(Part.GATEWAY)) {
            out.printf("  %-34s ready in %5.1f s%n", "all of it", (System.nanoTime() - since) / 1e9);
        }
        welcome(stack);
    }

    private void welcome(ParleyStack stack) {
        if (!options.parts().contains(Part.GATEWAY)) {
            return;
        }
        out.printf(
                """

                  Console          %s
                  Owner            %s / %s
                  Platform admin   %s / %s
                  API              %s/docs
                  Logs             %s

                  make down stops it and keeps the data.
                """,
                stack.publicUrl(),
                DemoSeed.OWNER_EMAIL,
                DemoSeed.OWNER_PASSWORD,
                LocalRealm.PLATFORM_ADMIN_EMAIL,
                LocalRealm.PLATFORM_ADMIN_PASSWORD,
                stack.publicUrl(),
                stack.dataDirectory().resolve("logs"));
    }

    private void down() {
        ParleyStack stack = ParleyStack.attach(options);
        Set<Part> running = stack.running();
        stack.stop();
        out.println(
                running.isEmpty()
                        ? "Nothing of Parley is running."
                        : "Stopped " + names(running) + "; the data is kept.");
    }

    private void status() {
        ParleyStack stack = ParleyStack.attach(options);
        Set<Part> running = stack.running();
        for (Part part : Part.values()) {
            out.printf(
                    "  %-16s %-17s %s%n",
                    part.label(),
                    StackSettings.LOOPBACK + ":" + stack.ports().of(part),
                    running.contains(part) ? "running, pid " + stack.pid(part) : "not running");
        }
    }

    private static String names(Set<Part> parts) {
        return parts.stream().map(Part::label).collect(Collectors.joining(", "));
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
