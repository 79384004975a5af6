package dev.parley.auth.invitation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Settings of invitations. */
@ConfigMapping(prefix = "auth.invitation")
public interface InvitationConfig {
    /** How long an invitation can be accepted. */
    @WithDefault("7D")
    Duration lifetime();

    /** The address of Parley that acceptance links begin with. */
    URI publicUrl();
}
