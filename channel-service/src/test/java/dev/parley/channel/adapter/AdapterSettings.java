package dev.parley.channel.adapter;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings of adapters as they are without an environment. */
public final class AdapterSettings {
    private AdapterSettings() {}

    /** The defaults, and these by their full names. */
    public static <T> T of(Class<T> mapping, Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(mapping)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(mapping);
    }

    /** The defaults. */
    public static <T> T of(Class<T> mapping) {
        return of(mapping, Map.of());
    }
}
