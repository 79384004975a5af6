package dev.parley.auth.erasure;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How tenants are erased. */
@ConfigMapping(prefix = "auth.erasure")
public interface ErasureConfig {
    /** The services that each erase a part. */
    @WithDefault("auth-service,policy-service,agent-service,billing-service,channel-service")
    List<String> services();

    /** After which silence the services are asked again. */
    @WithDefault("2M")
    Duration repeat();

    /** The address that people use. */
    String publicUrl();
}
