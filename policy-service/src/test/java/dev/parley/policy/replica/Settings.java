package dev.parley.policy.replica;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Settings as the service has them, without its container. */
public final class Settings {
    private Settings() {}

    /** The defaults of a configuration, with those of these that are said otherwise. */
    public static <T> T of(Class<T> mapping, Map<String, String> otherwise) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(new HashMap<>(otherwise))
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping);
    }
}
