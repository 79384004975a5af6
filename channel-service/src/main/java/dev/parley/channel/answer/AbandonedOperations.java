package dev.parley.channel.answer;

import dev.parley.channel.burst.NextTurnFlow;
import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Brings operations to an end whose process died, or whose model was away: a settled run becomes a stored reply even if
 * nobody asks again.
 */
@ApplicationScoped
public class AbandonedOperations {
    private static final Logger LOG = Logger.getLogger(AbandonedOperations.class);
    private static final int BATCH = 50;
    private static final int MOST_AT_ONCE = 64;
    private static final String OUTSIDE = "api";

    private final TurnService operations;
    private final NextTurnFlow turns;
    private final AnswerFlow answers;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    AbandonedOperations(TurnService operations, NextTurnFlow turns, AnswerFlow answers) {
        this.operations = operations;
        this.turns = turns;
        this.answers = answers;
    }

    /** Answers, or gives up, what was abandoned, and what waits for a model to come back; returns how many it took. */
    public int sweep() {
        int taken = 0;
        while (true) {
            int room = Math.min(BATCH, free.availablePermits());
            List<Turn> found = room == 0 ? List.of() : operations.takeOverAbandoned(room);
            for (Turn turn : found) {
                free.acquireUninterruptibly();
                Thread.ofVirtual().name("resume").start(() -> {
                    try {
                        end(turn);
                    } finally {
                        free.release();
                    }
                });
            }
            taken += found.size();
            if (found.size() < room || room == 0) {
                return taken;
            }
        }
    }

    private void end(Turn turn) {
        try {
            if (turn.channel().equals(OUTSIDE)) {
                answers.giveUp(turn);
            } else if (operations.isOnMessenger(turn)) {
                turns.next(turn.tenant(), turn.conversationId(), next -> answers.answer(next, Deltas.NONE));
            } else {
                answers.answer(turn, Deltas.NONE);
            }
        } catch (Problem problem) {
            LOG.infof("operation %s ended late: %s", turn.operationId(), problem.getMessage());
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "operation %s cannot be ended", turn.operationId());
        }
    }
}
