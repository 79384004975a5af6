package dev.parley.local;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What to start, and where.
 *
 * @param checkout the root of the source tree, whose built jars are started
 * @param dataDirectory what the stack keeps: databases, logs, secrets, pids
 * @param portOffset added to every port
 * @param parts the parts to start
 * @param seed whether to create the demo agents, plans and tenant once the gateway is ready
 * @param train whether to make a service's start-up cache when its jar has none, which takes some seconds per jar
 * @param optimised whether services run as in production, with both compilers, instead of as suits a laptop
 * @param environment settings for our own processes, which win over the launcher's
 * @param output receives each line meant for people
 */
public record StackOptions(
        Path checkout,
        Path dataDirectory,
        int portOffset,
        Set<Part> parts,
        boolean seed,
        boolean train,
        boolean optimised,
        Map<String, String> environment,
        Consumer<String> output) {

    /** Copies what is given. */
    public StackOptions {
        checkout = checkout.toAbsolutePath().normalize();
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        parts = Set.copyOf(parts);
        environment = Map.copyOf(environment);
    }

    /** The whole stack, seeded, with this data directory and port offset; says nothing. */
    public static StackOptions of(Path dataDirectory, int portOffset) {
        return new StackOptions(
                Checkout.find().root(),
                dataDirectory,
                portOffset,
                EnumSet.allOf(Part.class),
                true,
                false,
                false,
                Map.of(),
                line -> {});
    }

    /** The same with other parts. */
    public StackOptions withParts(Set<Part> chosen) {
        return new StackOptions(
                checkout, dataDirectory, portOffset, chosen, seed, train, optimised, environment, output);
    }

    /** The same with or without the demo data. */
    public StackOptions withSeed(boolean wanted) {
        return new StackOptions(
                checkout, dataDirectory, portOffset, parts, wanted, train, optimised, environment, output);
    }

    /** The same, making start-up caches or not. */
    public StackOptions withTraining(boolean wanted) {
        return new StackOptions(
                checkout, dataDirectory, portOffset, parts, seed, wanted, optimised, environment, output);
    }

    /** The same with services that run as in production or not. */
    public StackOptions withOptimisation(boolean wanted) {
        return new StackOptions(checkout, dataDirectory, portOffset, parts, seed, train, wanted, environment, output);
    }

    /** The same with these settings for our own processes on top of the launcher's. */
    public StackOptions withEnvironment(Map<String, String> settings) {
        return new StackOptions(checkout, dataDirectory, portOffset, parts, seed, train, optimised, settings, output);
    }

    /** The same, telling each line to this receiver. */
    public StackOptions withOutput(Consumer<String> receiver) {
        return new StackOptions(
                checkout, dataDirectory, portOffset, parts, seed, train, optimised, environment, receiver);
    }
}
