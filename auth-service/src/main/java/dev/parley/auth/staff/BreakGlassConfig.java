package dev.parley.auth.staff;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of break-glass grants. */
@ConfigMapping(prefix = "auth.break-glass")
public interface BreakGlassConfig {
    /** How long a grant lives unless it is ended before. */
    @WithDefault("30M")
    Duration lifetime();
}
