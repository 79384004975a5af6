package dev.parley.auth.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Settings of browser sessions. */
@ConfigMapping(prefix = "auth.session")
public interface SessionConfig {
    /** The address of Parley as browsers see it; https makes the cookies Secure. */
    URI publicUrl();

    /** How long a login may take from the first redirect to the last. */
    @WithDefault("10M")
    Duration loginLifetime();

    /** How long an ended session is remembered: longer than any access token lives. */
    @WithDefault("1H")
    Duration rememberEnded();

    /** How long before its end an access token is renewed. */
    @WithDefault("60S")
    Duration renewBefore();
}
