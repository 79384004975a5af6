package dev.parley.e2e.support;

import dev.parley.local.Folders;
import dev.parley.local.ParleyStack;
import dev.parley.local.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The whole stack, started once per test run beside any other, with data of its own. With {@code PARLEY_E2E_ATTACH} set
 * to the data directory of a running stack, and {@code PARLEY_E2E_PORT_OFFSET} to its offset, that one is used instead.
 */
public final class Stack {
    private static final int OFFSET = Integer.parseInt(System.getenv().getOrDefault("PARLEY_E2E_PORT_OFFSET", "10000"));
    private static final Path DATA = Path.of("target", "stack").toAbsolutePath();
    private static final ParleyStack RUNNING = start();

    private Stack() {}

    /** The stack, started at first use and stopped when the test run ends. */
    public static ParleyStack running() {
        return RUNNING;
    }

    private static ParleyStack start() {
        String running = System.getenv("PARLEY_E2E_ATTACH");
        if (running != null) {
            return ParleyStack.attach(StackOptions.of(Path.of(running), OFFSET));
        }
        StackOptions options = StackOptions.of(DATA, OFFSET)
                .withTraining(true)
                .withEnvironment(Map.of(
                        "PARLEY_RATE_LIMIT_LOGIN_RATE", "6000",
                        "PARLEY_RATE_LIMIT_LOGIN_BURST", "3000",
                        // A crash leaves holds and queues behind that its test waits for.
                        "POLICY_HOLD_LIFETIME", "1M",
                        "CHANNEL_WEBHOOK_DELIVERY_TIMEOUT", "5S",
                        "CHANNEL_WEBHOOK_DELIVERY_LEASE", "8S"))
                .withOutput(System.err::println);
        if (Files.isDirectory(DATA)) {
            ParleyStack.attach(options).stop();
            delete();
        }
        ParleyStack stack = ParleyStack.start(options);
        Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
        return stack;
    }

    private static void delete() {
        try {
            Folders.delete(DATA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
