package dev.parley.simulators;

import com.sun.net.httpserver.HttpServer;
import dev.parley.simulators.razorpay.Razorpay;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The simulators on a free port, a receiver for their webhooks, and an HTTP client. */
final class World implements AutoCloseable {

    record Received(String path, String query, Map<String, String> headers, String body) {

        JsonObject json() {
            return new JsonObject(body);
        }
    }

    static final Razorpay.Secrets RAZORPAY =
            new Razorpay.Secrets("rzp_test_parley_local", "rzp_secret_parley_local", "rzp_parley_local");

    private static final Pattern CHALLENGE = Pattern.compile("hub\\.challenge=(\\d+)");

    private volatile boolean echoes;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer receiver;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Integer> answers = new ConcurrentLinkedDeque<>();
    private final SimulatorServer server;

    World() {
        this(null);
    }

    World(Path stateDirectory) {
        this(stateDirectory, 0);
    }

    World(Path stateDirectory, int receiverPort) {
        try {
            receiver = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), receiverPort), 50);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toMap(
                            header -> header.getKey().toLowerCase(java.util.Locale.ROOT),
                            header -> header.getValue().getFirst()));
            received.add(new Received(
                    exchange.getRequestURI().getPath(), exchange.getRequestURI().getRawQuery(), headers, body));
            Integer status = answers.poll();
            byte[] challenge = challenge(exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(status == null ? 200 : status, challenge.length == 0 ? -1 : challenge.length);
            exchange.getResponseBody().write(challenge);
            exchange.close();
        });
        receiver.start();
        server = SimulatorServer.start(
                new Settings(0, 0, receiverUrl(), "whsec_parley_local", RAZORPAY, stateDirectory, true),
                Clock.systemUTC());
    }

    /** From now on, until the next reset, the receiver answers a handshake with its challenge. */
    void echoChallenges() {
        echoes = true;
    }

    private byte[] challenge(String query) {
        Matcher challenge = CHALLENGE.matcher(query == null ? "" : query);
        return echoes && challenge.find() ? challenge.group(1).getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    int smtpPort() {
        return server.smtpPort();
    }

    String receiverUrl() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort();
    }

    int receiverPort() {
        return receiver.getAddress().getPort();
    }

    /** The receiver's next answers; 200 afterwards. */
    void answerWith(Integer... statuses) {
        answers.addAll(List.of(statuses));
    }

    List<Received> received() {
        return received;
    }

    /** Waits until that many webhooks came, and returns them. */
    List<Received> awaitReceived(int count) {
        await(() -> received.size() >= count);
        return List.copyOf(received);
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen within 10 s");
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    HttpResponse<String> form(String path, Map<String, String> fields, String... headers) {
        String body = fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        List<String> all = new java.util.ArrayList<>(List.of(headers));
        all.addAll(List.of("content-type", "application/x-www-form-urlencoded"));
        return send("POST", path, body, all.toArray(String[]::new));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    JsonObject control(String method, String path, String body) {
        HttpResponse<String> response = send(method, "/_control" + path, body);
        if (response.statusCode() >= 300) {
            throw new AssertionError(
                    method + " " + path + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body());
    }

    /** Back to normal between tests: nothing on its way, no faults, no log, nothing received. */
    void reset() {
        await(() -> isSettled("stripe")
                && isSettled("razorpay")
                && isSettled("telegram")
                && isSettled("whatsapp")
                && isSettled("twilio"));
        control("DELETE", "/faults", null);
        control("DELETE", "/log", null);
        control("DELETE", "/counters", null);
        control("DELETE", "/llm/replies", null);
        received.clear();
        answers.clear();
        echoes = false;
    }

    private boolean isSettled(String provider) {
        return control("GET", "/webhooks/" + provider, null).getJsonArray("items").stream()
                .map(delivery -> ((JsonObject) delivery).getString("outcome"))
                .noneMatch(outcome -> outcome.equals("waiting") || outcome.equals("retrying"));
    }

    @Override
    public void close() {
        server.close();
        receiver.stop(0);
    }
}
