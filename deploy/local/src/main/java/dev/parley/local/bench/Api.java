package dev.parley.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls an API on this machine as a client would, and makes the bytes of requests that are sent many times. */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    Api(String base) {
        this.base = base;
    }

    /** Sends a request that must be answered with 2xx; further headers as name, value, name, value. */
    JsonNode send(String method, String path, String token, Object body, String... headers)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = answer(method, path, token, body, headers);
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(
                    method + " " + base + path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body().isBlank() || !json(answer) ? JSON.missingNode() : JSON.readTree(answer.body());
    }

    /** Sends a request and returns whatever is answered. */
    HttpResponse<String> answer(String method, String path, String token, Object body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static boolean json(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").contains("json");
    }

    /** The bytes of a GET; further headers as whole lines. */
    static byte[] get(String path, String token, String... headers) {
        return bytes("GET", path, token, null, headers);
    }

    /** The bytes of a POST with a JSON body. */
    static byte[] post(String path, String token, String body, String... headers) {
        return bytes("POST", path, token, body, headers);
    }

    private static byte[] bytes(String method, String path, String token, String body, String... headers) {
        StringBuilder head =
                new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        if (token != null) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return head.append("\r\n").append(body == null ? "" : body).toString().getBytes(StandardCharsets.UTF_8);
    }
}
