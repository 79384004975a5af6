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

    /** What each message of a bot takes of its allowance; with the burst thirty a second, as Telegram allows. */
    @WithDefault("40ms")
    Duration botEvery();

    /** How many messages of a bot may go at once. */
    @WithDefault("5")
    int botBurst();

    /** What each message to a group takes of its allowance; with the burst twenty a minute, as Telegram allows. */
    @WithDefault("4s")
    Duration groupEvery();

    /** How many messages to a group may go as fast as those to a person. */
    @WithDefault("5")
    int groupBurst();
}
