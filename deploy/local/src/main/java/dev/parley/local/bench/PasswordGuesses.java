package dev.parley.local.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.ParleyStack;
import dev.parley.local.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Guesses one owner's password from many sides at once while the owner logs in now and then from a device that logged in
 * before, and from one that never did. Guesses go past the gateway's limit per address, as a botnet's would.
 */
public final class PasswordGuesses {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GUESSES = Integer.getInteger("guesses", 10_000);
    private static final int AT_ONCE = 16;
    private static final int OFFSET = Integer.getInteger("offset", Bed.OFFSET);
    private static final String PASSWORD = "correct-horse-battery-1";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String gateway;

    private PasswordGuesses(String gateway) {
        this.gateway = gateway;
    }

    /** The settings under which the gateway's limit per address does not stop the guesses before Keycloak sees them. */
    public static Map<String, String> withoutAddressLimit() {
        return Map.of("PARLEY_RATE_LIMIT_LOGIN_RATE", "1000000", "PARLEY_RATE_LIMIT_LOGIN_BURST", "1000000");
    }

    /** Starts a stack of its own and guesses 10,000 times; {@code -Dguesses=} changes the number. */
    public static void main(String[] arguments) throws Exception {
        StackOptions options = StackOptions.of(Path.of("deploy/local/target/bench"), OFFSET)
                .withEnvironment(withoutAddressLimit())
                .withOutput(System.err::println);
        try (ParleyStack stack = ParleyStack.start(options)) {
            System.out.println(against(stack.gatewayUrl(), GUESSES));
        }
    }

    /** Guesses so many times at a gateway and tells what came of it. */
    public static Outcome against(String gateway, int guesses) throws InterruptedException {
        return new PasswordGuesses(gateway).run(guesses);
    }

    private Outcome run(int guesses) throws InterruptedException {
        String email = "guessed-" + UUID.randomUUID() + "@example.com";
        post(
                "/api/v1/auth/signup",
                Map.of("email", email, "password", PASSWORD, "name", "Ada", "organization", "Guessed"),
                null);
        String device = login(email, PASSWORD, null)
                .headers()
                .firstValue("X-Device-Token")
                .orElseThrow();
        int succeeded = 0;
        int owner = 0;
        int ownerIn = 0;
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Semaphore room = new Semaphore(AT_ONCE);
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < guesses; i++) {
                room.acquire();
                String guess = "correct-horse-battery-" + (i + 2);
                answers.add(threads.submit(() -> {
                    try {
                        return login(email, guess, null).statusCode();
                    } finally {
                        room.release();
                    }
                }));
                if (i % Math.max(20, guesses / 20) == 19) {
                    owner++;
                    ownerIn += login(email, PASSWORD, device).statusCode() == 200 ? 1 : 0;
                }
            }
            for (Future<Integer> answer : answers) {
                succeeded += answer.get() == 200 ? 1 : 0;
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a guess could not be sent", failed.getCause());
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        boolean locked = login(email, PASSWORD, null).statusCode() == 401;
        return new Outcome(guesses, succeeded, owner, ownerIn, locked, millis);
    }

    private HttpResponse<String> login(String email, String password, String device) {
        return post("/api/v1/auth/login", Map.of("email", email, "password", password), device);
    }

    private HttpResponse<String> post(String path, Map<String, String> body, String device) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
            if (device != null) {
                request.header("X-Device-Token", device);
            }
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /**
     * What came of the guesses.
     *
     * @param succeeded guesses that were let in
     * @param ownersTries logins of the owner from the known device meanwhile
     * @param ownerIn how many of them were let in
     * @param strangersLocked whether the right password from an unknown device was refused at the end
     */
    public record Outcome(
            int guesses, int succeeded, int ownersTries, int ownerIn, boolean strangersLocked, long millis) {
        @Override
        public String toString() {
            return "%d guesses in %.1f s: %d succeeded; owner on a known device let in %d of %d times; unknown device %s"
                    .formatted(
                            guesses,
                            millis / 1000.0,
                            succeeded,
                            ownerIn,
                            ownersTries,
                            strangersLocked ? "locked out" : "let in");
        }
    }
}
