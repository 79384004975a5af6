package dev.parley.channel.delivery;

import java.util.Locale;

/** Why something is sent, which says what may keep it from being sent. */
public enum Purpose {
    /** The bot's answer, in Markdown: not when a person has taken over, and not to who opted out. */
    REPLY,
    /** What a person writes, letter by letter: not to who opted out. */
    STAFF,
    /** What has to be told, such as that an opt-out was understood. */
    NOTICE,
    /** A one-time code: at once or never, and not to who opted out. */
    CODE;

    /** As the database writes it. */
    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Purpose of(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
