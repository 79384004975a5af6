package dev.parley.channel.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Addresses that lead inside, or may be read in two ways, one per line of a file; line ends and others are escaped. */
public final class HostileAddresses {
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private HostileAddresses() {}

    /** All of them, as a client would send them. */
    public static List<String> all() {
        try {
            return Files.readAllLines(Path.of("src/test/resources/refused-addresses.txt")).stream()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> ESCAPE.matcher(line)
                            .replaceAll(hex -> String.valueOf((char) Integer.parseInt(hex.group(1), 16))
                                    .replace("\\", "\\\\")
                                    .replace("$", "\\$")))
                    .map(line -> line.replace("\\r", "\r").replace("\\n", "\n"))
                    .toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
