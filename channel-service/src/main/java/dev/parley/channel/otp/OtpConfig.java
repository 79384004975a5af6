package dev.parley.channel.otp;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long one-time codes live, how often they are tried, and how many are sent. */
@ConfigMapping(prefix = "channel.otp")
public interface OtpConfig {
    /** After that time a code is neither sent nor approved. */
    @WithDefault("10m")
    Duration life();

    /** How often one code may be tried. */
    @WithDefault("5")
    int tries();

    /** The time in which the limits below count. */
    @WithDefault("10m")
    Duration window();

    /** The most codes of a tenant to one recipient. */
    @WithDefault("3")
    int perRecipient();

    /** The most codes of a tenant to numbers that differ in their last four digits: pumped traffic goes to such blocks. */
    @WithDefault("20")
    int perNumberBlock();

    /** The most codes of a tenant. */
    @WithDefault("600")
    int perTenant();

    /** How long it is kept that there was a code. */
    @WithDefault("30d")
    Duration kept();
}
