package dev.parley.agent.provider.wire;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/** Transports for tests of other packages. */
public final class ProviderTransports {
    private ProviderTransports() {}

    /** As the service has it. */
    public static ProviderTransport standard(Vertx vertx) {
        return with(vertx, "agent.provider.retry.max-attempts", "2");
    }

    /** As the service has it, but for one setting. */
    static ProviderTransport with(Vertx vertx, String name, String value) {
        return new ProviderTransport(
                vertx,
                new SmallRyeConfigBuilder()
                        .withMapping(ProviderCallConfig.class)
                        .withConverter(Duration.class, 300, text -> Duration.parse("PT" + text))
                        .withDefaultValue(name, value)
                        .build()
                        .getConfigMapping(ProviderCallConfig.class),
                Clock.systemUTC());
    }
}
