package dev.parley.channel.adapter.twilio;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Set;

/** Where Twilio is, and what its limits are taken to be. */
@ConfigMapping(prefix = "channel.twilio")
public interface TwilioConfig {
    /** The API's address without a slash at the end; set by {@code PARLEY_TWILIO_API_BASE}. */
    @WithDefault("https://api.twilio.com")
    String apiBase();

    /** The address of messaging services, a host of their own; set by {@code PARLEY_TWILIO_MESSAGING_BASE}. */
    @WithDefault("https://messaging.twilio.com")
    String messagingBase();

    /** Hosts that may serve media when the API points there; of a host that serves others too, what is below a path. */
    @WithDefault("mms.twiliocdn.com,media.twiliocdn.com,s3-external-1.amazonaws.com/media.twiliocdn.com")
    Set<String> mediaHosts();

    /** The most UTF-16 units in one message; Twilio cuts it into segments and charges for each. */
    @WithDefault("1600")
    int longestText();

    /** The least time between two messages to the same number: a long code sends one segment a second. */
    @WithDefault("1s")
    Duration pace();

    /** What each message of a long number takes of its allowance: carriers take one a second of it. */
    @WithDefault("1s")
    Duration numberEvery();

    /** How many messages of a long number may go at once: what the carriers do not take yet waits at Twilio. */
    @WithDefault("60")
    int numberBurst();

    /** What each message of a short code, or of a service that has many numbers, takes of its allowance. */
    @WithDefault("10ms")
    Duration wideEvery();

    /** How many messages of a short code or a service may go at once. */
    @WithDefault("10")
    int wideBurst();

    /** How long to wait when Twilio is asked too often. */
    @WithDefault("2s")
    Duration ratePause();

    /** How long to wait when the number's queue of messages is full. */
    @WithDefault("30s")
    Duration queuePause();

    /** How long a message may take to be listed: what is not there by then was never taken. */
    @WithDefault("60s")
    Duration listedAfter();
}
