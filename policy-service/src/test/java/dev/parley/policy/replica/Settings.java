package dev.parley.policy.replica;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Settings as the service has them, without its container. */
public final class Settings {
    private static final Map<Known, Object> KNOWN = new ConcurrentHashMap<>();

    private Settings() {}

    private record Known(Class<?> mapping, Map<String, String> otherwise) {}

    /** The defaults of a configuration, with those of these that are said otherwise. */
    public static <T> T of(Class<T> mapping, Map<String, String> otherwise) {
        return mapping.cast(KNOWN.computeIfAbsent(new Known(mapping, otherwise), same -> new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(new HashMap<>(otherwise))
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping)));
    }
}
