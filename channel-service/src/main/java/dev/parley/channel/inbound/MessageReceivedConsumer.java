package dev.parley.channel.inbound;

import dev.parley.channel.conversation.MessageEvent;
import dev.parley.platform.event.FlowEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
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

    /** Messages that came while an answer was made are looked for once, however many they are. */
    @Override
    public boolean togetherByKey() {
        return true;
    }

    @Override
    public void handleAll(List<ReceivedEvent> events) {
        handle(events.getLast());
    }

    @Override
    public void handle(ReceivedEvent event) {
        flow.answerNext(event.tenant(), UUID.fromString(event.key()));
    }
}
