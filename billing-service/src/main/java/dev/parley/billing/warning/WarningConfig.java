package dev.parley.billing.warning;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** What warnings say. */
@ConfigMapping(prefix = "billing.warning")
interface WarningConfig {
    /** The installation's own address, for the link. */
    @WithDefault("http://localhost:8080")
    URI publicUrl();
}
