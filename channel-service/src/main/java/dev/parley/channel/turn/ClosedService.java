package dev.parley.channel.turn;

import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.delivery.Purpose;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.HandoffWish;
import dev.parley.channel.text.PlainText;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Ends messages that come while their agent does not answer. Where nobody waits for the answer, as on messengers, the
 * customer is told what the tenant wants to be said, once for each closed time, and the conversation waits for a person
 * where the tenant wants that; elsewhere who asked is told by the problem.
 */
@ApplicationScoped
public class ClosedService {
    private static final String REASON = "Outside of the agent's hours";

    private final Database database;
    private final OutcomeRepository outcomes;
    private final ClosedRepository repository;
    private final DeliveryService deliveries;
    private final HandoffService handoffs;
    private final Outbox outbox;
    private final Clock clock;

    ClosedService(
            Database database,
            OutcomeRepository outcomes,
            ClosedRepository repository,
            DeliveryService deliveries,
            HandoffService handoffs,
            Outbox outbox,
            Clock clock) {
        this.database = database;
        this.outcomes = outcomes;
        this.repository = repository;
        this.deliveries = deliveries;
        this.handoffs = handoffs;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Ends a turn without an answer; nothing happens when it was ended before. */
    public void turnAway(Turn turn, Closed closed, String decision) {
        database.useTenant(turn.tenant(), handle -> {
            if (!turn.queued()) {
                close(handle, turn, "REFUSED", decision);
                return;
            }
            // The conversation before its operations, as a take-over locks them.
            handoffs.look(handle, turn.tenant(), turn.conversationId());
            if (!close(handle, turn, closed.handoff() ? "HELD_BY_STAFF" : "REFUSED", decision)) {
                return;
            }
            boolean said = closed.text() != null
                    && repository.told(handle, turn.tenant(), turn.conversationId(), closed.opensAt());
            if (said) {
                say(handle, turn, PlainText.storable(closed.text()));
            }
            if (closed.handoff()) {
                await(handle, turn, said);
            } else {
                outbox.append(handle, turn.tenant(), failed(turn));
            }
        });
    }

    private boolean close(Handle handle, Turn turn, String state, String decision) {
        return outcomes.close(handle, turn, state, Closed.CODE, decision);
    }

    private void say(Handle handle, Turn turn, String text) {
        TenantId tenant = turn.tenant();
        UUID conversation = turn.conversationId();
        UUID notice = Ids.next();
        // Not the operation of the message: that one may be answered yet, and then has sends of its own.
        UUID operation = Ids.next();
        repository.notice(handle, tenant, conversation, operation, notice, text);
        if (deliveries.delivers(turn.channel())) {
            deliveries.plan(handle, tenant, conversation, notice, operation, OutboundReply.of(text), Purpose.NOTICE, 0);
        } else {
            outbox.append(handle, tenant, event(turn, MessageEvent.Kind.SENT, notice, operation));
        }
    }

    /** Has the conversation wait; who was told why is not told once more that somebody will come. */
    private void await(Handle handle, Turn turn, boolean told) {
        handoffs.request(
                handle,
                turn.tenant(),
                new HandoffWish(turn.conversationId(), turn.operationId(), turn.channel(), turn.agent(), REASON, null));
        if (told) {
            handoffs.reassured(handle, turn.tenant(), turn.conversationId());
        }
    }

    private MessageEvent failed(Turn turn) {
        return event(turn, MessageEvent.Kind.FAILED, turn.message().id(), turn.operationId());
    }

    private MessageEvent event(Turn turn, MessageEvent.Kind kind, UUID message, UUID operation) {
        return MessageEvent.of(
                kind, message, turn.conversationId(), operation, turn.channel(), turn.agent(), clock.instant());
    }
}
