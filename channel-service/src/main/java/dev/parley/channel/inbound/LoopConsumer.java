package dev.parley.channel.inbound;

import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.HandoffWish;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Has a conversation that goes round in circles wait for a person: what the bot does not say, no other bot answers. */
@ApplicationScoped
class LoopConsumer implements TransactionalEventConsumer {
    private static final String REASON =
            "This conversation goes round in circles: two bots may be talking to each other.";

    private final HandoffService handoffs;

    LoopConsumer(HandoffService handoffs) {
        this.handoffs = handoffs;
    }

    @Override
    public String group() {
        return "channel-service.end-loops";
    }

    @Override
    public Set<String> topics() {
        return Set.of("agent.run.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("agent.conversation-looping.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        Looping loop = event.as(Looping.class);
        handoffs.look(handle, event.tenant(), loop.conversationId())
                .ifPresent(known -> handoffs.request(
                        handle,
                        event.tenant(),
                        new HandoffWish(
                                loop.conversationId(),
                                loop.operationId(),
                                loop.channel(),
                                loop.agent(),
                                REASON,
                                null)));
    }

    /** Payload of {@code agent.conversation-looping.v1}. */
    @RegisterForReflection
    record Looping(UUID conversationId, UUID operationId, String agent, String channel) {}
}
