package dev.parley.channel.account;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where messengers find us. */
@ConfigMapping(prefix = "channel.account")
public interface AccountConfig {
    /** The gateway's public address without a slash at the end; set by {@code PARLEY_PUBLIC_URL}. */
    String publicUrl();

    /** How long a replica believes what it read of an account: a change is seen everywhere after this. */
    @WithDefault("2s")
    Duration cacheTime();

    /** How long webhooks that are signed with replaced credentials are taken. */
    @WithDefault("24h")
    Duration previousCredentials();

    /** How long calls with a wrong signature are taken after the mode was set to observe. */
    @WithDefault("72h")
    Duration observe();

    /** How many such calls of an account a replica takes in a minute. */
    @WithDefault("60")
    int unverifiedPerMinute();

    /** How often vendors that do not repeat a failed webhook are asked what came. */
    @WithDefault("5m")
    Duration reconcile();
}
