package dev.parley.auth.signup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of sign-ups. */
@ConfigMapping(prefix = "auth.signup")
public interface SignupConfig {
    /** After how long a sign-up that was not finished is taken up by the sweep. */
    @WithDefault("1M")
    Duration unfinishedAfter();
}
