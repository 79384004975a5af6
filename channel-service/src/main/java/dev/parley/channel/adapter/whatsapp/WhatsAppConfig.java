package dev.parley.channel.adapter.whatsapp;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Set;

/** Where the Cloud API is, and what its limits are taken to be. */
@ConfigMapping(prefix = "channel.whatsapp")
public interface WhatsAppConfig {
    /** The Graph API's address without a slash at the end; set by {@code PARLEY_WHATSAPP_API_BASE}. */
    @WithDefault("https://graph.facebook.com")
    String apiBase();

    /** The version of the Graph API. */
    @WithDefault("v24.0")
    String apiVersion();

    /** Hosts that may serve media beside the API's own: our token goes there. */
    @WithDefault("lookaside.fbsbx.com")
    Set<String> mediaHosts();

    /** The most UTF-16 units in one text; the vendor's limit is 4096. */
    @WithDefault("4096")
    int longestText();

    /** How long after the customer's last message everything may be sent. */
    @WithDefault("24h")
    Duration replyWindow();

    /** The least time between two messages to the same customer, so that they arrive in their order. */
    @WithDefault("250ms")
    Duration pace();

    /** What each message of a number takes of its allowance; with the burst eighty a second, as Meta allows. */
    @WithDefault("14ms")
    Duration numberEvery();

    /** How many messages of a number may go at once. */
    @WithDefault("8")
    int numberBurst();

    /** What each message to a customer takes of the pair's allowance. */
    @WithDefault("6s")
    Duration pairEvery();

    /** How many messages to a customer may go before that; Meta takes 45 within six seconds. */
    @WithDefault("45")
    int pairBurst();

    /** How long to wait when one customer got too many messages: they may have one every six seconds. */
    @WithDefault("6s")
    Duration pairPause();

    /** How long to wait when the number sent too fast, or Meta has trouble. */
    @WithDefault("2s")
    Duration ratePause();

    /** How long to wait when the app or the account reached a limit by the hour, or customers complain. */
    @WithDefault("10m")
    Duration limitPause();
}
