package dev.parley.channel.webhookdelivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How outgoing webhooks are delivered. */
@ConfigMapping(prefix = "channel.webhook-delivery")
public interface DeliveryConfig {
    /** How long to wait before each attempt; there are as many as these. To each, up to a tenth is added. */
    @WithDefault("0s,5s,5m,30m,2h,5h,10h,14h,20h,24h")
    List<Duration> schedule();

    /** How long an endpoint may take to be connected. */
    @WithDefault("3s")
    Duration connectTimeout();

    /** How long an endpoint may take to answer, connecting included. */
    @WithDefault("15s")
    Duration timeout();

    /** The longest time that an endpoint may ask to be left alone. */
    @WithDefault("24h")
    Duration longestRetryAfter();

    /** How long a replica may be silent before another takes its queues; longer than the time-out. */
    @WithDefault("60s")
    Duration lease();

    /** How often queues are looked for that nobody told of. */
    @WithDefault("500ms")
    Duration interval();

    /** How many endpoints a replica serves at a time. */
    @WithDefault("512")
    int mostEndpoints();

    /**
     * How long an event may wait for an answer before it is stored; then it waits in its endpoint's queue like one that
     * failed. Zero stores each event before it is sent.
     */
    @WithDefault("250ms")
    Duration atOnce();

    /**
     * How long a replica may be silent about events that it sends before they are stored; then their endpoint's queue is
     * served by anybody. Longer than a few waits for answers.
     */
    @WithDefault("10s")
    Duration atOnceLease();

    /** How long a queue rests when its endpoint is doubted; twice as long after each further failure. */
    @WithDefault("5s")
    Duration rest();

    /** How long it rests at most. */
    @WithDefault("5m")
    Duration longestRest();

    /** How long one queue may hold its place while all places are taken. */
    @WithDefault("5s")
    Duration slice();

    /** How many of them may be endpoints that have taken nothing lately. */
    @WithDefault("128")
    int mostFailing();

    /** How long an endpoint may take nothing before it is disabled. */
    @WithDefault("5d")
    Duration patience();

    /** How many deliveries in a row may reach the end of the schedule before their endpoint is disabled. */
    @WithDefault("10")
    int mostExhausted();

    /** How far the log of deliveries reaches back, unless the tenant's own period is shorter. */
    @WithDefault("30d")
    Duration retention();
}
