package dev.parley.auth.apple;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of signing in with Apple; without a client id it is off. */
@ConfigMapping(prefix = "auth.apple")
public interface AppleConfig {
    /** The Services ID, under which Apple knows Parley. */
    Optional<String> clientId();

    /** The team that the key belongs to. */
    Optional<String> teamId();

    /** The id of the key. */
    Optional<String> keyId();

    /** The key as Apple gave it: a PKCS #8 file in PEM, named {@code AuthKey_….p8}. */
    Optional<Path> privateKey();

    /** How long a secret lives; Apple allows half a year. */
    @WithDefault("150D")
    Duration lifetime();

    /** How long before its end a secret is replaced. */
    @WithDefault("60D")
    Duration renewBefore();

    /** How long before its end an unreplaced secret is an alarm. */
    @WithDefault("30D")
    Duration alarmBefore();
}
