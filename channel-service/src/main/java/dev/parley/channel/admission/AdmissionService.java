package dev.parley.channel.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.admission.AdmissionRepository.Admitted;
import dev.parley.channel.admission.AdmissionRepository.AdmittedOutside;
import dev.parley.channel.admission.AdmissionRepository.HeldBack;
import dev.parley.channel.admission.AdmissionRepository.OutsideThread;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.Ownership;
import dev.parley.channel.text.PlainText;
import dev.parley.channel.turn.Admission;
import dev.parley.channel.turn.Held;
import dev.parley.channel.turn.Images;
import dev.parley.channel.turn.MessageView;
import dev.parley.channel.turn.NewMessage;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages that come in from callers who wait for the answer: stored once, with the operation that answers. In a
 * conversation of ours one message is answered at a time, so that each answer knows of those before it; what comes while a
 * person has the conversation is that person's.
 */
@ApplicationScoped
public class AdmissionService {
    private final Database database;
    private final AdmissionRepository repository;
    private final TurnService turns;
    private final HandoffService handoffs;
    private final Outbox outbox;
    private final Clock clock;

    AdmissionService(
            Database database,
            AdmissionRepository repository,
            TurnService turns,
            HandoffService handoffs,
            Outbox outbox,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.turns = turns;
        this.handoffs = handoffs;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * A message to be stored.
     *
     * @param clientMessageId the client's id, from the body or the Idempotency-Key; null when it gave none
     * @param images as they are stored; null for none
     */
    NewMessage message(
            Caller caller,
            UUID conversation,
            String text,
            @Nullable ArrayNode images,
            @Nullable String clientMessageId) {
        return new NewMessage(
                Ids.next(),
                conversation,
                Operation.id(),
                PlainText.storable(text),
                images,
                clientMessageId,
                userOf(caller),
                caller.actor());
    }

    /**
     * Stores a message, or finds it when its client id is known, if it can be answered now or is a person's.
     *
     * @throws Problem 404 when there is no such conversation
     */
    Entry enter(TenantId tenant, NewMessage message) {
        Optional<Admitted> stored =
                repository.admit(database, tenant, message, turns.historyRead(), turns.abandonedSeconds());
        if (stored.isEmpty()) {
            return look(tenant, message);
        }
        if (stored.get().createdAt() == null) {
            // By itself: what is found then may be a problem, and the turn must not stay taken for it.
            database.useTenant(
                    tenant, handle -> turns.letGo(handle, tenant, message.conversationId(), message.operationId()));
            return look(tenant, message);
        }
        Admitted admitted = stored.get();
        return new Entry.Admitted(new Admission.Open(new Turn(
                tenant,
                message.operationId(),
                message.conversationId(),
                view(message, message.conversationId(), admitted.createdAt()),
                admitted.seq(),
                admitted.agent(),
                admitted.channel(),
                message.userId(),
                message.createdBy(),
                turns.prompt(admitted.history(), Images.content(message.text(), message.attachments())),
                null,
                admitted.epoch(),
                false,
                clock.instant(),
                null)));
    }

    /** As {@link #enter}, without taking the conversation's turn for a message that is not known. */
    Entry look(TenantId tenant, NewMessage message) {
        return database.inTenant(tenant, handle -> look(handle, tenant, message));
    }

    /** What becomes of a message that could not be admitted at once. */
    private Entry look(Handle handle, TenantId tenant, NewMessage message) {
        Ownership owner = handoffs.look(handle, tenant, message.conversationId())
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        if (owner.onMessenger()) {
            return new Entry.OnMessenger();
        }
        if (turns.knows(handle, tenant, message)) {
            return turns.again(handle, tenant, message, owner.isBots())
                    .<Entry>map(Entry.Admitted::new)
                    .orElseGet(Entry.Busy::new);
        }
        return owner.isBots()
                ? new Entry.Busy()
                : new Entry.Admitted(new Admission.ForStaff(hold(handle, tenant, message)));
    }

    /** What a person answers is told to people as what comes on messengers is. */
    private Held hold(Handle handle, TenantId tenant, NewMessage message) {
        HeldBack held = repository.hold(handle, tenant, message);
        outbox.append(
                handle,
                tenant,
                MessageEvent.of(
                        MessageEvent.Kind.RECEIVED,
                        message.id(),
                        message.conversationId(),
                        message.operationId(),
                        held.channel(),
                        held.agent(),
                        held.createdAt()));
        return new Held(
                view(message, message.conversationId(), held.createdAt()).being(Held.STATUS), message.operationId());
    }

    /**
     * Stores the last message of a caller that brings its own context, in the conversation that it names, or in a new
     * one.
     */
    public Admission admitOutside(Caller caller, OutsideMessage outside) {
        TenantId tenant = caller.tenant();
        NewMessage message = new NewMessage(
                Ids.next(),
                Ids.next(),
                Operation.id(),
                PlainText.storable(outside.text()),
                null,
                outside.clientMessageId(),
                userOf(caller),
                caller.actor());
        OutsideThread thread = new OutsideThread(outside.agent(), outside.channel(), outside.threadKey());
        return database.inTenant(tenant, handle -> {
            AdmittedOutside admitted =
                    repository.admitOutside(handle, tenant, message, thread, turns.abandonedSeconds());
            if (admitted.createdAt() == null) {
                NewMessage again = new NewMessage(
                        message.id(),
                        admitted.conversationId(),
                        message.operationId(),
                        message.text(),
                        null,
                        message.clientMessageId(),
                        message.userId(),
                        message.createdBy());
                return turns.known(handle, tenant, again, outside.prompt(), outside.parameters());
            }
            return new Admission.Open(new Turn(
                    tenant,
                    message.operationId(),
                    admitted.conversationId(),
                    view(message, admitted.conversationId(), admitted.createdAt()),
                    admitted.seq(),
                    outside.agent(),
                    outside.channel(),
                    message.userId(),
                    message.createdBy(),
                    outside.prompt(),
                    outside.parameters(),
                    0,
                    false,
                    clock.instant(),
                    null));
        });
    }

    private static MessageView view(NewMessage message, UUID conversation, Instant at) {
        return MessageView.inbound(
                message.id(),
                conversation,
                message.text(),
                at,
                "running",
                message.clientMessageId(),
                message.attachments(),
                message.operationId());
    }

    private static @Nullable String userOf(Caller caller) {
        return caller.roles().contains("member") ? caller.subject() : null;
    }
}
