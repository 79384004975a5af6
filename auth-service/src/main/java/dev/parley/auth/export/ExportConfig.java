package dev.parley.auth.export;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How exports are made. */
@ConfigMapping(prefix = "auth.export")
public interface ExportConfig {
    /** The services that each write a part. */
    @WithDefault("auth-service,policy-service,agent-service,billing-service,channel-service")
    List<String> services();

    /** How long they may take together. */
    @WithDefault("15M")
    Duration deadline();

    /** How long the files of a finished export stay. */
    @WithDefault("7D")
    Duration keep();
}
