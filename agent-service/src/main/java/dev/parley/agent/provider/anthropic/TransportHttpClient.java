package dev.parley.agent.provider.anthropic;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.provider.wire.ProviderTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Lets langchain4j call through our transport, so that its deadlines, retries and pool hold there too. */
final class TransportHttpClient implements HttpClient {
    private static final ScopedValue<LlmTools> TOOLS = ScopedValue.newInstance();

    private final ProviderTransport transport;

    TransportHttpClient(ProviderTransport transport) {
        this.transport = transport;
    }

    static HttpClientBuilder builder(ProviderTransport transport) {
        return new Builder(transport);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        byte[] body = transport.post(URI.create(request.url()), headers(request), bytes(request));
        return SuccessfulHttpResponse.builder()
                .statusCode(200)
                .headers(Map.of())
                .body(new String(body, StandardCharsets.UTF_8))
                .build();
    }

    /** Blocks until the stream has ended; the listener hears of its failure or its end before this returns. */
    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        ServerSentEventContext context = new ServerSentEventContext(new NeverCancelled());
        try {
            transport.stream(
                    URI.create(request.url()),
                    headers(request),
                    bytes(request),
                    (name, data) -> listener.onEvent(
                            new ServerSentEvent(name, new String(data, StandardCharsets.UTF_8)), context));
        } catch (RuntimeException failure) {
            listener.onError(failure);
            return;
        }
        listener.onClose();
    }

    /** Makes a call whose functions go out with their whole schemas: langchain4j knows the commoner keywords only. */
    static <T> T offering(LlmTools tools, Supplier<T> call) {
        return ScopedValue.where(TOOLS, tools).call(call::get);
    }

    private static byte[] bytes(HttpRequest request) {
        return AnthropicTools.withSchemas(
                request.body().getBytes(StandardCharsets.UTF_8), TOOLS.isBound() ? TOOLS.get() : LlmTools.NONE);
    }

    private static Map<String, String> headers(HttpRequest request) {
        return request.headers().entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase("content-type"))
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT), header -> join(header.getValue())));
    }

    private static String join(List<String> values) {
        return String.join(", ", values);
    }

    private static final class NeverCancelled implements ServerSentEventParsingHandle {
        @Override
        public void cancel() {
            // a stream is read to its end, because its last events carry the usage
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }

    private static final class Builder implements HttpClientBuilder {
        private final ProviderTransport transport;
        private Duration connectTimeout;
        private Duration readTimeout;

        Builder(ProviderTransport transport) {
            this.transport = transport;
        }

        @Override
        public Duration connectTimeout() {
            return connectTimeout;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        @Override
        public Duration readTimeout() {
            return readTimeout;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            readTimeout = timeout;
            return this;
        }

        @Override
        public HttpClient build() {
            return new TransportHttpClient(transport);
        }
    }
}
