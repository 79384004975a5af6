package dev.parley.channel.handoff;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long people keep a conversation. */
@ConfigMapping(prefix = "channel.handoff")
public interface HandoffConfig {
    /** How long after a person's last word, or the take-over, the bot has the conversation again. */
    @WithDefault("30m")
    Duration lease();
}
