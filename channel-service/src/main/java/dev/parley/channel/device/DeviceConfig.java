package dev.parley.channel.device;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many devices are notified. */
@ConfigMapping(prefix = "channel.device")
public interface DeviceConfig {
    /** The most devices of a conversation, and of a contact over all their conversations. */
    @WithDefault("10")
    int most();
}
