package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.billing.payment.PaymentDeclined;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Razorpay's HTTP API. What asks is repeated; what changes something is sent once, because Razorpay has no key that would
 * make a second one harmless.
 */
final class RazorpayApi {
    private static final String UNKNOWN_ID = "The id provided does not exist";
    private static final String INVALID_ID = "is not a valid id";
    private static final int PAGE = 100;
    private static final Set<Integer> UNCERTAIN = Set.of(401, 403, 409, 429);

    private final HttpClient http;
    private final ObjectMapper json;
    private final String base;
    private final String authorization;
    private final RazorpayConfig config;

    /** The API where the settings say it is. */
    static RazorpayApi of(RazorpayConfig config, ObjectMapper json) {
        return new RazorpayApi(
                config, config.apiBase() + (config.apiBase().toString().endsWith("/") ? "v1" : "/v1"), json);
    }

    /** What answers in the same manner at another address. */
    RazorpayApi(RazorpayConfig config, String base, ObjectMapper json) {
        this.config = config;
        this.base = base;
        this.json = json;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.connectTimeout())
                .build();
        String key = config.keyId() + ":" + config.keySecret();
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Where a customer's browser posts the form that opens the hosted checkout. */
    String checkoutAddress() {
        return base + "/checkout/embedded";
    }

    /** An object; empty when Razorpay does not know its id. */
    Optional<JsonNode> find(String path) {
        Answer answer = ask(path);
        return answer.isOfUnknownId() ? Optional.empty() : Optional.of(answer.orRefuse());
    }

    /** All objects of a list, newest first, page by page as they are read. */
    Iterator<JsonNode> list(String path, Map<String, String> filter) {
        return list(path, filter, "items");
    }

    /** The same of a list that calls its objects by another name. */
    Iterator<JsonNode> list(String path, Map<String, String> filter, String member) {
        return new Iterator<>() {
            private final List<JsonNode> page = new ArrayList<>();
            private int read;
            private boolean last;

            @Override
            public boolean hasNext() {
                if (page.isEmpty() && !last) {
                    JsonNode items = page(path, filter, read).path(member);
                    items.forEach(page::add);
                    read += page.size();
                    last = page.size() < PAGE;
                }
                return !page.isEmpty();
            }

            @Override
            public JsonNode next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return page.removeFirst();
            }
        };
    }

    private JsonNode page(String path, Map<String, String> filter, int skip) {
        Map<String, String> query = new TreeMap<>(filter);
        query.put("count", Integer.toString(PAGE));
        query.put("skip", Integer.toString(skip));
        return ask(path + "?"
                        + query.entrySet().stream()
                                .map(each -> each.getKey() + "="
                                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                                .collect(Collectors.joining("&")))
                .orRefuse();
    }

    /** Changes something, once. */
    JsonNode post(String path, Map<String, Object> body) {
        return change(path, body).orRefuse();
    }

    /** Changes an object, once; empty when Razorpay does not know its id. */
    Optional<JsonNode> postTo(String path, Map<String, Object> body) {
        Answer answer = change(path, body);
        return answer.isOfUnknownId() ? Optional.empty() : Optional.of(answer.orRefuse());
    }

    /** Changes members of an object, once. */
    JsonNode patch(String path, Map<String, Object> body) {
        return change("PATCH", request(path), body).orRefuse();
    }

    /** Takes an object away, once; nothing when Razorpay does not know its id. */
    void delete(String path) {
        Answer answer = send(request(path).DELETE().build());
        if (!answer.isOfUnknownId()) {
            answer.orRefuse();
        }
    }

    /** Gives money back; the same key again is the same refund, the only thing Razorpay does once. */
    JsonNode refund(String paymentId, Map<String, Object> body, String key) {
        return change("POST", request("/payments/" + paymentId + "/refund").header("X-Refund-Idempotency", key), body)
                .orRefuse();
    }

    private Answer change(String path, Map<String, Object> body) {
        return change("POST", request(path), body);
    }

    private Answer change(String method, HttpRequest.Builder request, Map<String, Object> body) {
        try {
            return send(request.header("Content-Type", "application/json")
                    .method(
                            method,
                            body.isEmpty()
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofString(json.writeValueAsString(body)))
                    .build());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Answer ask(String path) {
        for (int again = config.retries(); ; again--) {
            try {
                return send(request(path).GET().build());
            } catch (PaymentUncertain uncertain) {
                if (again <= 0) {
                    throw uncertain;
                }
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(config.readTimeout())
                .header("Authorization", authorization)
                .header("Accept", "application/json");
    }

    private Answer send(HttpRequest request) {
        HttpResponse<byte[]> response;
        // The request's own limit ends with the headers: of the body one is set here, as long again.
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            response = answer.get(2 * config.readTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException unknown) {
            throw new PaymentUncertain("razorpay: " + unknown.getCause(), unknown.getCause());
        } catch (TimeoutException unknown) {
            answer.cancel(true);
            throw new PaymentUncertain("razorpay: an answer did not come to its end", unknown);
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new PaymentUncertain("razorpay: interrupted", interrupted);
        }
        int status = response.statusCode();
        JsonNode body;
        try {
            body = json.readTree(response.body());
        } catch (IOException unreadable) {
            throw new PaymentUncertain("razorpay: answered " + status + " with something unreadable", unreadable);
        }
        // Only these say for certain that nothing happened; a conflict, a limit or an error of the server does not, and
        // a
        // key that is not let in says nothing about what was asked for with a better one.
        boolean certain = status < 300 || (status >= 400 && status < 500 && !UNCERTAIN.contains(status));
        if (!certain) {
            RazorpayAnswer said = new RazorpayAnswer(status, described(body));
            throw new PaymentUncertain("razorpay: " + said.getMessage(), said);
        }
        return new Answer(status, body);
    }

    private static String described(@Nullable JsonNode body) {
        return body == null ? "" : body.path("error").path("description").asText("");
    }

    /** An answer that is certain: it worked, or nothing happened. */
    private record Answer(int status, JsonNode body) {
        /** Razorpay answers 400 where others answer 404. */
        boolean isOfUnknownId() {
            String why = described(body);
            return status == 404 || (status == 400 && (why.startsWith(UNKNOWN_ID) || why.endsWith(INVALID_ID)));
        }

        JsonNode orRefuse() {
            if (status >= 300) {
                RazorpayAnswer said = new RazorpayAnswer(status, described(body));
                boolean declined = body.path("error").path("reason").asText("").equals("payment_failed");
                throw declined
                        ? new PaymentDeclined("razorpay: " + said.getMessage(), said)
                        : new PaymentRefused("razorpay: " + said.getMessage(), said);
            }
            return body;
        }
    }
}
