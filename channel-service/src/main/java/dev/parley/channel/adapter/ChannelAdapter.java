package dev.parley.channel.adapter;

/** One channel, as the service sees it. Implementations keep no state: the store is the service's. */
public interface ChannelAdapter {
    /** The channel's name in plans, messages and events, such as {@code web} or {@code telegram}. */
    String type();

    /** What the channel can do. */
    Capabilities capabilities();
}
