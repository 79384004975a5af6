package dev.parley.channel.inbound;

import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.message.AnswerFlow;
import dev.parley.channel.message.MessageService;
import dev.parley.channel.message.Turn;
import dev.parley.channel.outbound.Deltas;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Answers messengers, one message of a conversation after the other, in the messenger's order: each event is worth
 * one answer, whichever message waits longest.
 */
@ApplicationScoped
class MessengerFlow {
    private static final Logger LOG = Logger.getLogger(MessengerFlow.class);
    private static final int WAIT_FOR_IT = 503;
    private static final int RUNS_ELSEWHERE = 409;

    private final MessageService messages;
    private final AnswerFlow answers;
    private final DeliveryFlow deliveries;

    MessengerFlow(MessageService messages, AnswerFlow answers, DeliveryFlow deliveries) {
        this.messages = messages;
        this.answers = answers;
        this.deliveries = deliveries;
    }

    /**
     * Answers the oldest open message and starts its delivery.
     *
     * @throws Problem with status 503 when a part is away and the message is worth waiting for
     */
    void answerNext(TenantId tenant, UUID conversation) {
        Optional<Turn> next = messages.startNext(tenant, conversation);
        if (next.isEmpty()) {
            return;
        }
        try {
            Operation.tenant(tenant);
            answers.answer(next.get(), Deltas.NONE);
        } catch (Problem problem) {
            if (problem.type().status() == WAIT_FOR_IT
                    && messages.isOpen(tenant, next.get().operationId())) {
                throw problem;
            }
            if (problem.type().status() != RUNS_ELSEWHERE) {
                LOG.infof("operation %s is not answered: %s", next.get().operationId(), problem.getMessage());
            }
        }
        deliveries.deliver(tenant, conversation);
    }
}
