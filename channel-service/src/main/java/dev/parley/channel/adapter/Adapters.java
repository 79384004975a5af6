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
    private final Map<String, AccountAdapter> byAccountType;

    Adapters(@Any Instance<ChannelAdapter> all) {
        List<ChannelAdapter> adapters = all.stream().toList();
        byType = adapters.stream().collect(Collectors.toUnmodifiableMap(ChannelAdapter::type, Function.identity()));
        byAccountType = adapters.stream()
                .filter(AccountAdapter.class::isInstance)
                .map(AccountAdapter.class::cast)
                .collect(Collectors.toUnmodifiableMap(AccountAdapter::accountType, Function.identity()));
    }

    /** The messenger of the channel of that name, if there is one. */
    public Optional<MessengerAdapter> messenger(String type) {
        return byType.get(type) instanceof MessengerAdapter messenger ? Optional.of(messenger) : Optional.empty();
    }

    /** The vendor whose accounts are of that type, if there is one. */
    public Optional<AccountAdapter> ofAccount(String accountType) {
        return Optional.ofNullable(byAccountType.get(accountType));
    }

    /** The messenger whose accounts are of that type; empty also where nothing comes in from such accounts. */
    public Optional<MessengerAdapter> messengerOfAccount(String accountType) {
        return byAccountType.get(accountType) instanceof MessengerAdapter messenger
                ? Optional.of(messenger)
                : Optional.empty();
    }

    /** What notifies devices through accounts of that type, if there is something. */
    public Optional<PushAdapter> pushOfAccount(String accountType) {
        return byAccountType.get(accountType) instanceof PushAdapter push ? Optional.of(push) : Optional.empty();
    }

    /** The types of the accounts through which devices are notified. */
    public Set<String> pushing() {
        return byAccountType.values().stream()
                .filter(PushAdapter.class::isInstance)
                .map(AccountAdapter::accountType)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What accounts can be connected of, by what people call it. */
    public List<AccountAdapter> connectable() {
        return byAccountType.values().stream()
                .sorted(Comparator.comparing(AccountAdapter::label))
                .toList();
    }

    /** The types of the accounts whose vendors can be asked what they delivered. */
    public Set<String> listingReceived() {
        return byAccountType.values().stream()
                .filter(MessengerAdapter.class::isInstance)
                .map(MessengerAdapter.class::cast)
                .filter(MessengerAdapter::listsReceived)
                .map(AccountAdapter::accountType)
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
