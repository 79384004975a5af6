package dev.parley.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.operation.Trace;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls another service of Parley for one tenant, with this service's own tenant context, the current operation and
 * trace. An answer that is a problem is thrown as that problem; no answer in time is a 503 problem.
 */
public final class ServiceClient {
    private static final int STALE_TOKEN = 401;
    private static final String HEALTH = "/q/health/live";

    private final String service;
    private final String url;
    private final HttpCalls calls;
    private final ServiceTokens tokens;
    private final ObjectMapper mapper;
    private final Pulse pulse;

    ServiceClient(
            String service, String url, Duration silence, HttpCalls calls, ServiceTokens tokens, ObjectMapper mapper) {
        this.service = service;
        this.url = url;
        this.calls = calls;
        this.tokens = tokens;
        this.mapper = mapper;
        this.pulse = new Pulse(url + HEALTH, silence);
    }

    /** Posts a body as JSON and reads the answer; {@code Void.class} when there is none. */
    public <T> T post(TenantId tenant, String path, @Nullable Object body, Class<T> type, Duration timeout) {
        byte[] json = body == null ? new byte[0] : json(body);
        return read(send(calls::call, "POST", tenant, path, json, timeout), type);
    }

    /** As {@link #post}, for what may take long: however many such calls wait, all others have their connections. */
    public <T> T postPatiently(TenantId tenant, String path, Object body, Class<T> type, Duration timeout) {
        return read(send(calls::callPatiently, "POST", tenant, path, json(body), timeout), type);
    }

    /**
     * As {@link #post}, for callers that must not wait for a service that is gone: one that shows no sign of life is a 503
     * problem within {@code parley.service.silence} and 40 ms, while one that is only busy has all the time.
     */
    public <T> T postIfAlive(TenantId tenant, String path, Object body, Class<T> type, Duration timeout) {
        Way alive = (method, address, headers, json, wait, part) ->
                calls.call(method, address, headers, json, wait, part, pulse);
        return read(send(alive, "POST", tenant, path, json(body), timeout), type);
    }

    /** Gets a document. */
    public <T> T get(TenantId tenant, String path, Class<T> type, Duration timeout) {
        return read(send(calls::call, "GET", tenant, path, null, timeout), type);
    }

    /** Posts a body and reads the answer as server-sent events; the time-out is the longest silence, in total too. */
    public EventStream stream(TenantId tenant, String path, Object body, Duration timeout) {
        byte[] json = json(body);
        EventStream stream = open(tenant, path, json, timeout);
        if (stream.status() == STALE_TOKEN) {
            stream.close();
            tokens.forget(tenant, service);
            stream = open(tenant, path, json, timeout);
        }
        return eventsOf(stream);
    }

    private EventStream open(TenantId tenant, String path, byte[] json, Duration timeout) {
        Map<String, String> headers = headers(tenant, timeout, true);
        headers.put("Accept", "text/event-stream");
        return calls.stream(url + path, headers, json, timeout, service);
    }

    private EventStream eventsOf(EventStream stream) {
        if (stream.status() != 200 || !stream.isEvents()) {
            try (stream) {
                throw Answers.problem(mapper, new HttpCalls.Answer(stream.status(), null, stream.body()), service);
            }
        }
        return stream;
    }

    private HttpCalls.Answer send(
            Way way, String method, TenantId tenant, String path, byte @Nullable [] body, Duration timeout) {
        Supplier<HttpCalls.Answer> call =
                () -> way.call(method, url + path, headers(tenant, timeout, body != null), body, timeout, service);
        HttpCalls.Answer answer = call.get();
        if (answer.status() == STALE_TOKEN) {
            tokens.forget(tenant, service);
            answer = call.get();
        }
        if (answer.status() >= 400) {
            throw Answers.problem(mapper, answer, service);
        }
        return answer;
    }

    private Map<String, String> headers(TenantId tenant, Duration timeout, boolean hasBody) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + tokens.forTenant(tenant, service));
        headers.put(Operation.HEADER, Operation.id().toString());
        headers.put("X-Timeout-Millis", String.valueOf(timeout.toMillis()));
        headers.put("Accept", "application/json");
        String trace = Trace.traceparent();
        if (trace != null) {
            headers.put("traceparent", trace);
        }
        if (hasBody) {
            headers.put("Content-Type", "application/json");
        }
        return headers;
    }

    private byte[] json(Object body) {
        try {
            return mapper.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private <T> T read(HttpCalls.Answer answer, Class<T> type) {
        try {
            return type == Void.class || answer.body().length == 0 ? null : mapper.readValue(answer.body(), type);
        } catch (IOException e) {
            throw new IllegalStateException(service + " answered something else than agreed", e);
        }
    }

    /** How a request is sent: which connections it takes, and what it waits for. */
    private interface Way {
        HttpCalls.Answer call(
                String method,
                String address,
                Map<String, String> headers,
                byte @Nullable [] body,
                Duration timeout,
                String part);
    }
}
