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

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            // One machine asks for all customers.
            Map.entry("PARLEY_RATE_LIMIT_LOGIN_RATE", "6000"),
            Map.entry("PARLEY_RATE_LIMIT_LOGIN_BURST", "3000"),
            Map.entry("PARLEY_RATE_LIMIT_ADDRESS_BURST", "20000"),
            Map.entry("PARLEY_RATE_LIMIT_TENANT_BURST", "20000"),
            // A crash leaves holds and queues behind that its test waits for.
            Map.entry("POLICY_HOLD_LIFETIME", "1M"),
            Map.entry("CHANNEL_WEBHOOK_DELIVERY_TIMEOUT", "5S"),
            Map.entry("CHANNEL_WEBHOOK_DELIVERY_LEASE", "8S"),
            // On a loaded machine whoever is silent for seconds is not gone; who was killed refuses connections at
            // once.
            Map.entry("PARLEY_SERVICE_SILENCE", "5S"),
            Map.entry("AUTH_FOUNDING_TRIAL_PATIENCE", "15S"),
            Map.entry("AUTH_KEYCLOAK_TIMEOUT", "15S"),
            Map.entry("GATEWAY_SESSION_EXCHANGE_TIMEOUT", "20S"),
            Map.entry("GATEWAY_ROUTE_RULES_IDENTITY_TIMEOUT", "20S"),
            Map.entry("GATEWAY_ROUTE_RULES_AGENTS_TIMEOUT", "20S"),
            Map.entry("GATEWAY_ROUTE_RULES_POLICY_TIMEOUT", "20S"),
            Map.entry("GATEWAY_ROUTE_RULES_PLANS_TIMEOUT", "20S"),
            Map.entry("CHANNEL_OUTBOUND_ANSWER_PATIENCE", "30S"),
            Map.entry("CHANNEL_OUTBOUND_SETTLEMENT_PATIENCE", "30S"),
            Map.entry(
                    "QUARKUS_DATASOURCE_JDBC_ADDITIONAL_JDBC_PROPERTIES_OPTIONS",
                    "-c statement_timeout=20s -c lock_timeout=15s -c idle_in_transaction_session_timeout=60s"),
            Map.entry("QUARKUS_DATASOURCE_JDBC_ADDITIONAL_JDBC_PROPERTIES_SOCKETTIMEOUT", "60"));

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
                .withEnvironment(SETTINGS)
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
