package dev.parley.e2e.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A caller of the gateway with one credential; immutable. */
public final class Api {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final Map<String, String> headers;

    private Api(String base, Map<String, String> headers) {
        this.base = base;
        this.headers = headers;
    }

    /** A caller without any credential. */
    public static Api anonymous() {
        return new Api(Stack.running().gatewayUrl(), Map.of());
    }

    /** A caller of another server, such as the simulators. */
    public static Api of(String url) {
        return new Api(url, Map.of());
    }

    /** A caller with a Keycloak access token. */
    public static Api bearer(String token) {
        return anonymous().with("Authorization", "Bearer " + token);
    }

    /** A caller with an API key. */
    public static Api key(String key) {
        return anonymous().with("X-API-Key", key);
    }

    /** A person who logs in with the password. */
    public static Api login(String email, String password) {
        Answer answer = anonymous().post("/api/v1/auth/login", Map.of("email", email, "password", password));
        return bearer(answer.expect(200).text("access_token"));
    }

    /** The platform's own admin of the local profile. */
    public static Api platformAdmin() {
        return login("admin@parley.local", "parley-platform-admin");
    }

    /** The same caller with one more header. */
    public Api with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Api(base, more);
    }

    /** Sends GET. */
    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), null);
    }

    /** The bytes that a GET answers with 200. */
    public byte[] download(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new AssertionError("GET " + path + " answered " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends POST with a JSON body; an object is written as JSON. */
    public Answer post(String path, Object body) {
        return send("POST", path, json(body), "application/json");
    }

    /** Sends POST without a body. */
    public Answer post(String path) {
        return send("POST", path, BodyPublishers.noBody(), null);
    }

    /** Sends PUT with a JSON body. */
    public Answer put(String path, Object body) {
        return send("PUT", path, json(body), "application/json");
    }

    /** Sends PATCH with a JSON body. */
    public Answer patch(String path, Object body) {
        return send("PATCH", path, json(body), "application/json");
    }

    /** Sends DELETE. */
    public Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody(), null);
    }

    /** Sends bytes as they are. */
    public Answer raw(String method, String path, byte[] body, String contentType) {
        return send(method, path, BodyPublishers.ofByteArray(body), contentType);
    }

    /** Sends any method, with a JSON body when it is not null. */
    public Answer call(String method, String path, Object body) {
        return body == null
                ? send(method, path, BodyPublishers.noBody(), null)
                : send(method, path, json(body), "application/json");
    }

    /** A header that this caller sends, or null. */
    public String header(String name) {
        return headers.get(name);
    }

    /** The access token that this caller shows. */
    public String token() {
        return headers.get("Authorization").substring("Bearer ".length());
    }

    private Answer send(String method, String path, BodyPublisher body, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path))
                .method(method, body)
                .timeout(Duration.ofSeconds(120));
        headers.forEach(request::header);
        if (contentType != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", contentType);
        }
        try {
            return new Answer(
                    method + " " + path, HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static BodyPublisher json(Object body) {
        try {
            return BodyPublishers.ofString(body instanceof String text ? text : JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What came back. */
    public record Answer(String request, HttpResponse<String> response) {
        /** The HTTP status. */
        public int status() {
            return response.statusCode();
        }

        /** Fails, showing the answer, unless the status is the expected one. */
        public Answer expect(int status) {
            if (status() != status) {
                throw new AssertionError(
                        request + " answered " + status() + " instead of " + status + ": " + response.body());
            }
            return this;
        }

        /** The body as JSON; a missing node when it is none. */
        public JsonNode body() {
            try {
                return response.body().isEmpty() ? JSON.missingNode() : JSON.readTree(response.body());
            } catch (JsonProcessingException e) {
                throw new AssertionError(request + " answered something else than JSON: " + response.body(), e);
            }
        }

        /** The body as it came. */
        public String raw() {
            return response.body();
        }

        /** A member of the body by JSON pointer or by name. */
        public JsonNode at(String pointer) {
            return pointer.startsWith("/") ? body().at(pointer) : body().path(pointer);
        }

        /** A member of the body as text. */
        public String text(String pointer) {
            return at(pointer).asText();
        }

        /** A response header, or null. */
        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }
}
