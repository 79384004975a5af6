package dev.parley.billing.dunning;

import io.smallrye.config.ConfigMapping;
import java.net.URI;

/** Where mails send people. */
@ConfigMapping(prefix = "billing.dunning")
interface DunningConfig {
    /** The address of the installation as customers see it. */
    URI publicUrl();
}
