package dev.parley.channel.reception;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MessengerAdapter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/** Which conversation a message belongs to: its thread's, unless its sender opens too many. */
@ApplicationScoped
class ThreadChoice {
    private final Adapters adapters;
    private final NewThreadRepository repository;

    ThreadChoice(Adapters adapters, NewThreadRepository repository) {
        this.adapters = adapters;
        this.repository = repository;
    }

    /** The key of the conversation; looks nothing up where a sender does not choose threads. */
    String key(Handle handle, AccountRoute route, InboundMessage message) {
        String key = route.accountId() + ":" + message.thread();
        OptionalInt most = most(route);
        if (most.isEmpty() || !repository.isNew(handle, route, message.sender().id(), key)) {
            return key;
        }
        return repository
                .instead(
                        handle,
                        route,
                        message.sender().id(),
                        ReceptionRepository.writer(route, message),
                        key,
                        most.getAsInt())
                .orElse(key);
    }

    /** How many a sender of that account opens; empty where nobody chooses threads. */
    OptionalInt most(AccountRoute route) {
        return adapters.messenger(route.channel())
                .map(MessengerAdapter::mostNewThreads)
                .orElse(OptionalInt.empty());
    }
}
