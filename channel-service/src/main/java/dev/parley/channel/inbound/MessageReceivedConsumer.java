package dev.parley.channel.inbound;

import dev.parley.channel.conversation.MessageEvent;
import dev.parley.platform.event.FlowEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;

/** Gets messengers' messages answered, in the order of each conversation. */
@ApplicationScoped
class MessageReceivedConsumer implements FlowEventConsumer {
    private final MessengerFlow flow;

    MessageReceivedConsumer(MessengerFlow flow) {
        this.flow = flow;
    }

    @Override
    public String group() {
        return "channel-service.answer";
    }

    @Override
    public Set<String> topics() {
        return Set.of(MessageEvent.TOPIC);
    }

    @Override
    public Set<String> types() {
        return Set.of(MessageEvent.Kind.RECEIVED.type());
    }

    @Override
    public void handle(ReceivedEvent event) {
        flow.answerNext(event.tenant(), UUID.fromString(event.key()));
    }
}
