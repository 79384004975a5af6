package dev.parley.billing.lifecycle;

import io.smallrye.config.ConfigMapping;
import java.net.URI;

/** Where customers come back to from a provider's page that we sent them to. */
@ConfigMapping(prefix = "billing.lifecycle")
interface LifecycleConfig {
    /** The address of the installation as customers see it. */
    URI publicUrl();
}
