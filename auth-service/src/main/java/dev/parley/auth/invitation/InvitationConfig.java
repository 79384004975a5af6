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

    /** How many mails a tenant may send to one address within a day. */
    @WithDefault("5")
    int mailsPerDay();

    /** The address of Parley that links begin with. */
    URI publicUrl();
}
