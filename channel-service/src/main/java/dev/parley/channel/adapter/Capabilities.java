package dev.parley.channel.adapter;

import java.time.Duration;

/**
 * What a channel can do.
 *
 * @param streaming whether a reply can be shown while it is being written
 * @param images whether customers can send pictures to the agent
 * @param longestText the most UTF-16 units that one sent message may hold
 * @param pace the least time between two messages to the same recipient; zero when there is no such rule
 */
public record Capabilities(boolean streaming, boolean images, int longestText, Duration pace) {}
