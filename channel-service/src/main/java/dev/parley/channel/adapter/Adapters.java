package dev.parley.channel.adapter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds adapters by the name of their channel. */
@ApplicationScoped
public class Adapters {
    private final Map<String, ChannelAdapter> byType;

    Adapters(@Any Instance<ChannelAdapter> all) {
        byType = all.stream().collect(Collectors.toUnmodifiableMap(ChannelAdapter::type, Function.identity()));
    }

    /** The messenger of that name, if there is one. */
    public Optional<MessengerAdapter> messenger(String type) {
        return byType.get(type) instanceof MessengerAdapter messenger ? Optional.of(messenger) : Optional.empty();
    }

    /** The channel of that name. Throws {@link IllegalArgumentException} when there is none. */
    public ChannelAdapter channel(String type) {
        ChannelAdapter adapter = byType.get(type);
        if (adapter == null) {
            throw new IllegalArgumentException("no adapter for channel " + type);
        }
        return adapter;
    }
}
