package dev.parley.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Calls a JSON API on this machine. */
final class JsonHttp implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What came back: the status, and the body, which is a missing node when it is empty. */
    record Answer(int status, JsonNode body) {
        /** The same answer, when its status is one of these; otherwise a failure that says what was asked. */
        Answer expecting(String request, int... statuses) {
            for (int expected : statuses) {
                if (status == expected) {
                    return this;
                }
            }
            throw new StackFailure("%s answered %d: %s".formatted(request, status, body));
        }
    }

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    JsonHttp(String base) {
        this.base = base;
    }

    /** Sends a JSON body, or none when it is null. */
    Answer send(String method, String path, Object body, Map<String, String> headers) {
        try {
            return send(
                    method,
                    path,
                    body == null ? null : JSON.writeValueAsString(body),
                    body == null ? null : "application/json",
                    headers);
        } catch (IOException e) {
            throw new StackFailure(method + " " + base + path + ": " + e.getMessage(), e);
        }
    }

    /** Sends a form. */
    Answer sendForm(String path, String form) {
        return send("POST", path, form, "application/x-www-form-urlencoded", Map.of());
    }

    private Answer send(String method, String path, String body, String contentType, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String text = response.body();
            boolean json =
                    response.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Answer(
                    response.statusCode(),
                    text.isBlank()
                            ? MissingNode.getInstance()
                            : json ? JSON.readTree(text) : JSON.getNodeFactory().textNode(text));
        } catch (IOException e) {
            throw new StackFailure(method + " " + base + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure(method + " " + base + path + " was interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
