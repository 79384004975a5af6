package dev.parley.channel.draft;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long drafts wait. */
@ConfigMapping(prefix = "channel.draft")
public interface DraftConfig {
    /** After that time without a decision a draft is over: what was right to say then may not be any more. */
    @WithDefault("24h")
    Duration life();
}
