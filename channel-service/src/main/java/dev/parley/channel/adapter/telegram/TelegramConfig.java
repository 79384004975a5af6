package dev.parley.channel.adapter.telegram;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where Telegram is, and what its limits are taken to be. */
@ConfigMapping(prefix = "channel.telegram")
public interface TelegramConfig {
    /** The Bot API's address without a slash at the end; set by {@code PARLEY_TELEGRAM_API_BASE}. */
    @WithDefault("https://api.telegram.org")
    String apiBase();

    /** The most UTF-16 units in one message; the vendor's limit is 4096 after entity parsing. */
    @WithDefault("4000")
    int longestText();

    /** The least time between two messages to the same chat: a second, and a little for the way. */
    @WithDefault("1050ms")
    Duration pace();
}
