package dev.parley.channel.adapter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds adapters by the name of their channel, or of the kind of account that one connects. */
@ApplicationScoped
public class Adapters {
    private final Map<String, ChannelAdapter> byType;
    private final Map<String, MessengerAdapter> byAccountType;

    Adapters(@Any Instance<ChannelAdapter> all) {
        List<ChannelAdapter> adapters = all.stream().toList();
        byType = adapters.stream().collect(Collectors.toUnmodifiableMap(ChannelAdapter::type, Function.identity()));
        byAccountType = adapters.stream()
                .filter(MessengerAdapter.class::isInstance)
                .map(MessengerAdapter.class::cast)
                .collect(Collectors.toUnmodifiableMap(MessengerAdapter::accountType, Function.identity()));
    }

    /** The messenger of the channel of that name, if there is one. */
    public Optional<MessengerAdapter> messenger(String type) {
        return byType.get(type) instanceof MessengerAdapter messenger ? Optional.of(messenger) : Optional.empty();
    }

    /** The messenger whose accounts are of that type, if there is one. */
    public Optional<MessengerAdapter> ofAccount(String accountType) {
        return Optional.ofNullable(byAccountType.get(accountType));
    }

    /** The messengers, by what people call them. */
    public List<MessengerAdapter> messengers() {
        return byAccountType.values().stream()
                .sorted(Comparator.comparing(MessengerAdapter::label))
                .toList();
    }

    /** The types of the accounts whose vendors can be asked what they delivered. */
    public Set<String> listingReceived() {
        return byAccountType.values().stream()
                .filter(MessengerAdapter::listsReceived)
                .map(MessengerAdapter::accountType)
                .collect(Collectors.toUnmodifiableSet());
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
