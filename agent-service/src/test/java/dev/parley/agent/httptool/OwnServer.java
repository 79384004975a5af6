package dev.parley.agent.httptool;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A tenant's own server on this machine, which answers as it is told. */
final class OwnServer implements AutoCloseable {
    /** What it received, in order. */
    final List<Received> received = new CopyOnWriteArrayList<>();

    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;
    private volatile Reply reply = new Reply(200, "application/json", "{}", null);

    /** One request. */
    record Received(String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.get(name) == null ? null : headers.get(name).getFirst();
        }
    }

    private record Reply(int status, String type, String body, String location) {}

    OwnServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** What it answers from now on. */
    OwnServer answering(int status, String type, String body) {
        reply = new Reply(status, type, body, null);
        return this;
    }

    /** It sends everybody elsewhere. */
    OwnServer redirecting(String location) {
        reply = new Reply(302, "text/plain", "elsewhere", location);
        return this;
    }

    /** It reads what it is sent and closes the connection. */
    OwnServer cutting() {
        reply = new Reply(0, null, "", null);
        return this;
    }

    /** It never answers. */
    OwnServer silent() {
        reply = null;
        return this;
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    private void handle(HttpExchange exchange) throws IOException {
        received.add(new Received(
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Reply now = reply;
        if (now == null) {
            await();
            return;
        }
        if (now.status() == 0) {
            exchange.close();
            return;
        }
        byte[] body = now.body().getBytes(StandardCharsets.UTF_8);
        if (now.type() != null) {
            exchange.getResponseHeaders().add("Content-Type", now.type());
        }
        if (now.location() != null) {
            exchange.getResponseHeaders().add("Location", now.location());
        }
        exchange.sendResponseHeaders(now.status(), body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
