package dev.parley.agent.provider;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The adapters that are on the classpath, by kind. */
@ApplicationScoped
public class LlmProviders {
    private final Map<String, LlmProvider> byKind;

    /** The adapters of a list. */
    public LlmProviders(@All List<LlmProvider> adapters) {
        this.byKind = adapters.stream().collect(Collectors.toUnmodifiableMap(LlmProvider::kind, Function.identity()));
    }

    /** Whether there is an adapter of that kind. */
    public boolean has(String kind) {
        return byKind.containsKey(kind);
    }

    /** The adapter for an endpoint. */
    public LlmProvider of(LlmEndpoint endpoint) {
        LlmProvider adapter = byKind.get(endpoint.kind());
        if (adapter == null) {
            throw new IllegalStateException("no adapter of kind " + endpoint.kind());
        }
        return adapter;
    }
}
