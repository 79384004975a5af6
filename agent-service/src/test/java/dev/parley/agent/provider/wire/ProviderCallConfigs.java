package dev.parley.agent.provider.wire;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Configurations as the service would read them. */
final class ProviderCallConfigs {
    private ProviderCallConfigs() {}

    static ProviderCallConfig with(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(ProviderCallConfig.class)
                .withDefaultValues(settings)
                .withConverter(java.time.Duration.class, 300, text -> java.time.Duration.parse("PT" + text))
                .build()
                .getConfigMapping(ProviderCallConfig.class);
    }
}
