package dev.parley.agent.provider;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** The types of files that models of a kind read. */
    Set<String> reads(String kind) {
        LlmProvider adapter = byKind.get(kind);
        return adapter == null ? Set.of() : adapter.reads();
    }

    /** The types of files that may be sent to an endpoint. */
    public Set<String> reads(LlmEndpoint endpoint) {
        return endpoint.reads() == null ? of(endpoint).reads() : Set.copyOf(endpoint.reads());
    }

    /** The types of files that an endpoint or any of its fallbacks reads. */
    public Set<String> readsSomewhere(LlmEndpoint first) {
        return Stream.concat(Stream.of(first), first.fallbacks().stream().map(LlmTarget::endpoint))
                .filter(endpoint -> has(endpoint.kind()))
                .flatMap(endpoint -> reads(endpoint).stream())
                .collect(Collectors.toUnmodifiableSet());
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
