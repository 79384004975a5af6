package dev.parley.channel.inbound;

import dev.parley.channel.answer.AnswerFlow;
import dev.parley.channel.burst.NextTurnFlow;
import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Answers messengers: the first event of a burst brings its one answer, those of the other pieces find nothing left.
 */
@ApplicationScoped
class MessengerFlow {
    private static final Logger LOG = Logger.getLogger(MessengerFlow.class);
    private static final int WAIT_FOR_IT = 503;
    private static final int RUNS_ELSEWHERE = 409;

    private final TurnService operations;
    private final NextTurnFlow turns;
    private final AnswerFlow answers;
    private final DeliveryFlow deliveries;

    MessengerFlow(TurnService operations, NextTurnFlow turns, AnswerFlow answers, DeliveryFlow deliveries) {
        this.operations = operations;
        this.turns = turns;
        this.answers = answers;
        this.deliveries = deliveries;
    }

    /**
     * Answers what waits, after the customer's quiet window, and starts the delivery of whatever is to be sent.
     *
     * @throws Problem with status 503 when a part is away and the message is worth waiting for
     */
    void answerNext(TenantId tenant, UUID conversation) {
        turns.next(tenant, conversation, turn -> answer(tenant, turn));
        deliveries.deliver(tenant, conversation);
    }

    private void answer(TenantId tenant, Turn turn) {
        try {
            Operation.tenant(tenant);
            answers.answer(turn, Deltas.NONE);
        } catch (Problem problem) {
            if (problem.type().status() == WAIT_FOR_IT && operations.isOpen(tenant, turn.operationId())) {
                throw problem;
            }
            if (problem.type().status() != RUNS_ELSEWHERE) {
                LOG.infof("operation %s has no answer: %s", turn.operationId(), problem.getMessage());
            }
        }
    }
}
